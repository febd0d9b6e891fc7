/** Places along an ellipse, equally far apart. */

const STEPS = 2_880

interface Point {
  readonly x: number
  readonly y: number
}

export interface OnEllipse extends Point {
  /** In which direction from the middle. */
  readonly cos: number
  readonly sin: number
}

/** From the top, clockwise; the first one `ahead` of it, as a share of the way to the next. */
export function ellipse(count: number, middle: Point, rx: number, ry: number, ahead = 0): OnEllipse[] {
  const at = (step: number): OnEllipse => {
    const angle = (step / STEPS) * 2 * Math.PI - Math.PI / 2
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    return { x: middle.x + rx * cos, y: middle.y + ry * sin, cos, sin }
  }
  const lengths = [0]
  for (let step = 1; step <= STEPS; step += 1) {
    const [a, b] = [at(step - 1), at(step)]
    lengths.push((lengths[step - 1] ?? 0) + Math.hypot(b.x - a.x, b.y - a.y))
  }
  const whole = lengths[STEPS] ?? 0
  return Array.from({ length: count }, (_, index) => {
    const target = (whole * ((index + ahead + count) % count)) / count
    return at(lengths.findIndex((length) => length >= target))
  })
}
