/** Arranges nodes on ellipses: rings, stars, and networks with any links. */

import {
  type Box,
  LABEL_HEIGHT,
  MIN_RADIUS,
  type Place,
  type Side,
  STEP,
  type StageLayout,
  type Stand,
} from '../canvas/geometry.ts'
import { isDense } from '../model/columns.ts'
import { ellipse, type OnEllipse } from './ellipse.ts'
import { wordsCollide } from './words.ts'

/** Room for the words beside a node at the left and right of an ellipse, in px. */
const LABEL_WIDTH = 62
/** Minimum height of an ellipse, in px. */
const LEAST_ROUND = 150
/** Maximum ratio of width to height if the height is free; and then, from rim to rim, in px. */
const FLATTEST = 3.6
const APART = 64
/** Gap between two rims without a link, in px. */
const GAP = 4
/** Step in the search of a radius, in px. */
const FINENESS = 0.5
/** Words are left out if they would cost more than this share of the radius, or there is no such width, in px. */
const COST_OF_WORDS = 0.65
const ROOM_FOR_WORDS = 400

/** A ring, a hub with its leaves, or nodes of which any two may be linked. */
export type Kind = 'ring' | 'star' | 'crowd'

/** On an ellipse, equally far apart along it; the hub of a star in its centre. As high as it must be to be legible. */
export function layoutRound(n: number, box: Box, kind: Kind): StageLayout {
  const { height: given, most, limit } = box
  let height = heightFor(n, box)
  for (;;) {
    const layout = largestRound(n, box, kind, height)
    if (layout) return layout
    // If links cannot have their length, nodes still do not overlap.
    if (given !== undefined || height >= Math.max(most, limit)) return layoutTight(n, box, kind, height)
    height = Math.min(height * 1.08, Math.max(limit, height))
  }
}

/** The given radius, or the usual one if there is room. */
export function heightFor(n: number, { scale, height, most }: Box): number {
  const usual = Math.min(460, 236 + n * 5) * scale
  return height ?? Math.max(LEAST_ROUND * scale, Math.min(usual, most))
}

/** Radius of a node with unlimited room. */
export const largestRadius = ({ scale, height }: Box): number => (height === undefined ? 33 * scale : 64)

/** With the nodes' words if there is room for them. Null if no legible node leaves links their length. */
export function largestRound(n: number, box: Box, kind: Kind, height: number): StageLayout | null {
  const plain = largestWith('none', n, box, kind, height)
  const wordy = box.room > ROOM_FOR_WORDS && !isDense(n) ? largestWith('count', n, box, kind, height) : null
  return wordy && wordy.radius >= COST_OF_WORDS * (plain?.radius ?? 0) ? wordy : plain
}

function largestWith(detail: 'count' | 'none', n: number, box: Box, kind: Kind, height: number): StageLayout | null {
  // No ellipse in this room has a longer circumference.
  const girth = Math.PI * Math.hypot(box.room, height) * Math.SQRT1_2
  const share = girth / (n * (kind === 'star' ? 1 : STEP))
  const from = Math.min(largestRadius(box), height * 0.14, share)
  for (let radius = from; radius >= MIN_RADIUS; radius -= FINENESS)
    for (const zigzag of kind === 'star' && isDense(n) ? [false, true] : [false]) {
      const layout = roundWith(detail, n, kind === 'star', box, height, { zigzag, radius })
      const isFree = clears(layout, kind)
      if (isFree && (detail === 'none' || !wordsCollide(layout.places, layout.radius, layout.scale))) return layout
    }
  return null
}

function clears({ places, radius }: StageLayout, kind: Kind): boolean {
  const [hub, ...leaves] = places
  if (kind !== 'star' || !hub) return closest(places) >= STEP * radius
  return leaves.every((leaf) => closest([hub, leaf]) >= STEP * radius) && closest(leaves) >= 2 * radius + GAP
}

