import { expect, test } from 'vitest'
import type { Landmark } from './landmarks.ts'
import { marksOf, roomInRow } from './marks.ts'

const landmark = (at: number, kind: Landmark['kind'], node: number | null = 0): Landmark => ({ n: at, at, kind, node })

test('landmarks that would overlap are one mark with a count, and its words name them all', () => {
  const marks = marksOf(
    [
      landmark(10, 'start', 0),
      landmark(12, 'start', 1),
      landmark(15, 'message', 2),
      landmark(18, 'copy', 1),
      landmark(20, 'crash', 3),
      landmark(90, 'agreement', null),
    ],
    (at) => at,
  )
  expect(marks).toEqual([
    { x: 10, sign: 'mixed', count: 4, words: 'node 2 got a message · 2 starts · node 3 crashed' },
    { x: 90, sign: 'agreement', count: 1, words: 'nodes agree' },
  ])
})

test('no two marks overlap, however many landmarks there are', () => {
  const many = Array.from({ length: 5_000 }, (_, place) => landmark(place, 'message', place % 4))
  const marks = marksOf(many, (at) => at / 10)
  expect(marks.reduce((sum, { count }) => sum + count, 0)).toBe(5_000)
  for (const [place, { x }] of marks.slice(1).entries()) expect(x - (marks[place]?.x ?? 0)).toBeGreaterThanOrEqual(20)
})

test('a cluster of like landmarks keeps their sign, and one of unlike ones has none of theirs', () => {
  const signs = (...kinds: Landmark['kind'][]) =>
    marksOf(
      kinds.map((kind, place) => landmark(place, kind)),
      (at) => at,
    ).map(({ sign, count }) => [sign, count])
  expect(signs('crash', 'crash', 'copy')).toEqual([['crash', 2]])
  expect(signs('crash', 'start', 'start')).toEqual([['mixed', 3]])
})

test('words are placed in the row of marks where none is, after the mark that they explain if possible', () => {
  const marks = marksOf([landmark(100, 'start'), landmark(300, 'message'), landmark(360, 'crash')], (at) => at)
  const [start, message, crash] = marks
  const row = { from: 0, to: 500 }
  if (!start || !message || !crash) throw new Error('a mark is missing')
  expect(roomInRow(marks, start, 150, row)).toBe(122)
  expect(roomInRow(marks, message, 80, row)).toBe(382)
  expect(roomInRow(marks, crash, 150, row)).toBe(122)
  expect(roomInRow(marks, start, 200, row)).toBeNull()
})
