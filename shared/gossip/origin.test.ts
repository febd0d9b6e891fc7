import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_GENERATION } from './limits.ts'
import { formatOrigin, generationOf, messageKey, originOf, portOf } from './origin.ts'

const ports = fc.integer({ min: 1, max: 65_535 })
const generations = fc.nat({ max: MAX_GENERATION })

test('in generation 0 an origin is the plain port of the report', () => {
  expect(originOf(40_000, 0)).toBe(40_000)
  expect(formatOrigin(40_000)).toBe('40000')
})

test('port and generation come back out of an origin, and it fits a signed 32-bit integer', () => {
  fc.assert(
    fc.property(ports, generations, (port, generation) => {
      const origin = originOf(port, generation)
      expect([portOf(origin), generationOf(origin)]).toEqual([port, generation])
      expect(origin | 0).toBe(origin)
    }),
  )
})

test('people are shown port and generation, and a message has one name everywhere', () => {
  expect(messageKey(originOf(40_000, 0), 2)).toBe('40000.2')
  expect(messageKey(originOf(40_000, 3), 2)).toBe('40000+3.2')
})
