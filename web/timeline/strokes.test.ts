import { expect, test } from 'vitest'
import type { TracedDatagram } from '../../shared/model/trace.ts'
import { columnsFor } from '../model/columns.ts'
import { type DiagramPicture, MOST_STROKES, scaleOf, strokesAt } from './strokes.ts'

const columns = columnsFor(900, 2)
const picture: DiagramPicture = {
  columns,
  height: 200,
  windowMs: 1_000,
  nodes: [],
  rootId: 40_000,
  longest: 250,
  paintOf: () => ({ hue: '', ink: '', pattern: 'plain' }),
  selected: null,
  cursor: null,
  span: null,
  still: false,
  theme: 'light',
}
const datagram: TracedDatagram = {
  id: 1,
  from: 40_000,
  to: 40_001,
  sentAt: 1_000,
  arrivesAt: 1_250,
  why: 'new',
  bytes: 1,
  content: { kind: 'rumor', origin: 40_000, seq: 0 },
  receivedAt: null,
  receivedIn: null,
  lostAt: null,
  lostWhy: null,
  consequence: null,
}
const stroke = (change: Partial<TracedDatagram>, now: number) =>
  strokesAt([{ ...datagram, ...change }], scaleOf(picture, now), picture).strokes[0]

test('time runs down, and a height is an instant', () => {
  const scale = scaleOf(picture, 5_000)
  expect(scale.y(5_000)).toBe(scale.nowY)
  expect(scale.y(4_000)).toBe(0)
  expect(scale.at(scale.y(4_321))).toBeCloseTo(4_321)
})

test('a line grows from lane to lane while its datagram flies, and shows its destination', () => {
  const half = stroke({}, 1_125)
  const [from = 0, to = 0] = columns.x
  expect(half?.start.x).toBe(from)
  expect(half?.end.x).toBeCloseTo((from + to) / 2)
  expect(half?.aim?.x).toBe(to)
})

test('a line ends in the lane of its receiver when it was received', () => {
  expect(stroke({ receivedAt: 1_251 }, 1_300)).toMatchObject({ aim: null, lost: false, end: { x: columns.x[1] } })
})

test('a lost datagram is a stub', () => {
  const lost = stroke({ lostAt: 1_250 }, 1_300)
  expect(lost).toMatchObject({ lost: true, aim: null })
  expect(lost?.end.x).toBeLessThan(columns.x[1] ?? 0)
})

test('a datagram that came before its receiver listened is a stub, and no loss', () => {
  const early = stroke({ lostAt: 1_250, lostWhy: 'early' }, 1_300)
  expect(early).toMatchObject({ lost: false, calm: true, aim: null })
  expect(early?.end.x).toBeLessThan(columns.x[1] ?? 0)
})

test('a datagram in the future, too old, or to a stranger is not drawn', () => {
  expect(stroke({}, 900)).toBeUndefined()
  expect(stroke({ receivedAt: 1_251 }, 9_000)).toBeUndefined()
  expect(stroke({ to: 9 }, 1_100)).toBeUndefined()
})

test('of very many some are drawn, the same ones as time goes on, and the selected one', () => {
  const many = Array.from({ length: 30_000 }, (_, n) => ({
    ...datagram,
    id: n,
    sentAt: n / 30,
    arrivesAt: n / 30 + 1,
  }))
  const drawn = (now: number, selected: number | null) => {
    const { strokes, every } = strokesAt(many, scaleOf(picture, now), { ...picture, selected })
    return { every, numbers: strokes.map(({ datagram: { id } }) => id) }
  }
  const { every, numbers } = drawn(1_000, null)
  expect(every).toBe(16)
  expect(numbers.length).toBeGreaterThan(MOST_STROKES / 3)
  expect(numbers.length).toBeLessThanOrEqual(MOST_STROKES)
  const [left] = numbers.filter((number) => number % 2 === 1)
  const [other = 0] = many.map(({ id }) => id).filter((number) => !numbers.includes(number))
  expect(left).toBeDefined()
  expect(drawn(1_000, other).numbers).toContain(other)
  expect(drawn(990, null).numbers.every((number) => numbers.includes(number))).toBe(true)
})
