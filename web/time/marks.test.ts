import { expect, test } from 'vitest'
import type { Landmark } from './landmarks.ts'
import { marksOf } from './marks.ts'

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
    { x: 10, sign: 'crash', count: 4, words: 'node 2 got a message · 2 starts · node 3 crashed' },
    { x: 90, sign: 'agreement', count: 1, words: 'nodes agree' },
  ])
})

test('no two marks overlap, however many landmarks there are', () => {
  const many = Array.from({ length: 5_000 }, (_, place) => landmark(place, 'message', place % 4))
  const marks = marksOf(many, (at) => at / 10)
  expect(marks.reduce((sum, { count }) => sum + count, 0)).toBe(5_000)
  for (const [place, { x }] of marks.slice(1).entries()) expect(x - (marks[place]?.x ?? 0)).toBeGreaterThanOrEqual(20)
})
