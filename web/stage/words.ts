/** Places a node's words beside it, and finds whether there is room for them. */
import type { Link } from '../../shared/model/topology.ts'
import type { Place, Side, StageLayout, Stand } from '../canvas/geometry.ts'
import { overlap, type Rect } from '../model/rect.ts'
import { distanceToLink } from './untangle.ts'

const GAP = 6
/** Half the width of a link with datagrams in flight on it or held beside it, in px. */
const besideLink = (radius: number) => Math.max(14, 2 * gateRadius(radius) + 10)
/** Radius of a held datagram, in px. */
export const gateRadius = (radius: number) => Math.max(4, Math.min(8, radius * 0.2))
/** Start of words at a corner, in radii from the centre of their node. */
export const CORNER = 0.72
/** Width of "11 of 11", in font sizes. */
const WIDTH = 4.6

/** Larger beside very large nodes, as in full-screen mode. */
export const wordSize = (radius: number, scale: number): number =>
  radius < 24 ? 12 * scale : Math.max(14 * scale, Math.min(0.3 * radius, 22 * scale))

export const wordsWidth = (size: number): number => WIDTH * size

export function wordsAt(side: Side, radius: number, size: number) {
  switch (side) {
    case 'below':
      return { x: 0, y: radius + GAP + size, anchor: 'middle' }
    case 'below left':
      return { x: -besideLink(radius), y: radius + GAP + size, anchor: 'end' }
    case 'below right':
      return { x: besideLink(radius), y: radius + GAP + size, anchor: 'start' }
    case 'above':
      return { x: 0, y: -radius - GAP - 2, anchor: 'middle' }
    case 'left':
      return { x: -radius - GAP, y: size * 0.36, anchor: 'end' }
    case 'right':
      return { x: radius + GAP, y: size * 0.36, anchor: 'start' }
    case 'corner':
      return { x: CORNER * radius, y: radius * 0.8 + size, anchor: 'start' }
  }
}

/** Returns the horizontal shift that keeps words on a stage of this width, in px. */
export function shiftOntoStage(
  text: string,
  { x, anchor }: { readonly x: number; readonly anchor: string },
  size: number,
  width: number,
): number {
  const length = lengthOf(text, size)
  const left = x - (anchor === 'middle' ? length / 2 : anchor === 'end' ? length : 0)
  return Math.max(0, -left) - Math.max(0, left + length - width)
}

const lengthOf = (text: string, size: number) => (text.length * wordsWidth(size)) / 'll of ll'.length

/** A node that ended has longer words: they are beside a downward link only if the neighbours keep theirs. */
export function sideOfEnded(
  text: string,
  id: number,
  { places, radius, scale }: Pick<StageLayout, 'places' | 'radius' | 'scale'>,
): Side {
  const { x, y, side } = places[id] ?? { x: 0, y: 0, side: 'below' }
  if (side !== 'below left' && side !== 'below right') return side
  const size = wordSize(radius, scale)
  const needed = besideLink(radius) + lengthOf(text, size) + wordsWidth(size) / 2
  const isLeft = side === 'below left'
  const inRow = places.filter((other) => Math.abs(other.y - y) < radius && (isLeft ? other.x < x : other.x > x))
  return inRow.every((other) => Math.abs(other.x - x) > needed) ? side : 'below'
}

/** Places each node's words where the fewest links run, and no node is. */
export function calmestSides(
  places: readonly Stand[],
  links: readonly Link[],
  radius: number,
  scale: number,
  stage: { readonly width: number; readonly height: number },
): Stand[] {
  const size = wordSize(radius, scale)
  const taken: Rect[] = []
  return places.map((place, id) => {
    const unrest = (side: Side) => {
      const box = boxOf({ ...place, side }, radius, size)
      if (box.left < 0 || box.right > stage.width || box.top < 0 || box.bottom > stage.height) return UNFIT
      if (taken.some((other) => overlap(box, other))) return UNFIT
      if (places.some((other, at) => at !== id && covers(box, other, radius + 2))) return UNFIT
      return links.filter(([a, b]) => runsThrough(box, places[a] ?? place, places[b] ?? place)).length
    }
    const side = CALM.reduce((best, next) => (unrest(next) < unrest(best) ? next : best))
    taken.push(boxOf({ ...place, side }, radius, size))
    return { ...place, side }
  })
}

/** The preferred first. */
const CALM: readonly Side[] = ['below', 'above', 'right', 'left']
const UNFIT = 1_000

/** Tested at its ends and its centre. */
function runsThrough({ left, right, top, bottom }: Rect, a: Place, b: Place): boolean {
  const y = (top + bottom) / 2
  return [left, (left + right) / 2, right].some((x) => distanceToLink({ x, y }, a, b) < (bottom - top) / 2)
}

/** Returns whether words would overlap other words, or another node. */
export function wordsCollide(places: readonly Stand[], radius: number, scale: number): boolean {
  const size = wordSize(radius, scale)
  const boxes = places.map((place) => boxOf(place, radius, size))
  return boxes.some((box, id) =>
    places.some((place, other) => {
      if (other === id) return false
      const beside = boxes[other]
      return (other > id && beside !== undefined && overlap(box, beside)) || covers(box, place, radius)
    }),
  )
}

function boxOf({ x, y, side }: Stand, radius: number, size: number): Rect {
  const words = wordsAt(side, radius, size)
  const width = wordsWidth(size)
  const before = words.anchor === 'middle' ? width / 2 : words.anchor === 'end' ? width : 0
  const left = x + words.x - before
  return { left, right: left + width, top: y + words.y - 0.8 * size, bottom: y + words.y + 0.2 * size }
}

function covers({ left, right, top, bottom }: Rect, { x, y }: Stand, radius: number): boolean {
  const nearest = { x: Math.min(right, Math.max(left, x)), y: Math.min(bottom, Math.max(top, y)) }
  return Math.hypot(nearest.x - x, nearest.y - y) < radius
}
