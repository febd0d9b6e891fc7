/**
 * Finds positions for a random network, so that no link runs behind a node that is not its own, if possible. Simulated
 * annealing: it moves nodes that obstruct a link, or are too near another, with a seeded source of chance; fewer
 * conflicts are better, and it accepts worse results less and less.
 */
import { createRandom, type Random } from '../../shared/gossip/random.ts'
import type { Link } from '../../shared/model/topology.ts'
import type { Place } from '../canvas/geometry.ts'

export interface Frame {
  readonly width: number
  readonly height: number
  /** Radius of a node, in px. */
  readonly radius: number
  /** Height of the words below a node, in px. */
  readonly words: number
  /** Minimum distance between the centres of two linked nodes, in px. */
  readonly linked: number
}

interface Field extends Frame {
  readonly places: { x: number; y: number }[]
  readonly links: readonly Link[]
  /** The links of each node. */
  readonly own: readonly (readonly Link[])[]
}

/** Minimum distance of a link from other nodes, in px. */
const CLEAR = 4
/** Minimum gap between two nodes, in px. */
const APART = 10
/** Half the width of the words below a node. */
const WORDS = 34
const TRIES_PER_NODE = 150
const MOST_TRIES = 3_200
/** Share of the moves that may go anywhere. */
const JUMPS = 0.3
const HEAT = 0.6

/** `from` are the initial positions. */
export function untangle(from: readonly Place[], links: readonly Link[], frame: Frame): Place[] {
  const own: Link[][] = from.map(() => [])
  for (const link of links) for (const id of link) own[id]?.push(link)
  const field: Field = { ...frame, places: from.map(({ x, y }) => ({ x, y })), links, own }
  const random = createRandom(from.length)
  const tries = Math.min(MOST_TRIES, from.length * TRIES_PER_NODE)
  for (let done = 0; done < tries; done += 1) {
    const id = random.below(from.length)
    const before = troubleOf(id, field)
    if (before > 0) tryMove(id, field, random, before, HEAT * (1 - done / tries))
  }
  return field.places
}

/** `Math.hypot` takes ten times as long, and a layout calls this some million times. */
const lengthOf = (dx: number, dy: number) => Math.sqrt(dx * dx + dy * dy)

function tryMove(id: number, field: Field, random: Random, before: number, heat: number) {
  const { places, width, height, radius, words } = field
  const place = places[id]
  if (!place) return
  const { x, y } = place
  const far = random.next() < JUMPS ? 1 : 0.15
  const within = (at: number, size: number, spare: number) =>
    Math.min(size - radius - spare, Math.max(radius, at + (random.next() - 0.5) * 2 * far * size))
  place.x = within(x, width, 0)
  place.y = within(y, height, words)
  const worse = troubleOf(id, field) - before
  if (worse > 0 && random.next() >= Math.exp(-worse / heat)) Object.assign(place, { x, y })
}

/** Returns the cost of all conflicts at this node's position. */
function troubleOf(id: number, { places, links, own, radius, words, linked }: Field): number {
  const here = places[id]
  if (!here) return 0
  let trouble = 0
  for (const [other, there] of places.entries()) if (other !== id) trouble += crowding(here, there, radius, words)
  for (const [a, b] of links) if (a !== id && b !== id) trouble += blocking(here, places[a], places[b], radius)
  for (const [a, b] of own[id] ?? []) {
    trouble += shortness(places[a], places[b], linked)
    for (const [other, there] of places.entries())
      if (other !== a && other !== b) trouble += blocking(there, places[a], places[b], radius)
  }
  return trouble
}

function crowding(a: Place, b: Place, radius: number, words: number): number {
  const least = 2 * radius + APART
  const [dx, dy] = [Math.abs(a.x - b.x), Math.abs(a.y - b.y)]
  const wordy = words > 0 && dx < radius + WORDS && dy < least + words ? 1 : 0
  const distance = lengthOf(dx, dy)
  return wordy + (distance < least ? 6 - (4 * distance) / least : 0)
}

/** Worse than a link behind a node: datagrams on it would be invisible. */
function shortness(a: Place | undefined, b: Place | undefined, least: number): number {
  const distance = a && b ? lengthOf(a.x - b.x, a.y - b.y) : least
  return distance < least ? 4 - (2 * distance) / least : 0
}

function blocking(node: Place, a: Place | undefined, b: Place | undefined, radius: number): number {
  const distance = distanceToLink(node, a ?? node, b ?? node)
  return distance < radius + CLEAR ? 2 - distance / (radius + CLEAR) : 0
}

/** Returns the distance from a point to the nearest point of a link between two others. */
export function distanceToLink({ x, y }: Place, a: Place, b: Place): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const along = ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy || 1)
  const nearest = Math.max(0, Math.min(along, 1))
  return lengthOf(x - a.x - nearest * dx, y - a.y - nearest * dy)
}
