/** Where a node stands, and what a layout of the stage is. */

export interface Place {
  readonly x: number
  readonly y: number
}

/** Where a node's words stand, so that no link runs through them. */
export type Side = 'below' | 'above' | 'left' | 'right' | 'corner' | 'below left' | 'below right'

export interface Stand extends Place {
  readonly side: Side
}

export interface StageLayout {
  /** By node id. */
  readonly places: readonly Stand[]
  /** Outer radius of a node's ring, in px. */
  readonly radius: number
  readonly height: number
  /** What there is room for beside a node: count and ports, the count, nothing. */
  readonly detail: 'full' | 'count' | 'none'
  /** How much larger than usual words are. */
  readonly scale: number
}

export interface Bounds {
  readonly scale: number
  readonly height: number | undefined
  readonly most: number
}

/** A smaller node has no room for a number that can be read. */
export const MIN_RADIUS = 12
/** Room for the words below a node, in px. */
export const LABEL_HEIGHT = { full: 46, count: 24, none: 4 }

export const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))
