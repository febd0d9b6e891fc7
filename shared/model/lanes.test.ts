import { expect, test } from 'vitest'
import { livesOf } from './lanes.ts'
import type { Mark } from './trace.ts'

const mark = (at: number, kind: Mark['kind'], node = 1): Mark => ({ n: at, at, node, kind, text: '' })

test('a node that ran all the time has one lane without ends', () => {
  expect(livesOf({ id: 1, status: 'running' }, [mark(5, 'ended', 0)])).toEqual([{ from: -Infinity, to: Infinity }])
})

test('a crash ends a lane and a restart begins it again', () => {
  const marks = [mark(100, 'ended'), mark(150, 'silent'), mark(300, 'running')]
  expect(livesOf({ id: 1, status: 'running' }, marks)).toEqual([
    { from: -Infinity, to: 100 },
    { from: 300, to: Infinity },
  ])
})

test('a node that never ran has no lane', () => {
  expect(livesOf({ id: 1, status: 'absent' }, [])).toEqual([])
  expect(livesOf({ id: 1, status: 'crashed' }, [])).toEqual([])
})
