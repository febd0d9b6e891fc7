import { expect, test } from 'vitest'
import type { LabEvent } from '../../shared/model/event.ts'
import { fold } from '../../shared/model/fold.ts'
import { EMPTY_LAB } from '../../shared/model/lab-state.ts'
import { compareMessages, figuresOf, growthOf, type Run } from './compare-runs.ts'
import { lineOf } from './test-settings.ts'

const begun: readonly LabEvent[] = [
  { n: 1, at: 1, type: 'network', settings: lineOf(2) },
  ...[0, 1].flatMap((node): LabEvent[] => [
    { n: 2 + 2 * node, at: 2, type: 'starting', node, generation: 0, pid: null, seed: 1 },
    { n: 3 + 2 * node, at: 3, type: 'running', node, tcp: [20_000 + node] },
  ]),
]
const stored = (n: number, at: number, node: number, seq = 0): LabEvent => ({
  n,
  at,
  type: 'stored',
  node,
  origin: 40_000,
  seq,
  text: `m${seq}`,
  from: node === 0 ? null : 40_000,
})
const runOf = (name: string, events: readonly LabEvent[]): Run => ({
  name,
  events,
  state: fold(EMPTY_LAB, [...begun, ...events]),
})

const above = runOf('above', [stored(6, 10, 0), stored(7, 20, 1)])
const below = runOf('below', [stored(6, 10, 0), stored(7, 30, 0, 1)])

test('messages are paired, and the nodes at which they differ are known', () => {
  expect(
    compareMessages(above.state, below.state).map(({ above: one, below: other, differsAt }) => [
      one?.text,
      other?.text,
      differsAt,
    ]),
  ).toEqual([
    ['m0', 'm0', [1]],
    [undefined, 'm1', [0]],
  ])
  expect(compareMessages(above.state, above.state).flatMap(({ differsAt }) => differsAt)).toEqual([])
})

test('a run is complete when all running nodes have all messages', () => {
  expect(figuresOf(above, 5)).toEqual({ datagrams: 0, completeAfter: 15 })
  expect(figuresOf(below, 5).completeAfter).toBe(null)
})

test('copies grow with each arrival', () => {
  expect(growthOf(above, 5, 0)).toEqual([
    { at: 5, copies: 0 },
    { at: 10, copies: 1 },
    { at: 20, copies: 2 },
  ])
})
