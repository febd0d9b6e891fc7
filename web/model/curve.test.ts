import { expect, test } from 'vitest'
import { curveOf, reachedBy } from './curve.ts'

const copy = (at: number, lostAt: number | null = null) => ({ at, hops: 0, from: null, lostAt })

test('a message reaches one node after the other, also one that ends later', () => {
  const steps = curveOf({ at: 100, copies: { 0: copy(100), 1: copy(600, 900), 2: copy(350) } })
  expect(steps).toEqual([
    { ms: 0, nodes: 1 },
    { ms: 250, nodes: 2 },
    { ms: 500, nodes: 3 },
  ])
  expect([-1, 0, 300, 9_000].map((ms) => reachedBy(steps, ms))).toEqual([0, 1, 2, 3])
})
