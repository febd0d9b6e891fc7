/** The columns of the nodes, one each, through stage, spread and space-time. */
export interface Columns {
  /** Total width, and the room for titles at its left, in px. */
  readonly width: number
  readonly gutter: number
  readonly pitch: number
  /** Centre of each node's column, in px. */
  readonly x: readonly number[]
}

const WIDE = 640
/** With more nodes the stage takes the whole width, with its title above it. */
const DENSE_FROM = 17
const GUTTER = 172
const NARROW_GUTTER = 84
/** Gutter in projector mode, which has titles above the views and names messages by their texts alone. */
const HALL_GUTTER = 110
const RIGHT = 14

export function columnsFor(width: number, n: number, zoom = 1): Columns {
  const gutter = width < WIDE ? NARROW_GUTTER * zoom : zoom > 1 ? HALL_GUTTER : GUTTER
  const pitch = Math.max(1, width - gutter - RIGHT) / Math.max(1, n)
  return { width, gutter, pitch, x: Array.from({ length: n }, (_, id) => gutter + pitch * (id + 0.5)) }
}

/** Most nodes that are drawn one by one, with their numbers. */
const MOST_NUMBERED = 64

export const isLarge = (n: number): boolean => n > MOST_NUMBERED

export const isDense = (n: number): boolean => n >= DENSE_FROM

/** Returns the area for nodes: beside the title of the stage, or the whole width under it, or of a stage without one. */
export function area({ width, gutter, x }: Columns, isBare = false) {
  const left = width >= WIDE && !isDense(x.length) && !isBare ? gutter : RIGHT
  return { left, room: width - left - RIGHT }
}
