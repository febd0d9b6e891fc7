import { expect, test } from 'vitest'
import { createClock } from './clock.ts'

test('the lab time runs on between messages', () => {
  const clock = createClock()
  clock.sample(1_000, 50)
  expect(clock.at(50)).toBe(1_000)
  expect(clock.at(80)).toBe(1_030)
})

test('a delayed message does not set the clock back', () => {
  const clock = createClock()
  clock.sample(1_000, 0)
  clock.sample(1_100, 300)
  expect(clock.at(300)).toBeGreaterThan(1_299)
})

test('a message that came faster than all before sets the clock forward', () => {
  const clock = createClock()
  clock.sample(1_000, 0)
  clock.sample(1_150, 100)
  expect(clock.at(100)).toBe(1_150)
})

test('an estimate that is too high gives way slowly', () => {
  const clock = createClock()
  clock.sample(1_100, 0)
  for (let local = 1_000; local <= 200_000; local += 1_000) clock.sample(1_000 + local, local)
  expect(clock.at(200_000)).toBeCloseTo(201_000, -1)
})

test('time never runs backwards', () => {
  const clock = createClock()
  clock.sample(1_000, 0)
  const before = clock.at(5_000)
  clock.sample(5_990, 5_000)
  expect(clock.at(5_001)).toBeGreaterThanOrEqual(before)
})

test('the time of a stopped lab stops, and continues with the lab', () => {
  const clock = createClock()
  clock.sample(1_000, 0)
  clock.sample(1_500, 500, 0)
  expect(clock.at(9_000)).toBe(1_500)
  clock.sample(1_500, 9_000, 1)
  expect(clock.at(9_200)).toBe(1_700)
})

test('the time of a lab that runs faster than real time runs as fast', () => {
  const clock = createClock()
  clock.sample(1_000, 0, 10)
  expect(clock.at(100)).toBe(2_000)
  expect(clock.rate).toBe(10)
})
