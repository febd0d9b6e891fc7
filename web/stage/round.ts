/** Nodes in a round: rings, stars, and what is linked every which way. */
import { area, type Columns, isDense } from './columns.ts'
import { ellipse, type OnEllipse } from './ellipse.ts'
import {
  type Bounds,
  clamp,
  LABEL_HEIGHT,
  MIN_RADIUS,
  type Place,
  type Side,
  type StageLayout,
  type Stand,
} from './stand.ts'
import { wordsCollide } from './words.ts'

/** Room for the words beside a node at the left and right of an ellipse, in px. */
const LABEL_WIDTH = 62
/** Flatter than this no round is, in px. */
const LEAST_ROUND = 150
/** How many times as wide as high a round is at most, where it can be as high as it likes; and then, from rim to rim, in px. */
const FLATTEST = 3.6
const APART = 64
/** On an ellipse, equally far apart along it; the hub of a star in its middle. As high as it must be to be read. */
export function layoutRound(columns: Columns, hub: boolean, bounds: Bounds): StageLayout {
  const { height: given } = bounds
  const n = columns.x.length
  let height = heightFor(columns, bounds)
  for (;;) {
    for (const zigzag of given === undefined && isDense(n) ? [false, true] : [false]) {
      const layout = roundIn(columns, hub, bounds, height, zigzag)
      if (layout.radius >= MIN_RADIUS || given !== undefined) return layout
    }
    height *= 1.08
  }
}

/** As it is given, or as it usually is where there is room. */
export function heightFor({ x }: Columns, { scale, height, most }: Bounds): number {
  const usual = Math.min(460, 236 + x.length * 5) * scale
  return height ?? Math.max(LEAST_ROUND * scale, Math.min(usual, most))
}

/** Radius of a node that has all the room it could want. */
export const largestRadius = ({ scale, height }: Bounds): number => (height === undefined ? 33 * scale : 64)

/** With the nodes' words if there is room for them. */
function roundIn(columns: Columns, hub: boolean, bounds: Bounds, height: number, zigzag: boolean): StageLayout {
  const around = columns.x.length - (hub ? 1 : 0)
  const { room } = area(columns)
  if (room / around >= 30 && room > 400) {
    const layout = roundWith('count', columns, hub, bounds, height, { zigzag })
    if (!wordsCollide(layout.places, layout.radius, layout.scale)) return layout
  }
  return roundWith('none', columns, hub, bounds, height, { zigzag })
}

interface Shape {
  /** Each other one on an ellipse inside the other. */
  readonly zigzag?: boolean
  /** How they stand on the ellipse: as in `ellipse`. */
  readonly flattened?: number
  /** Radius that a node may have, in px. */
  readonly largest?: number
}

export function roundWith(
  detail: 'count' | 'none',
  columns: Columns,
  hub: boolean,
  bounds: Bounds,
  height: number,
  { zigzag = false, flattened, largest = largestRadius(bounds) }: Shape,
): StageLayout {
  const { scale } = bounds
  const n = columns.x.length
  const around = hub ? n - 1 : n
  const { left, room } = area(columns)
  const spare = LABEL_HEIGHT[detail] * scale
  const beside = detail === 'none' ? 8 : LABEL_WIDTH * scale
  const girth = 2 * (room * 0.8 + height)
  const share = isDense(n) ? 0.32 : 0.24
  const wished = clamp(Math.min((girth / around) * share, height * (hub ? 0.1 : 0.13)), MIN_RADIUS, largest)
  const ry = Math.max(20, height / 2 - wished - spare - 6)
  // On a low stage as wide as its nodes need to stand apart.
  const apart = (around * (2 * wished + APART * scale)) / 4
  const widest = isDense(n) ? Number.POSITIVE_INFINITY : Math.max(ry * FLATTEST, apart)
  const rx = Math.max(40, Math.min(room / 2 - wished - beside, widest))
  const middle: Stand = { x: left + room / 2, y: height / 2, side: 'corner' }
  const points = zigzag
    ? zigzagOf(around, middle, rx, ry, 2 * wished + 10)
    : roomiest(around, middle, rx, ry, flattened)
  const ring = points.map(({ x, y, cos, sin }) => ({ x, y, side: sideOf(cos, sin) }))
  const places = hub ? [middle, ...ring] : ring
  return { places, radius: Math.min(wished, closest(places) / 2 - 1), height, detail, scale }
}

/** The first one at the top, or the first two beside it, where that leaves more room at the ends of a flat round. */
function roomiest(count: number, middle: Place, rx: number, ry: number, flattened = 0): OnEllipse[] {
  const turnedBy = (ahead: number) => ellipse(count, middle, rx, ry, { ahead, flattened })
  const [usual, turned] = [turnedBy(0), turnedBy(-0.5)]
  return closest(turned) > 1.05 * closest(usual) ? turned : usual
}

/** How far the two nearest are from each other. */
export function closest(places: readonly Place[]): number {
  let least = Number.POSITIVE_INFINITY
  for (const [index, { x, y }] of places.entries())
    for (const other of places.slice(index + 1)) least = Math.min(least, Math.hypot(x - other.x, y - other.y))
  return least
}

/** Each other one on an ellipse inside the other. */
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
