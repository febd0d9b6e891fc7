import { expect, test } from 'vitest'
import type { NodeStatus } from '../../shared/lab-state.ts'
import { partsOf } from '../../shared/reach.ts'
import { neighboursOf, type Topology } from '../../shared/topology.ts'
import { type Cell, cellsOf, type Reach } from './cells.ts'

function reach(statuses: readonly NodeStatus[], topology: Topology = 'line'): Reach {
  const neighbours = neighboursOf(topology, statuses.length)
  return {
    neighbours,
    parts: partsOf(
      neighbours,
      statuses.map((status) => status === 'running'),
    ),
  }
}

const copy = (at: number, hops: number, lostAt: number | null = null) => ({
  at,
  hops,
  from: hops === 0 ? null : 40_000,
  lostAt,
})
const message = (copies: Record<number, ReturnType<typeof copy>>) => ({
  key: '40000.0',
  origin: 40_000,
  seq: 0,
  text: 'network',
  at: 100,
  copies,
})
const states = (cells: readonly Cell[]) => cells.map(({ state }) => state)

test('a cell says when and over how many links a node got a message', () => {
  const cells = cellsOf(message({ 0: copy(100, 0), 1: copy(351, 1) }), reach(['running', 'running', 'running']))
  expect(cells).toEqual([
    { node: 0, state: 'origin' },
    { node: 1, state: 'held', ms: 251, hops: 1 },
    { node: 2, state: 'on its way' },
  ])
})

test('behind a crashed node a message is lost on the way, and all beyond are cut off', () => {
  const cells = cellsOf(message({ 0: copy(100, 0) }), reach(['running', 'crashed', 'running', 'running']))
  expect(states(cells)).toEqual(['origin', 'lost on the way', 'cut off', 'cut off'])
})

test('another way round a crashed node counts', () => {
  const cells = cellsOf(message({ 0: copy(100, 0) }), reach(['running', 'crashed', 'running', 'running'], 'ring'))
  expect(states(cells)).toEqual(['origin', 'lost on the way', 'on its way', 'on its way'])
})

test('a crashed node’s copy is lost', () => {
  const cells = cellsOf(message({ 0: copy(100, 0), 1: copy(351, 1, 900) }), reach(['running', 'crashed']))
  expect(states(cells)).toEqual(['origin', 'lost copy'])
})

test('a restarted node is on its way to have the message again', () => {
  const cells = cellsOf(message({ 0: copy(100, 0), 1: copy(351, 1, 900) }), reach(['running', 'running']))
  expect(states(cells)).toEqual(['origin', 'on its way'])
})

test('a message is gone when everybody who held it has crashed', () => {
  const cells = cellsOf(message({ 0: copy(100, 0, 200) }), reach(['crashed', 'running']))
  expect(states(cells)).toEqual(['lost copy', 'gone'])
})
