/** Links of networks as they are found in nature and on the internet. The same arguments give the same links. */
import { createRandom } from '../gossip/random.ts'

export type Link = readonly [a: number, b: number]

/** Share of the links to the next node but one that lead to a random node instead: a tenth of all links. */
const REWIRED = 0.2
/** Number of links that a node of a scale-free network brings along. */
const BROUGHT = 2
/** Mean number of neighbours of a node in a geometric network, before its parts are joined. */
const NEAR = 6

/**
 * Small world (Watts and Strogatz, 1998): a ring in which each node is linked to two nodes on each side, and some links
 * lead anywhere instead. Only links to the next node but one are rewired, so that the network stays connected.
 */
export function smallWorldLinks(n: number, seed: number): Link[] {
  const random = createRandom(seed)
  const links = new Links()
  for (let id = 0; id < n; id += 1) links.add(id, (id + 1) % n)
  for (let id = 0; id < n; id += 1) {
    const far = random.next() < REWIRED ? random.below(n) : (id + 2) % n
    // A link that is there already is not made twice.
    if (!links.add(id, far)) links.add(id, (id + 2) % n)
  }
  return links.all()
}

/**
 * Scale-free (Barabási and Albert, 1999): each node comes later than the ones before it and is linked to two of them,
 * the likelier the more links they have. So a few nodes have very many links.
 */
export function scaleFreeLinks(n: number, seed: number): Link[] {
  const random = createRandom(seed)
  const links = new Links()
  /** Each node as often as it has links. */
  const ends: number[] = [0]
  for (let id = 1; id < n; id += 1) {
    const chosen = new Set<number>()
    while (chosen.size < Math.min(BROUGHT, id)) chosen.add(ends[random.below(ends.length)] ?? 0)
    for (const other of chosen) {
      links.add(other, id)
      ends.push(other, id)
    }
  }
  return links.all()
}

export interface Point {
  /** From 0 to 1. */
  readonly x: number
  readonly y: number
}

/** Number of tries for the place of a node: the one that is farthest from all others is taken. */
const TRIES = 4

/** Returns the places of the nodes of a geometric network, sorted by x, so that near nodes have near numbers. */
export function geometricPoints(n: number, seed: number): Point[] {
  const random = createRandom(seed)
  const cells = new Cells(n)
  for (let id = 0; id < n; id += 1) {
    const tries = Array.from({ length: TRIES }, () => ({ x: random.next(), y: random.next() }))
    cells.add(tries.reduce((best, one) => (cells.room(one) > cells.room(best) ? one : best)))
  }
  return cells.points.toSorted((a, b) => a.x - b.x)
}

/** Geometric: nodes in a square that are linked if they are near, as radios are; parts are joined where they are nearest. */
export function geometricLinks(n: number, seed: number): Link[] {
  const points = geometricPoints(n, seed)
  const reach = Math.sqrt(NEAR / (Math.PI * n))
  const links = new Links()
  for (let a = 0; a < n; a += 1)
    // Sorted by x: the others are too far.
    for (let b = a + 1; b < n && (points[b]?.x ?? 0) - (points[a]?.x ?? 0) <= reach; b += 1)
      if (apart(points, a, b) <= reach) links.add(a, b)
  join(points, links)
  return links.all()
}

/** Links the part of node 0 to the nearest node outside it, until nothing is outside. */
function join(points: readonly Point[], links: Links) {
  const parts = new Parts(points.length)
  for (const [a, b] of links.all()) parts.unite(a, b)
  for (;;) {
    const inside = points.flatMap((_, id) => (parts.of(id) === parts.of(0) ? [id] : []))
    if (inside.length === points.length) return
    const outside = points.flatMap((_, id) => (parts.of(id) === parts.of(0) ? [] : [id]))
    let best: Link | undefined
    let least = Number.POSITIVE_INFINITY
    for (const a of inside)
      for (const b of outside) {
        const distance = apart(points, a, b)
        if (distance < least) [least, best] = [distance, [a, b]]
      }
    if (!best) return
    links.add(...best)
    parts.unite(...best)
  }
}

function apart(points: readonly Point[], a: number, b: number): number {
  const [one, other] = [points[a], points[b]]
  return one && other ? Math.hypot(one.x - other.x, one.y - other.y) : Number.POSITIVE_INFINITY
}

/** Links, each once. */
class Links {
  readonly #links = new Map<string, Link>()

  /** Returns whether it is a new one. */
  add(a: number, b: number): boolean {
    const link: Link = a < b ? [a, b] : [b, a]
    if (a === b || this.#links.has(link.join())) return false
    this.#links.set(link.join(), link)
    return true
  }

  /** Returns them in order. */
  all(): Link[] {
    return [...this.#links.values()].sort((x, y) => x[0] - y[0] || x[1] - y[1])
  }
}

/** Parts of a network that are connected. */
class Parts {
  readonly #above: number[]

  constructor(n: number) {
    this.#above = Array.from({ length: n }, (_, id) => id)
  }

  of(id: number): number {
    let top = id
    while (this.#above[top] !== top) top = this.#above[top] ?? 0
    this.#above[id] = top
    return top
  }

  unite(a: number, b: number) {
    this.#above[this.of(a)] = this.of(b)
  }
}

/** Points in squares, to find near ones. */
class Cells {
  readonly points: Point[] = []
  readonly #across: number
  readonly #cells = new Map<number, Point[]>()

  constructor(n: number) {
    this.#across = Math.ceil(Math.sqrt(n))
  }

  add(point: Point) {
    this.points.push(point)
    const cell = this.#cellOf(point)
    this.#cells.set(cell, [...(this.#cells.get(cell) ?? []), point])
  }

  /** Returns the distance from the nearest point, if it is in a neighbouring square; 1 if there is none. */
  room({ x, y }: Point): number {
    let least = 1
    for (const right of [-1, 0, 1])
      for (const down of [-1, 0, 1])
        for (const other of this.#cells.get(
          this.#cellOf({ x: x + right / this.#across, y: y + down / this.#across }),
        ) ?? [])
          least = Math.min(least, Math.hypot(other.x - x, other.y - y))
    return least
  }

  #cellOf({ x, y }: Point): number {
    return Math.floor(x * this.#across) + 10_000 * Math.floor(y * this.#across)
  }
}
