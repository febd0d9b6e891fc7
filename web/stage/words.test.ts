import { expect, test } from 'vitest'
import { linksOf, TOPOLOGIES } from '../../shared/model/topology.ts'
import { rimToRim } from '../canvas/rims.ts'
import { columnsFor } from '../model/columns.ts'
import { overlap } from '../model/rect.ts'
import type { GateView } from './gate-view.ts'
import { gateRects } from './gates.ts'
import { layoutStage } from './layout.ts'
import { areCrowded, freeLabel, labelAt } from './links.ts'
import { shiftOntoStage, sideOfEnded, wordsCollide } from './words.ts'

const ROUND = TOPOLOGIES.filter((topology) => topology !== 'line' && topology !== 'grid')

test.each(ROUND.flatMap((topology) => [3, 6, 10, 16, 24].map((n) => [topology, n] as const)))(
  'no count of a %s of %i overlaps another one or a node, however low the stage is',
  (topology, n) => {
    for (const width of [336, 650, 930, 1_500])
      for (const most of [80, 140, 180, 260, undefined]) {
        const { places, radius, detail, scale } = layoutStage({ topology, columns: columnsFor(width, n), most })
        expect(detail !== 'none' && wordsCollide(places, radius, scale), `${width} x ${most}`).toBe(false)
      }
  },
)

test('if there is room, counts are beside the nodes', () => {
  expect(layoutStage({ topology: 'ring', columns: columnsFor(930, 8), most: 290 }).detail).toBe('count')
  expect(layoutStage({ topology: 'mesh', columns: columnsFor(930, 8), most: 280 }).detail).toBe('count')
})

test('the delays of links that cross would overlap', () => {
  const [flat, steep] = [
    { x1: 0, y1: 0, x2: 200, y2: 10 },
    { x1: 100, y1: -90, x2: 110, y2: 100 },
  ]
  expect(areCrowded([flat, steep])).toBe(true)
  expect(areCrowded([flat, { ...flat, y1: 60, y2: 60 }])).toBe(false)
})

test.each([
  [950, 6],
  [950, 8],
  [336, 6],
  [1_500, 4],
])('in %i px, the label of a link of a line of %i is on neither of its nodes', (width, n) => {
  const layout = layoutStage({ topology: 'line', columns: columnsFor(width, n) })
  const { places, radius } = layout
  for (const words of ['→1 cut', 'loss 40 %'])
    places.slice(1).forEach((to, from) => {
      const place = places[from]
      if (!place) return
      const { x, y, anchor } = labelAt(rimToRim(place, to, radius), words, layout)
      const half = (words.length * 7) / 2
      const middle = x + (anchor === 'end' ? -half : anchor === 'start' ? half : 0)
      for (const node of [place, to])
        for (const corner of [middle - half, middle, middle + half])
          for (const height of [y, y - 9])
            expect(Math.hypot(corner - node.x, height - node.y), `${words} at ${from}`).toBeGreaterThan(radius - 2)
    })
})

/** A gate with so many held datagrams. */
const gate = (from: number, to: number, count: number): GateView => ({
  from,
  to,
  count,
  waiting: Array.from({ length: Math.min(4, count) }, (_, number) => ({
    number,
    name: '',
    kind: 'status',
    hue: null,
    pattern: 'plain',
    selected: false,
    fresh: false,
  })),
})

test.each(
  (['line', 'ring', 'grid', 'star'] as const).flatMap((topology) => [2, 4, 9].map((n) => [topology, n] as const)),
)('no queue at a gate of a %s of %i covers the delay of a link', (topology, n) => {
  for (const width of [930, 1_244, 1_873]) {
    const layout = layoutStage({ topology, columns: columnsFor(width, n), most: 420 })
    for (const [a, b] of linksOf(topology, n)) {
      const [from, to] = [layout.places[a], layout.places[b]]
      if (!from || !to) throw new Error('a link without an end')
      for (const count of [1, 4, 12]) {
        const queues = gateRects([gate(a, b, count), gate(b, a, count)], layout)
        const { x, y, anchor } = freeLabel(
          labelAt(rimToRim(from, to, layout.radius), '250 ms', layout),
          '250 ms',
          queues,
        )
        const left = anchor === 'middle' ? x - 20 : anchor === 'end' ? x - 40 : x
        const words = { left, right: left + 40, top: y - 9, bottom: y + 2 }
        const covered = queues.filter((queue) => overlap(words, queue))
        expect(covered, `${a} to ${b}, ${count} in ${width} px`).toEqual([])
      }
    }
  }
})

test('words that are longer than usual stay on the stage', () => {
  const at = (x: number, anchor = 'middle') => shiftOntoStage('node 2 crashed', { x, anchor }, 14, 366)
  expect(at(183)).toBe(0)
  expect(at(330)).toBeLessThan(-15)
  expect(at(330)).toBeGreaterThan(-30)
  expect(at(20)).toBeGreaterThan(20)
  expect(at(360, 'start')).toBeLessThan(-100)
})

test('the words of a crashed node are beside a downward link, unless its neighbour’s are there', () => {
  const inRow = (step: number) => ({
    places: [
      { x: 0, y: 40, side: 'below' as const },
      { x: step, y: 40, side: 'below left' as const },
    ],
    radius: 30,
    scale: 1,
  })
  expect(sideOfEnded('node 1 crashed', 1, inRow(230))).toBe('below left')
  expect(sideOfEnded('node 1 crashed', 1, inRow(120))).toBe('below')
  expect(sideOfEnded('node 0 crashed', 0, inRow(230))).toBe('below')
})

test('the label of a link at the edge of a stage is on the stage', () => {
  const layout = { places: [], radius: 30 }
  expect(labelAt({ x1: 46, y1: 100, x2: 46, y2: 200 }, '250 ms', layout)).toMatchObject({ x: 60, anchor: 'start' })
  expect(labelAt({ x1: 320, y1: 100, x2: 320, y2: 200 }, '250 ms', layout)).toMatchObject({ x: 306, anchor: 'end' })
})
