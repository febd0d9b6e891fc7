import { expect, test } from 'vitest'
import { distancesFrom, partsOf } from './reach.ts'
import { neighboursOf } from './topology.ts'

test('a crash in the middle cuts a line in two', () => {
  const parts = partsOf(neighboursOf('line', 4), [true, false, true, true])
  expect(parts).toEqual([0, -1, 2, 2])
})

test('a ring survives one crash in one part', () => {
  expect(partsOf(neighboursOf('ring', 4), [true, false, true, true])).toEqual([0, -1, 0, 0])
})

test('the ends of a line are as far apart as it has links', () => {
  expect(distancesFrom(neighboursOf('line', 4), 0)).toEqual([0, 1, 2, 3])
  expect(distancesFrom(neighboursOf('ring', 6), 0)).toEqual([0, 1, 2, 3, 2, 1])
})

test('what has no way is infinitely far', () => {
  expect(distancesFrom([[], []], 0)).toEqual([0, Number.POSITIVE_INFINITY])
})
