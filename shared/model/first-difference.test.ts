import { expect, test } from 'vitest'
import type { EventOf, LabEvent } from './event.ts'
import { chanceIn, firstDifference } from './first-difference.ts'

const sent = (n: number, at: number, to: number, more: Partial<EventOf<'sent'>> = {}): LabEvent => ({
  n,
  at,
  type: 'sent',
  node: 0,
  to,
  why: 'new',
  content: { kind: 'rumor', origin: 40_000, seq: 0 },
  bytes: 30,
  delayMs: 10,
  ...more,
})

test('two runs part where one has an event that the other lacks at that time', () => {
  const one = [sent(1, 10, 40_001), sent(2, 20, 40_002)]
  expect(firstDifference(one, one)).toBeUndefined()
  expect(firstDifference(one, [sent(1, 12, 40_001), sent(2, 18, 40_002)])).toBeUndefined()
  expect(firstDifference(one, [sent(1, 10, 40_001), sent(2, 20, 40_003), sent(3, 30, 40_003)])).toEqual({
    one: sent(2, 20, 40_002),
    other: sent(2, 20, 40_003),
  })
  expect(firstDifference(one, [sent(1, 10, 40_001)])).toEqual({ one: sent(2, 20, 40_002), other: null })
  expect(firstDifference([sent(1, 10, 40_001)], one)).toEqual({ one: null, other: sent(2, 20, 40_002) })
})

test('a difference that comes from chance has a name', () => {
  const first = (one: LabEvent) => chanceIn({ one, other: null })
  expect(first(sent(1, 10, 40_001))).toBe('the choice of a neighbour')
  expect(first(sent(1, 10, 40_001, { fate: 'loss' }))).toBe('the loss of a link')
  expect(first(sent(1, 10, 40_001, { why: 'anti-entropy' }))).toBe('a timer')
  expect(first({ n: 1, at: 1, type: 'coin', node: 0, origin: 40_000, seq: 0, heads: true, goesOnTo: null })).toBe(
    'the coin',
  )
  expect(first({ n: 1, at: 1, type: 'timers', held: true })).toBeNull()
})
