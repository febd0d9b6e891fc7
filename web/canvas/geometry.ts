/** Where a node stands, the room that a stage has, and the measures that every layout keeps to. */

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
  /** The words that fit beside a node: count and ports, the count, nothing. */
  readonly detail: 'full' | 'count' | 'none'
  /** How much larger than usual words are. */
  readonly scale: number
}

/** Room of a stage, in px. */
export interface Box {
  /** Nodes stand from here, over a width of `room`. */
  readonly left: number
  readonly room: number
  readonly scale: number
  /** Given when the stage fills a height. */
  readonly height: number | undefined
  /** Height that a stage keeps to while its nodes can be read and its links be seen. */
  readonly most: number
  /** Height that it takes at most to make them so. */
  readonly limit: number
}

/** A smaller node has no room for a number that can be read. */
export const MIN_RADIUS = 12
/** Where a link begins, in radii from the middle of its node. */
export const RIM = 1.12
/** Shortest link, in diameters: a datagram is seen crossing it. */
export const SHORTEST_LINK = 1.5
/** Least distance between the middles of two neighbours, in radii. */
export const STEP = 2 * (RIM + SHORTEST_LINK)
/** Room for the words below a node, in px. */
export const LABEL_HEIGHT = { full: 46, count: 24, none: 4 }

export const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))
