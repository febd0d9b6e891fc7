import { expect, test } from 'vitest'
import { createLag, LEAST_LAG_MS, MOST_LAG_MS } from './lag.ts'

test('is small while everything comes in time', () => {
  const lag = createLag()
  lag.came(-20, 1_000)
  expect(lag.at(1_000)).toBe(LEAST_LAG_MS)
})

test('grows by the delay of late events, and shrinks again', () => {
  const lag = createLag()
  lag.came(100, 1_000)
  expect(lag.at(1_000)).toBe(LEAST_LAG_MS + 100)
  expect(lag.at(2_000)).toBeCloseTo(LEAST_LAG_MS + 80)
  expect(lag.at(60_000)).toBe(LEAST_LAG_MS)
})

test('has a bound', () => {
  const lag = createLag()
  for (let at = 0; at < 100; at += 1) lag.came(1_000, at)
  expect(lag.at(99)).toBe(MOST_LAG_MS)
})
