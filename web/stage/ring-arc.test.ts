import { arc } from 'd3'
import { expect, test } from 'vitest'
import { type RingArc, ringArc } from './ring-arc.ts'

const d3Arc = arc<RingArc>()
  .startAngle(({ from }) => from)
  .endAngle(({ to }) => to)
  .innerRadius(({ inner }) => inner)
  .outerRadius(({ outer }) => outer)

/** The corners and arcs of a path, rounded. */
const drawn = (path: string | null) =>
  (path ?? '')
    .split(/(?=[A-Z])/)
    .map((part) => part.replace(/-?\d+(\.\d+)?(e-?\d+)?/g, (number) => `${Math.round(Number(number) * 10) / 10 + 0}`))

test.each([
  [0, 1],
  [0.3, 3],
  [1, 5.5],
  [3, 3 + Math.PI],
  [-1, 1],
])('a part of a ring is drawn as d3 draws it: %f to %f', (from, to) => {
  const part = { from, to, inner: 20, outer: 26 }
  expect(drawn(ringArc(part))).toEqual(drawn(d3Arc(part)))
})

test('a whole ring is drawn, with its hole', () => {
  expect(ringArc({ from: 1, to: 1 + 2 * Math.PI, inner: 20, outer: 26 })).toBe(
    'M0,-26A26,26,0,1,1,0,26A26,26,0,1,1,0,-26ZM0,-20A20,20,0,1,0,0,20A20,20,0,1,0,0,-20Z',
  )
})
