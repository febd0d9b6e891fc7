/** A network that is linked at random: its nodes stand wherever no link runs behind them, as far as that can be had. */
import { type Link, linksOf } from '../../shared/topology.ts'
import { area, type Columns, isDense } from './columns.ts'
import { ellipse } from './ellipse.ts'
import { closest, heightFor, largestRadius } from './round.ts'
import { type Bounds, LABEL_HEIGHT, MIN_RADIUS, type Place, type StageLayout, type Stand } from './stand.ts'
import { type Frame, untangle } from './untangle.ts'
import { calmestSides, wordsCollide } from './words.ts'

/** The two shapes of a stage, in px: what is found for one is stretched, so that a stage that is resized stays as it is. */
const FLAT = { width: 800, height: 250 }
const UPRIGHT = { width: 310, height: 370 }
/** Twice as wide as high: flat. */
const FLAT_FROM = 1.8
/** Radii for so many nodes and fewer, in px: larger, and links would not find a way between them. */
const RADII = { flat: { 12: 24, 16: 21, 20: 18, 24: 15, 64: 12 }, upright: { 12: 19, 16: 15, 20: 14, 32: 12 } }
const WORDS_HEIGHT = 18

/** Null where there is no room for so many. */
export function layoutScattered(columns: Columns, seed: number, bounds: Bounds): StageLayout | null {
  const n = columns.x.length
  const { left, room } = area(columns)
  const height = heightFor(columns, bounds)
  const shape = room / height >= FLAT_FROM ? 'flat' : 'upright'
  const known = found(n, seed, shape)
  if (!known) return null
  const { frame, links, places } = known
  const stretch = Math.min(room / frame.width, height / frame.height)
  const wished = Math.min(largestRadius(bounds), Math.max(MIN_RADIUS, frame.radius * stretch))
  const below = frame.words > 0 ? LABEL_HEIGHT.count * bounds.scale : 0
  const across = (x: number) => (x - frame.radius) / (frame.width - 2 * frame.radius)
  const down = (y: number) => (y - frame.radius) / (frame.height - 2 * frame.radius - frame.words)
  const stands = places.map(({ x, y }): Stand => {
    const inner = { width: room - 2 * wished, height: height - 2 * wished - below - 2 }
    return { x: left + wished + across(x) * inner.width, y: 1 + wished + down(y) * inner.height, side: 'below' }
  })
  const radius = Math.min(wished, closest(stands) / 2 - 1)
  if (radius < MIN_RADIUS) return null
  const { scale } = bounds
  const sided = calmestSides(stands, links, radius, scale, { width: columns.width, height })
  const wordy = frame.words > 0 && !wordsCollide(sided, radius, scale)
  return { places: sided, radius, height, detail: wordy ? 'count' : 'none', scale }
}

interface Found {
  readonly frame: Frame
  readonly links: readonly Link[]
  readonly places: readonly Place[]
}

/** To find it takes a moment, and the same is asked for with every size that a stage is given. */
const MOST_KEPT = 4
const kept = new Map<string, Found | null>()

function found(n: number, seed: number, shape: 'flat' | 'upright'): Found | null {
  const key = `${n} ${seed} ${shape}`
  const known = kept.get(key)
  if (known !== undefined) return known
  const made = find(n, seed, shape)
  const [oldest] = kept.keys()
  if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest)
  kept.set(key, made)
  return made
}

function find(n: number, seed: number, shape: 'flat' | 'upright'): Found | null {
  const [, radius] = Object.entries(RADII[shape]).find(([most]) => n <= Number(most)) ?? []
  if (radius === undefined) return null
  const { width, height } = shape === 'flat' ? FLAT : UPRIGHT
  const frame: Frame = { width, height, radius, words: isDense(n) || shape === 'upright' ? 0 : WORDS_HEIGHT }
  const links = linksOf('random', n, seed)
  const middle = { x: width / 2, y: height / 2 }
  const from = ellipse(n, middle, width / 2 - radius, height / 2 - radius)
  return { frame, links, places: untangle(from, links, frame) }
}
