import { expect, test } from 'vitest'
import { TOPOLOGIES } from '../../shared/model/topology.ts'
import { columnsFor } from '../model/columns.ts'
import { nodeAt } from './large-scene.ts'
import { layoutStage } from './layout.ts'

const CASES = TOPOLOGIES.flatMap((topology) => [65, 300, 1_000].map((n) => [topology, n] as const))

test.each(CASES)('a %s of %d nodes is inside its stage, and each node can be found', (topology, n) => {
  const layout = layoutStage({ columns: columnsFor(900, n), topology, height: 300 })
  const { places, radius, height } = layout
  expect(places).toHaveLength(n)
  expect(radius).toBeGreaterThanOrEqual(1.5)
  for (const { x, y } of places) {
    expect(x - radius).toBeGreaterThanOrEqual(0)
    expect(x + radius).toBeLessThanOrEqual(900)
    expect(y - radius).toBeGreaterThanOrEqual(0)
    expect(y + radius).toBeLessThanOrEqual(height)
  }
  const found = places.filter(({ x, y }, id) => nodeAt(layout, x, y) === id)
  expect(found.length / n).toBeGreaterThan(0.98)
})
