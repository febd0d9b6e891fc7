/** Defines the positions of nodes, the room of a stage, and the measures that every layout obeys. */

export interface Place {
  readonly x: number
  readonly y: number
}

/** Position of a node's words, chosen so that no link crosses them. */
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
  /** Scale of words compared with the usual size. */
  readonly scale: number
}

/** Room of a stage, in px. */
export interface Box {
  /** Left edge of the area for nodes, whose width is `room`. */
  readonly left: number
  readonly room: number
  readonly scale: number
  /** Present when the stage fills a height. */
  readonly height: number | undefined
  /** Height that a stage keeps to while its nodes are legible and its links visible. */
  readonly most: number
  /** Maximum height that it takes to make them so. */
  readonly limit: number
}

/** Smallest radius of a node with a legible number. */
export const MIN_RADIUS = 12
/** Where a link begins, in radii from the centre of its node. */
export const RIM = 1.12
/** Shortest link, in diameters: the eye can follow a datagram on it. */
export const SHORTEST_LINK = 1.5
/** Minimum distance between the centres of two neighbours, in radii. */
export const STEP = 2 * (RIM + SHORTEST_LINK)
/** Room for the words below a node, in px. */
export const LABEL_HEIGHT = { full: 46, count: 24, none: 4 }

export const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))
