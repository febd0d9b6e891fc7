/** Computes positions along an ellipse. */

const STEPS = 1_440

interface Point {
  readonly x: number
  readonly y: number
}

export interface OnEllipse extends Point {
  /** Direction from the centre. */
  readonly cos: number
  readonly sin: number
}

interface Spread {
  /** Offset of the first one from the top, as a share of the distance to the next. */
  readonly ahead?: number
  /**
   * 0: all equally far apart along it. 1: as on a flattened circle, so that positions on its flat sides are further
   * apart than at its ends, and the line from one to the next but one passes furthest from the one between.
   */
  readonly flattened?: number
}

/** From the top, clockwise. */
export function ellipse(
  count: number,
  middle: Point,
  rx: number,
  ry: number,
  { ahead = 0, flattened = 0 }: Spread = {},
): OnEllipse[] {
  const at = (step: number): OnEllipse => {
    const angle = (step / STEPS) * 2 * Math.PI - Math.PI / 2
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    return { x: middle.x + rx * cos, y: middle.y + ry * sin, cos, sin }
  }
  const lengths = lengthsAlong(rx, ry)
  const whole = lengths[STEPS] ?? 1
  const shareAt = (step: number) => ((1 - flattened) * (lengths[step] ?? 0)) / whole + (flattened * step) / STEPS
  return Array.from({ length: count }, (_, index) => {
    const target = ((index + ahead + count) % count) / count
    let [low, high] = [0, STEPS]
    while (low < high) {
      const half = (low + high) >> 1
      if (shareAt(half) < target - 1e-9) low = half + 1
      else high = half
    }
    return at(low)
  })
}

/** Offsets between consecutive steps on a circle of radius 1, across and down. */
const ACROSS = new Float64Array(STEPS)
const DOWN = new Float64Array(STEPS)
for (let step = 0; step < STEPS; step += 1) {
  const [from, to] = [(step / STEPS) * 2 * Math.PI, ((step + 1) / STEPS) * 2 * Math.PI]
  ACROSS[step] = Math.sin(to) - Math.sin(from)
  DOWN[step] = Math.cos(from) - Math.cos(to)
}

/** Cached for the last ellipse: layouts try several arrangements on the same one. */
let last = { rx: Number.NaN, ry: Number.NaN, lengths: new Float64Array(0) }

/**
 * Distances from the top to each step. A layout tries hundreds of ellipses, and `Math.hypot` takes ten times as long.
 */
function lengthsAlong(rx: number, ry: number): Float64Array {
  if (last.rx === rx && last.ry === ry) return last.lengths
  const lengths = new Float64Array(STEPS + 1)
  let sum = 0
  for (let step = 0; step < STEPS; step += 1) {
    const [dx, dy] = [rx * (ACROSS[step] ?? 0), ry * (DOWN[step] ?? 0)]
    sum += Math.sqrt(dx * dx + dy * dy)
    lengths[step + 1] = sum
  }
  last = { rx, ry, lengths }
  return lengths
}
