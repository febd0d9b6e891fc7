import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from './random.ts'

test('the same seed gives the same numbers, another seed others', () => {
  const numbers = (seed: number) => Array.from({ length: 20 }, createRandom(seed).next)
  expect(numbers(7)).toEqual(numbers(7))
  expect(numbers(7)).not.toEqual(numbers(8))
})

test('numbers are in [0, 1), integers in [0, bound)', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 1_000 }), (seed, bound) => {
      const random = createRandom(seed)
      const number = random.next()
      expect(number >= 0 && number < 1).toBe(true)
      const integer = random.below(bound)
      expect(Number.isInteger(integer) && integer >= 0 && integer < bound).toBe(true)
    }),
  )
})

test('picks different items, as many as there are at most, and leaves the list alone', () => {
  fc.assert(
    fc.property(fc.integer(), fc.uniqueArray(fc.nat()), fc.nat({ max: 12 }), (seed, items, count) => {
      const before = [...items]
      const picked = createRandom(seed).pick(items, count)
      expect(picked).toHaveLength(Math.min(count, items.length))
      expect(new Set(picked).size).toBe(picked.length)
      for (const item of picked) expect(items).toContain(item)
      expect(items).toEqual(before)
    }),
  )
})

test('is fair: each of three items comes first about as often as the others', () => {
  const random = createRandom(1)
  const counts = [0, 0, 0]
  for (let round = 0; round < 3_000; round += 1) {
    const [first = 0] = random.pick([0, 1, 2], 1)
    counts[first] = (counts[first] ?? 0) + 1
  }
  for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(100)
})
