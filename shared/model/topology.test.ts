import fc from 'fast-check'
import { expect, test } from 'vitest'
import { geometricPoints } from './complex-links.ts'
import { gridColumns, linksOf, neighboursOf, TOPOLOGIES } from './topology.ts'

const networks = fc.record({
  topology: fc.constantFrom(...TOPOLOGIES),
  n: fc.integer({ min: 1, max: 40 }),
  seed: fc.nat(),
})

test('in every network all nodes are connected, links go both ways, and no node is its own neighbour', () => {
  fc.assert(
    fc.property(networks, ({ topology, n, seed }) => {
      const neighbours = neighboursOf(topology, n, seed)
      expect(neighbours).toHaveLength(n)
      const reached = new Set([0])
      for (const id of reached) for (const next of neighbours[id] ?? []) reached.add(next)
      expect(reached.size).toBe(n)
      neighbours.forEach((ids, id) => {
        expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b))
        expect(ids).not.toContain(id)
        for (const other of ids) expect(neighbours[other]).toContain(id)
      })
    }),
  )
})

test('the links are the neighbourhoods, each once and the lower id first', () => {
  fc.assert(
    fc.property(networks, ({ topology, n, seed }) => {
      const links = linksOf(topology, n, seed)
      const fromNeighbours = neighboursOf(topology, n, seed).flatMap((ids, a) =>
        ids.filter((b) => a < b).map((b) => `${a}-${b}`),
      )
      expect(links.map(([a, b]) => `${a}-${b}`).sort()).toEqual(fromNeighbours.sort())
    }),
  )
})

const degrees = (topology: (typeof TOPOLOGIES)[number], n: number) => neighboursOf(topology, n).map((ids) => ids.length)

test('on the line of the report the neighbours are id - 1 and id + 1', () => {
  expect(neighboursOf('line', 4)).toEqual([[1], [0, 2], [1, 3], [2]])
})

test('in a ring every node has two neighbours, in a mesh all others', () => {
  expect(degrees('ring', 7)).toEqual(Array(7).fill(2))
  expect(degrees('mesh', 7)).toEqual(Array(7).fill(6))
})

test('in a star only the centre has more than one neighbour', () => {
  expect(degrees('star', 5)).toEqual([4, 1, 1, 1, 1])
})

test('a grid has as many columns as its rows at most, and links to the right and below', () => {
  expect(gridColumns(6)).toBe(3)
  expect(neighboursOf('grid', 6)).toEqual([
    [1, 3],
    [0, 2, 4],
    [1, 5],
    [0, 4],
    [1, 3, 5],
    [2, 4],
  ])
})

test('in a random network a node has at most four neighbours, and the seed decides which', () => {
  for (const degree of degrees('random', 30)) {
    expect(degree).toBeGreaterThanOrEqual(2)
    expect(degree).toBeLessThanOrEqual(4)
  }
  expect(neighboursOf('random', 30, 5)).toEqual(neighboursOf('random', 30, 5))
  expect(neighboursOf('random', 30, 5)).not.toEqual(neighboursOf('random', 30, 6))
})

test('in a small world every node has about four neighbours, and few links shorten all ways', () => {
  const neighbours = neighboursOf('small-world', 200, 1)
  expect(neighbours.flat().length / 200).toBeCloseTo(4, 1)
  const far = linksOf('small-world', 200, 1).filter(([a, b]) => Math.min(b - a, 200 - b + a) > 2)
  expect(far.length).toBeGreaterThan(20)
  expect(far.length).toBeLessThan(60)
})

test('in a scale-free network most nodes have few neighbours, and some have very many', () => {
  const counts = degrees('scale-free', 1_000).toSorted((a, b) => b - a)
  expect(counts[0]).toBeGreaterThan(30)
  expect(counts[500]).toBeLessThanOrEqual(3)
  expect(counts.at(-1)).toBeGreaterThanOrEqual(1)
})

test('in a geometric network near nodes are linked, and the number of links suits that', () => {
  const points = geometricPoints(400, 1)
  const lengths = linksOf('geometric', 400, 1).map(([a, b]) => {
    const [one, other] = [points[a], points[b]]
    return one && other ? Math.hypot(one.x - other.x, one.y - other.y) : 1
  })
  expect(lengths.filter((length) => length > 0.1)).toHaveLength(0)
  expect(lengths.length / 400).toBeGreaterThan(2)
  expect(lengths.length / 400).toBeLessThan(4)
})
