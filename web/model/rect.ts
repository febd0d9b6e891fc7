/** A rectangle by its edges, in px. */
export interface Rect {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export const overlap = (a: Rect, b: Rect): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

/** Returns the smallest rectangle that contains all of these. */
export const around = (first: Rect, ...others: readonly Rect[]): Rect =>
  others.reduce(
    (all, { left, right, top, bottom }) => ({
      left: Math.min(all.left, left),
      right: Math.max(all.right, right),
      top: Math.min(all.top, top),
      bottom: Math.max(all.bottom, bottom),
    }),
    first,
  )

/** Returns the rectangle around a point that reaches so far to each side. */
export const rectAt = ({ x, y }: { readonly x: number; readonly y: number }, width: number, height = width): Rect => ({
  left: x - width,
  right: x + width,
  top: y - height,
  bottom: y + height,
})
