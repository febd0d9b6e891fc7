import { expect, test } from 'vitest'
import { DEFAULTS } from '../gossip/settings.ts'
import { type Cell, cellsOf, cutOffFrom } from './cells.ts'
import { HEALTHY, type Way } from './fault.ts'
import type { LabSettings } from './lab-settings.ts'
import type { NodeStatus } from './lab-state.ts'
import { type Reach, reachOf } from './reach.ts'
import type { Topology } from './topology.ts'

const lineOf = (n: number): LabSettings => ({
  n,
  topology: 'line',
  linkDelayMs: 250,
  seed: 1,
  rootId: 40_000,
  basePort: 20_000,
  gossip: DEFAULTS,
})

/** A network in which these link directions are cut. */
function reach(statuses: readonly NodeStatus[], topology: Topology = 'line', ...cut: readonly Way[]): Reach {
  return reachOf({
    settings: { ...lineOf(statuses.length), topology },
    nodes: statuses.map((status) => ({ status })),
    links: Object.fromEntries(cut.map((way) => [way, { ...HEALTHY, cut: true }])),
  })
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
  traffic: null,
  copies,
})
const states = (cells: readonly Cell[]) => cells.map(({ state }) => state)

test('a cell shows when and over how many links a node got a message', () => {
  const cells = cellsOf(message({ 0: copy(100, 0), 1: copy(351, 1) }), reach(['running', 'running', 'running']))
  expect(cells).toEqual([
    { node: 0, state: 'origin' },
    { node: 1, state: 'held', ms: 251, hops: 1 },
    { node: 2, state: 'not yet' },
  ])
})

test('at a crashed node a message is lost on the way, and all nodes beyond are cut off', () => {
  const cells = cellsOf(message({ 0: copy(100, 0) }), reach(['running', 'crashed', 'running', 'running']))
  expect(states(cells)).toEqual(['origin', 'lost on the way', 'cut off', 'cut off'])
})

test('a stranger on the port of a crashed node may have the message, and may forward it', () => {
  const nodes = [{ status: 'running' }, { status: 'crashed', stranger: true }, { status: 'running' }] as const
  const cells = cellsOf(message({ 0: copy(100, 0) }), reachOf({ settings: lineOf(3), nodes, links: {} }))
  expect(states(cells)).toEqual(['origin', 'stranger', 'uncertain'])
})

test('another path around a crashed node counts', () => {
  const cells = cellsOf(message({ 0: copy(100, 0) }), reach(['running', 'crashed', 'running', 'running'], 'ring'))
  expect(states(cells)).toEqual(['origin', 'lost on the way', 'not yet', 'not yet'])
})

test('a crashed node’s copy is lost', () => {
  const cells = cellsOf(message({ 0: copy(100, 0), 1: copy(351, 1, 900) }), reach(['running', 'crashed']))
  expect(states(cells)).toEqual(['origin', 'lost copy'])
})

test('a restarted node should get the message again', () => {
  const cells = cellsOf(message({ 0: copy(100, 0), 1: copy(351, 1, 900) }), reach(['running', 'running']))
  expect(states(cells)).toEqual(['origin', 'not yet'])
})

test('a message is gone when all its holders have crashed', () => {
  const cells = cellsOf(message({ 0: copy(100, 0, 200) }), reach(['crashed', 'running']))
  expect(states(cells)).toEqual(['lost copy', 'gone'])
})

test('behind a link that passes nothing a message is cut off, and one from the other direction is uncertain', () => {
  const three = ['running', 'running', 'running'] as const
  const from0 = message({ 0: copy(100, 0) })
  const from2 = message({ 2: copy(100, 0) })
  expect(states(cellsOf(from0, reach(three, 'line', '1>2')))).toEqual(['origin', 'not yet', 'cut off'])
  expect(states(cellsOf(from2, reach(three, 'line', '1>2')))).toEqual(['uncertain', 'uncertain', 'origin'])
  expect(states(cellsOf(from0, reach(three, 'ring', '1>2')))).toEqual(['origin', 'not yet', 'not yet'])
})

test('a message is not lost on the way to a crashed node that no datagram could reach', () => {
  const cells = cellsOf(message({ 0: copy(100, 0) }), reach(['running', 'crashed'], 'line', '0>1'))
  expect(states(cells)).toEqual(['origin', 'cut off'])
})

test('a node that keeps a message back has received it and waits for an earlier one', () => {
  const cells = cellsOf(message({ 0: copy(100, 0) }), reach(['running', 'running', 'running']), [1])
  expect(states(cells)).toEqual(['origin', 'waits', 'not yet'])
})

test('a message that is only kept back, at some nodes, is not gone: they forward it', () => {
  const origin = message({ 0: copy(100, 0, 900) })
  expect(states(cellsOf(origin, reach(['crashed', 'running', 'running']), [1]))).toEqual([
    'lost copy',
    'waits',
    'not yet',
  ])
  expect(states(cellsOf(origin, reach(['crashed', 'running', 'crashed', 'running']), [1]))).toEqual([
    'lost copy',
    'waits',
    'lost on the way',
    'cut off',
  ])
})

test('only running nodes count as cut off from a message', () => {
  const atOrigin = message({ 0: copy(100, 0) })
  expect(cutOffFrom(atOrigin, reach(['running', 'crashed', 'running', 'crashed']), [])).toEqual([2])
})
