import { expect, test } from 'vitest'
import { linksOf, TOPOLOGIES, type Topology } from '../../shared/model/topology.ts'
import type { Place } from '../canvas/geometry.ts'
import { columnsFor } from '../model/columns.ts'
import { layoutStage } from './layout.ts'
import { distanceToLink } from './untangle.ts'

const layout = (topology: Topology, n: number, width = 950, height?: number) =>
  layoutStage({ topology, columns: columnsFor(width, n), height })

test('a line of four is in the columns of the views below', () => {
  const columns = columnsFor(950, 4)
  expect(layout('line', 4).places.map(({ x }) => x)).toEqual(columns.x)
})

test('a long line wraps rather than shrinks, and neighbours stay neighbours', () => {
  const { places, radius } = layout('line', 64)
  expect(radius).toBeGreaterThanOrEqual(18)
  expect(new Set(places.map(({ y }) => y)).size).toBeGreaterThan(3)
  const steps = places.slice(1).map(({ x, y }, id) => Math.hypot(x - (places[id]?.x ?? 0), y - (places[id]?.y ?? 0)))
  expect(Math.max(...steps)).toBeLessThan(6 * radius)
})

test.each(TOPOLOGIES.flatMap((topology) => [1, 2, 4, 6, 9, 16, 17, 33, 64].map((n) => [topology, n] as const)))(
  'a %s of %i lies within the stage, and no two nodes overlap',
  (topology, n) => {
    const sights = [336, 950, 1_500].flatMap((width) => [undefined, 300, 0].map((most) => ({ width, most })))
    for (const { width, most } of sights) {
      const { places, radius, height } = layoutStage({ topology, columns: columnsFor(width, n), most })
      expect(places).toHaveLength(n)
      const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)]
      expect(Math.min(...xs, ...ys) - radius).toBeGreaterThanOrEqual(0)
      expect(Math.max(...xs) + radius).toBeLessThanOrEqual(width)
      expect(Math.max(...ys) + radius).toBeLessThanOrEqual(height)
      expect(closest(places)).toBeGreaterThanOrEqual(2 * radius)
    }
  },
)

test('a stage that fills the screen is larger', () => {
  expect(layout('line', 4, 1_280, 700).radius).toBeGreaterThan(layout('line', 4, 1_280).radius)
  expect(layout('ring', 8, 1_280, 700).radius).toBeGreaterThan(layout('ring', 8, 1_280).radius)
})

const SIGHTS = [
  [930, 290],
  [1_500, 480],
  [336, 370],
] as const

/** Returns the smallest distance of a link from the centre of a node that is not its own, in radii. */
function nearestPass(topology: 'mesh' | 'random', n: number, [width, most]: readonly [number, number], seed = 1) {
  const { places, radius } = layoutStage({ topology, seed, columns: columnsFor(width, n), most })
  const passes = linksOf(topology, n, seed).flatMap(([a, b]) =>
    places
      .filter((_, id) => id !== a && id !== b)
      .map((other) => distanceToLink(other, places[a] ?? NOWHERE, places[b] ?? NOWHERE)),
  )
  return Math.min(...passes) / radius
}

test.each(
  (['mesh', 'random'] as const).flatMap((topology) => [4, 5, 6, 7, 8, 9, 10].map((n) => [topology, n] as const)),
)('in a %s of %i no link runs behind a node that is not its own', (topology, n) => {
  for (const sight of SIGHTS) expect(nearestPass(topology, n, sight), `${sight}`).toBeGreaterThan(1)
})

test.each([11, 12, 13, 14, 15, 16, 17])(
  'in a mesh of %i no link runs through the middle of a node that is not its own',
  (n) => {
    for (const sight of SIGHTS) expect(nearestPass('mesh', n, sight), `${sight}`).toBeGreaterThan(0.35)
  },
)

test.each([12, 16, 20, 24].flatMap((n) => [1, 2, 3].map((seed) => [n, seed] as const)))(
  'linked at random, the positions of %i nodes keep every link off other nodes’ centres, by seed %i',
  (n, seed) => {
    for (const sight of SIGHTS.slice(0, 2))
      expect(nearestPass('random', n, sight, seed), `${sight}`).toBeGreaterThan(0.35)
  },
)

test('a random network keeps its arrangement when its stage is resized', () => {
  const order = (most: number) => {
    const { places } = layoutStage({ topology: 'random', columns: columnsFor(930, 12), most })
    return places
      .map((place, id) => ({ ...place, id }))
      .sort((a, b) => a.x - b.x)
      .map(({ id }) => id)
  }
  expect(order(250)).toEqual(order(300))
})

const NOWHERE: Place = { x: Number.NaN, y: Number.NaN }

test('where a line turns, the words of a node are beside the downward link', () => {
  const { places } = layoutStage({ topology: 'line', columns: columnsFor(930, 16), most: 240 })
  expect(places[7]?.side).toBe('below left')
  expect(places.filter(({ side }) => side !== 'below')).toHaveLength(1)
})

function closest(places: readonly { x: number; y: number }[]) {
  let least = Number.POSITIVE_INFINITY
  places.forEach((a, index) => {
    for (const b of places.slice(index + 1)) least = Math.min(least, Math.hypot(a.x - b.x, a.y - b.y))
  })
  return least
}

test('a ring on a low stage, as above an open console, uses the whole width', () => {
  for (const most of [150, 175]) {
    const { places, radius } = layoutStage({ topology: 'ring', columns: columnsFor(930, 8), most })
    const xs = places.map(({ x }) => x)
    expect(Math.max(...xs) - Math.min(...xs)).toBeGreaterThan(400)
    expect(radius).toBeGreaterThan(17)
  }
})

test.each(TOPOLOGIES.flatMap((topology) => [3, 5, 8, 16].map((n) => [topology, n] as const)))(
  'on a low stage, as above an open console, no node of a %s of %i overlaps another',
  (topology, n) => {
    for (const most of [80, 120, 180]) {
      const { places, radius } = layoutStage({ topology, columns: columnsFor(930, n), most })
      expect(closest(places)).toBeGreaterThanOrEqual(2 * radius)
    }
  },
)
