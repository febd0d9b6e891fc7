import { createRandom } from '../gossip/random.ts'
import { geometricLinks, type Link, scaleFreeLinks, smallWorldLinks } from './complex-links.ts'

export const TOPOLOGIES = [
  'line',
  'ring',
  'star',
  'grid',
  'mesh',
  'random',
  'small-world',
  'scale-free',
  'geometric',
] as const
export type Topology = (typeof TOPOLOGIES)[number]

/** Follows a count of nodes, such as "4 nodes". */
export const TOPOLOGY_IN_WORDS: Readonly<Record<Topology, string>> = {
  line: 'on a line',
  ring: 'in a ring',
  star: 'in a star',
  grid: 'on a grid',
  mesh: 'in a full mesh',
  random: 'linked at random',
  'small-world': 'in a small world',
  'scale-free': 'in a scale-free network',
  geometric: 'linked to near ones',
}

/** Number of neighbours of each node in a random regular network that is large enough. */
const RANDOM_DEGREE = 4

/** Returns the ids of each node's neighbours, ascending; `result[id]`. The same arguments give the same network. */
export const neighboursOf = (topology: Topology, n: number, seed = 1): readonly (readonly number[])[] =>
  networkOf(topology, n, seed).neighbours

export type { Link }

/** Returns the links of a network, each once, the lower id first. */
export const linksOf = (topology: Topology, n: number, seed = 1): readonly Link[] => networkOf(topology, n, seed).links

interface Network {
  readonly links: readonly Link[]
  readonly neighbours: readonly (readonly number[])[]
}

/** The network of the last answer: each of a thousand nodes asks for the same one when it starts. */
let last: (Network & { readonly key: string }) | undefined

function networkOf(topology: Topology, n: number, seed: number): Network {
  const key = `${topology} ${n} ${seed}`
  if (last?.key === key) return last
  const links = makeLinks(topology, n, seed)
  const neighbours: number[][] = Array.from({ length: n }, () => [])
  for (const [a, b] of links) {
    neighbours[a]?.push(b)
    neighbours[b]?.push(a)
  }
  for (const ids of neighbours) ids.sort((a, b) => a - b)
  last = { key, links, neighbours }
  return last
}

function makeLinks(topology: Topology, n: number, seed: number): Link[] {
  const ids = Array.from({ length: n }, (_, id) => id)
  const line = ids.slice(1).map((id): Link => [id - 1, id])
  switch (topology) {
    case 'line':
      return line
    case 'ring':
      return n > 2 ? [...line, [0, n - 1]] : line
    case 'star':
      return ids.slice(1).map((id): Link => [0, id])
    case 'mesh':
      return ids.flatMap((a) => ids.slice(a + 1).map((b): Link => [a, b]))
    case 'grid':
      return gridLinks(n)
    case 'random':
      return randomLinks(n, seed)
    case 'small-world':
      return smallWorldLinks(n, seed)
    case 'scale-free':
      return scaleFreeLinks(n, seed)
    case 'geometric':
      return geometricLinks(n, seed)
  }
}

/** Returns the number of columns of the grid for n nodes. */
export const gridColumns = (n: number): number => Math.ceil(Math.sqrt(n))

function gridLinks(n: number): Link[] {
  const columns = gridColumns(n)
  const links: Link[] = []
  for (let id = 0; id < n; id += 1) {
    if ((id + 1) % columns !== 0 && id + 1 < n) links.push([id, id + 1])
    if (id + columns < n) links.push([id, id + columns])
  }
  return links
}

/**
 * Lays rings through all nodes in random order over each other: the result is connected and has almost equal degrees.
 */
function randomLinks(n: number, seed: number): Link[] {
  const random = createRandom(seed)
  const links = new Map<string, Link>()
  for (let ring = 0; ring < RANDOM_DEGREE / 2; ring += 1) {
    const order = random.pick(
      Array.from({ length: n }, (_, id) => id),
      n,
    )
    order.forEach((id, place) => {
      const next = order[(place + 1) % n] ?? id
      if (next !== id)
        links.set(`${Math.min(id, next)}-${Math.max(id, next)}`, [Math.min(id, next), Math.max(id, next)])
    })
  }
  return [...links.values()].sort((x, y) => x[0] - y[0] || x[1] - y[1])
}
