/** Places a tooltip so that it covers nothing that it explains. Pure; lengths are in px. */
import { type Rect, rectAt } from '../model/rect.ts'
import type { Place } from './geometry.ts'

interface Size {
  readonly width: number
  readonly height: number
}

/** Gap between the tooltip and its subject. */
const GAP = 10

/**
 * Returns the left upper corner of a tooltip beside `at`: above, below, at the right or at the left, whichever lies
 * within `room` and is the nearest. It overlaps nothing of `clear`, unless no place within `room` avoids that.
 */
export function placeTip(at: Place, size: Size, room: Rect, clear: readonly Rect[]): Place {
  const spots = [above, below, beside('right'), beside('left')].map((put) => put(at, size, room, clear))
  const costs = spots.map((spot) => OUTSIDE * outsideOf(room, spot, size) + distanceTo(at, spot, size))
  return spots[costs.indexOf(Math.min(...costs))] ?? at
}

/** A px outside the room costs more than so many px of distance. */
const OUTSIDE = 1_000

type Put = (at: Place, size: Size, room: Rect, clear: readonly Rect[]) => Place

const within = (value: number, low: number, high: number) => Math.max(low, Math.min(value, high))

const centred = ({ x }: Place, { width }: Size, { left, right }: Rect) => within(x - width / 2, left, right - width)
const middled = ({ y }: Place, { height }: Size, { top, bottom }: Rect) => within(y - height / 2, top, bottom - height)

/** The obstacles that a tooltip would meet if it moved up or down. */
const inColumn = (clear: readonly Rect[], from: number, to: number) =>
  clear.filter(({ left, right }) => left < to && right > from)
const inRow = (clear: readonly Rect[], from: number, to: number) =>
  clear.filter(({ top, bottom }) => top < to && bottom > from)

const above: Put = (at, size, room, clear) => {
  const x = centred(at, size, room)
  const edges = inColumn(clear, x, x + size.width).map(({ top }) => top)
  return { x, y: Math.min(at.y, ...edges) - GAP - size.height }
}

const below: Put = (at, size, room, clear) => {
  const x = centred(at, size, room)
  const edges = inColumn(clear, x, x + size.width).map(({ bottom }) => bottom)
  return { x, y: Math.max(at.y, ...edges) + GAP }
}

const beside =
  (side: 'left' | 'right'): Put =>
  (at, size, room, clear) => {
    const y = middled(at, size, room)
    const met = inRow(clear, y, y + size.height)
    const x =
      side === 'right'
        ? Math.max(at.x, ...met.map(({ right }) => right)) + GAP
        : Math.min(at.x, ...met.map(({ left }) => left)) - GAP - size.width
    return { x, y }
  }

/** Returns how far a tooltip reaches out of its room. */
const outsideOf = (room: Rect, { x, y }: Place, { width, height }: Size) =>
  Math.max(0, room.left - x) +
  Math.max(0, x + width - room.right) +
  Math.max(0, room.top - y) +
  Math.max(0, y + height - room.bottom)

function distanceTo(at: Place, { x, y }: Place, { width, height }: Size): number {
  const across = Math.max(x - at.x, 0, at.x - x - width)
  const down = Math.max(y - at.y, 0, at.y - y - height)
  return Math.hypot(across, down)
}

/** Returns rectangles along a line, so thin that a tooltip may be beside it. */
export function rectsAlong(from: Place, to: Place, half: number): Rect[] {
  const steps = Math.min(MOST_RECTS, Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / (2 * half))))
  return Array.from({ length: steps + 1 }, (_, step) => {
    const x = from.x + ((to.x - from.x) * step) / steps
    const y = from.y + ((to.y - from.y) * step) / steps
    return rectAt({ x, y }, half)
  })
}

const MOST_RECTS = 60
