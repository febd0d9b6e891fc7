import fc from 'fast-check'
import { expect, test } from 'vitest'
import { timeAxis } from './time-axis.ts'

const anyTime = fc.double({ min: 0, max: 1e9, noNaN: true })

test('a later instant is lower, whatever the time between them', () => {
  fc.assert(
    fc.property(fc.array(anyTime, { minLength: 1 }), (times) => {
      const { instants, y, height } = timeAxis(times, 30)
      const heights = instants.map(y)
      expect(heights[0]).toBe(30)
      expect(heights.at(-1)).toBeCloseTo(height)
      for (const [i, at] of heights.slice(1).entries()) expect(at - (heights[i] ?? 0)).toBeGreaterThan(4.9)
    }),
  )
})

test('a second takes not much more room than a ms, and an instant between two is between them', () => {
  const { y } = timeAxis([0, 1, 1_001], 0)
  expect(y(1_001) - y(1)).toBeLessThan(3 * y(1))
  expect(y(501)).toBeCloseTo((y(1) + y(1_001)) / 2)
  expect([y(-5), y(5_000)]).toEqual([0, y(1_001)])
})
