/**
 * Replaces d3-shape: with that package every first visit would load 18 kB of curves and symbols that the page never
 * draws.
 */

/** Angles in radians, clockwise from the top; radii in px. */
export interface RingArc {
  readonly from: number
  readonly to: number
  readonly inner: number
  readonly outer: number
}

const WHOLE = 2 * Math.PI
/** Arcs closer to a whole ring than this count as one. */
const CLOSE = 1e-6

/** Returns the part of a ring as an SVG path around the origin. */
export function ringArc({ from, to, inner, outer }: RingArc): string {
  if (to - from > WHOLE - CLOSE) return `${circle(outer, 1)}${circle(inner, 0)}`
  const isLarge = to - from >= Math.PI - CLOSE ? 1 : 0
  const there = `M${at(from, outer)}A${outer},${outer},0,${isLarge},1,${at(to, outer)}`
  return `${there}L${at(to, inner)}A${inner},${inner},0,${isLarge},0,${at(from, inner)}Z`
}

/** In two halves: an SVG arc that ends at its start is empty. */
function circle(radius: number, sweep: 0 | 1): string {
  const half = `A${radius},${radius},0,1,${sweep},`
  return `M0,${-radius}${half}0,${radius}${half}0,${-radius}Z`
}

const at = (angle: number, radius: number): string => `${radius * Math.sin(angle)},${-radius * Math.cos(angle)}`