function layoutTight(n: number, box: Box, kind: Kind, least: number): StageLayout {
  let height = least
  for (;;) {
    for (const zigzag of kind === 'ring' ? [false] : [false, true]) {
      const layout = roundWith('none', n, kind === 'star', box, height, { zigzag, radius: MIN_RADIUS })
      if (closest(layout.places) >= 2 * MIN_RADIUS + 1) return layout
      if (box.height !== undefined && zigzag === (kind !== 'ring'))
        return { ...layout, radius: Math.min(MIN_RADIUS, closest(layout.places) / 2 - 1) }
    }
    height *= 1.08
  }
}

interface Shape {
  /** Every other one on an ellipse inside the other. */
  readonly zigzag?: boolean
  /** Arrangement on the ellipse: as in `ellipse`. */
  readonly flattened?: number
  /** Radius of a node, in px. */
  readonly radius: number
}

export function roundWith(
  detail: 'count' | 'none',
  n: number,
  hub: boolean,
  { left, room, scale }: Box,
  height: number,
  { zigzag = false, flattened, radius }: Shape,
): StageLayout {
  const around = hub ? n - 1 : n
  const spare = LABEL_HEIGHT[detail] * scale
  const beside = detail === 'none' ? 8 : LABEL_WIDTH * scale
  const ry = Math.max(20, height / 2 - radius - spare - 6)
  // On a low stage as wide as its nodes need to keep apart.
  const apart = (around * (2 * radius + APART * scale)) / 4
  const widest = isDense(n) ? Number.POSITIVE_INFINITY : Math.max(ry * FLATTEST, apart)
  const rx = Math.max(40, Math.min(room / 2 - radius - beside, widest))
  const middle: Stand = { x: left + room / 2, y: height / 2, side: 'corner' }
  const points = zigzag
    ? zigzagOf(around, middle, rx, ry, 2 * radius + 10)
    : roomiest(around, middle, rx, ry, hub, flattened)
  const ring = points.map(({ x, y, cos, sin }) => ({ x, y, side: sideOf(cos, sin) }))
  return { places: hub ? [middle, ...ring] : ring, radius, height, detail, scale }
}

/**
 * The first one at the top, or the first two beside it, if that leaves more room at the ends of a flat ellipse; in a
 * star, between the hub and its nearest leaf.
 */
function roomiest(count: number, middle: Place, rx: number, ry: number, hub: boolean, flattened = 0): OnEllipse[] {
  const turnedBy = (ahead: number) => ellipse(count, middle, rx, ry, { ahead, flattened })
  const [usual, turned] = [turnedBy(0), turnedBy(-0.5)]
  const least = (places: readonly Place[]) =>
    hub ? Math.min(...places.map((place) => closest([middle, place]))) : closest(places)
  return least(turned) > 1.05 * least(usual) ? turned : usual
}

/** Returns the distance of the two nearest ones. */
export function closest(places: readonly Place[]): number {
  let least = Number.POSITIVE_INFINITY
  for (const [index, { x, y }] of places.entries())
    for (let next = index + 1; next < places.length; next += 1) {
      const [dx, dy] = [x - (places[next]?.x ?? x), y - (places[next]?.y ?? y)]
      // Squares: only the minimum needs a root.
      least = Math.min(least, dx * dx + dy * dy)
    }
  return Math.sqrt(least)
}

/** Every other one on an ellipse inside the other. */
function zigzagOf(count: number, middle: Place, rx: number, ry: number, apart: number) {
  const outer = ellipse(Math.ceil(count / 2), middle, rx, ry)
  const inner = ellipse(Math.floor(count / 2), middle, rx - apart, Math.max(1, ry - apart), { ahead: 0.5 })
  return outer.flatMap((point, place) => [point, ...inner.slice(place, place + 1)])
}

/** Outwards, where no link goes. */
function sideOf(cos: number, sin: number): Side {
  if (Math.abs(cos) > 0.93) return cos < 0 ? 'left' : 'right'
  return sin < 0 ? 'above' : 'below'
}
