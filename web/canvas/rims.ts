/** The drawn part of a link. */
import { type Place, RIM } from './geometry.ts'

export interface Line {
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
}

/** Returns the drawn part of a link: from just outside one rim to just outside the other. */
export function rimToRim(from: Place, to: Place, radius: number): Line {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length]
  const off = Math.min(radius * RIM, length / 2)
  return { x1: from.x + ux * off, y1: from.y + uy * off, x2: to.x - ux * off, y2: to.y - uy * off }
}

/** Distance of a label below the centre of a downward link, in px. */
export const BELOW_MIDDLE = 16
