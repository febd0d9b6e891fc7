import { expect, test } from 'vitest'
import type { Pair } from '../gossip/wire.ts'
import type { NodeReport } from './event.ts'
import { SharedPairs } from './shared-pairs.ts'

/** A status as it comes in a batch of a node: it shares nothing yet. */
function told(shared: SharedPairs, node: number, pairs: readonly Pair[]): readonly Pair[] {
  const content = { kind: 'status' as const, pairs: pairs.map(([origin, low]): Pair => [origin, low]) }
  const report: NodeReport = {
    type: 'sent',
    at: 0,
    to: 40_001,
    why: 'anti-entropy',
    bytes: 9,
    delayMs: 0,
    hash: 1,
    content,
  }
  shared.share(node, report)
  return content.pairs
}

const PAIRS: readonly Pair[] = [
  [40_000, 3],
  [40_001, 7],
]

test('a status that repeats the previous one is the same list', () => {
  const shared = new SharedPairs()
  const first = told(shared, 0, PAIRS)
  expect(told(shared, 0, PAIRS)).toBe(first)
  expect(told(shared, 0, PAIRS)).toEqual(PAIRS)
})

test('a status with one new pair shares the others, also with those of another node', () => {
  const shared = new SharedPairs()
  const before = told(shared, 0, PAIRS)
  const after = told(shared, 1, [
    [40_000, 4],
    [40_001, 7],
  ])
  expect(after).toEqual([
    [40_000, 4],
    [40_001, 7],
  ])
  expect(after[1]).toBe(before[1])
  expect(told(shared, 0, PAIRS)).toBe(before)
})

test('past its bound the cache restarts, and statuses keep their content', () => {
  const shared = new SharedPairs()
  for (let round = 0; round < 300; round += 1) {
    const many = Array.from({ length: 1_000 }, (_, place): Pair => [40_000 + place, round])
    expect(told(shared, 0, many)).toEqual(many)
  }
})
