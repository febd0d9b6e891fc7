/** Arranges a network without a shape, such as a random one: finds positions with no link behind a node, if possible. */
import { type Link, linksOf, type Topology } from '../../shared/model/topology.ts'
import {
  type Box,
  LABEL_HEIGHT,
  MIN_RADIUS,
  type Place,
  STEP,
  type StageLayout,
  type Stand,
} from '../canvas/geometry.ts'
import { isDense } from '../model/columns.ts'
import { ellipse } from './ellipse.ts'
import { lengthen } from './lengthen.ts'
import { closest, heightFor, largestRadius } from './round.ts'
import { type Frame, untangle } from './untangle.ts'
import { calmestSides, wordsCollide } from './words.ts'

/** The shapes of a stage, in px: a result for one is stretched, so that a resized stage keeps its arrangement. */
const SHAPES = {
  flat: { width: 800, height: 250 },
  wide: { width: 560, height: 370 },
  upright: { width: 310, height: 370 },
}
type Shape = keyof typeof SHAPES
/** Maximum radii for so many nodes and fewer, in px: larger nodes would leave links no way between them. */
const RADII: Readonly<Record<Shape, Readonly<Record<number, number>>>> = {
  flat: { 12: 24, 16: 21, 20: 18, 24: 15, 64: 12 },
  wide: { 12: 24, 16: 21, 20: 18, 24: 15, 64: 12 },
  upright: { 12: 19, 16: 15, 20: 14, 32: 12, 64: 10 },
}
const WORDS_HEIGHT = 18
/** Many nodes that must fill a screen are larger by this factor, even if a link then runs behind one. */
const LARGER = 1.15

const shapeOf = (ratio: number): Shape => (ratio >= 2.1 ? 'flat' : ratio >= 1.15 ? 'wide' : 'upright')

export interface Network {
  readonly topology: Topology
  readonly n: number
  readonly seed: number
}

/** As high as links need for their length, within the limit; null if even nodes have no room. */
export function layoutScattered(network: Network, width: number, box: Box): StageLayout | null {
  const { n } = network
  const usual = heightFor(n, box)
  const limit = box.height === undefined && Number.isFinite(box.limit) ? Math.max(usual, box.limit) : usual
  for (let height = usual; height < limit; height *= 1.08) {
    const layout = scatteredIn(network, width, box, height, STEP)
    if (layout) return layout
  }
  return scatteredIn(network, width, box, limit, STEP) ?? scatteredIn(network, width, box, limit, 0)
}

/** `step` is the minimum distance of two neighbours, in radii. */
function scatteredIn(network: Network, width: number, box: Box, height: number, step: number): StageLayout | null {
  const { left, room, scale } = box
  const { frame, links, places } = found(network, shapeOf(room / height))
  const stretch = Math.min(room / frame.width, height / frame.height)
  const wished = Math.min(largestRadius(box), Math.max(MIN_RADIUS, frame.radius * stretch))
  const below = frame.words > 0 ? LABEL_HEIGHT.count * scale : 0
  const across = (x: number) => (x - frame.radius) / (frame.width - 2 * frame.radius)
  const down = (y: number) => (y - frame.radius) / (frame.height - 2 * frame.radius - frame.words)
  const stands = places.map(({ x, y }): Stand => {
    const inner = { width: room - 2 * wished, height: height - 2 * wished - below - 2 }
    // A node that was never moved may be where words would be.
    const top = Math.min(1 + wished + down(y) * inner.height, height - wished - 1)
    return { x: left + wished + across(x) * inner.width, y: top, side: 'below' }
  })
  const isFilled = box.height !== undefined && isDense(network.n)
  const bounds = { left, right: left + room, top: 1, bottom: height - below - 1 }
  const moved = isFilled ? lengthen(stands, links, bounds, LARGER * wished) : stands
  const shortest = Math.min(...links.map(([a, b]) => closest([moved[a] ?? NOWHERE, moved[b] ?? NOWHERE])))
  const radius = Math.min(
    step === 0 ? MIN_RADIUS : isFilled ? LARGER * wished : wished,
    closest(moved) / 2 - 1,
    step === 0 ? wished : shortest / step,
  )
  if (radius < MIN_RADIUS) return null
  const sided = calmestSides(moved, links, radius, scale, { width, height })
  const wordy = frame.words > 0 && !wordsCollide(sided, radius, scale)
  return { places: sided, radius, height, detail: wordy ? 'count' : 'none', scale }
}

const NOWHERE: Place = { x: Number.NaN, y: Number.NaN }

interface Found {
  readonly frame: Frame
  readonly links: readonly Link[]
  readonly places: readonly Place[]
}

/** Cached: the search takes a moment, and every size of a stage needs the same result. */
const MOST_KEPT = 4
const kept = new Map<string, Found>()

function found(network: Network, shape: Shape): Found {
  const key = [...Object.values(network), shape].join(' ')
  const known = kept.get(key)
  if (known) return known
  const made = find(network, shape)
  const [oldest] = kept.keys()
  if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest)
  kept.set(key, made)
  return made
}

function find({ topology, n, seed }: Network, shape: Shape): Found {
  const [, radius = MIN_RADIUS] = Object.entries(RADII[shape]).find(([most]) => n <= Number(most)) ?? []
  const { width, height } = SHAPES[shape]
  const words = isDense(n) || shape === 'upright' ? 0 : WORDS_HEIGHT
  const frame: Frame = { width, height, radius, words, linked: STEP * radius * 1.06 }
  const links = linksOf(topology, n, seed)
  const middle = { x: width / 2, y: height / 2 }
  const from = ellipse(n, middle, width / 2 - radius, height / 2 - radius)
  return { frame, links, places: untangle(from, links, frame) }
}
