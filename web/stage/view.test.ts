import { expect, test } from 'vitest'
import type { LabEvent } from '../../shared/model/event.ts'
import { fold } from '../../shared/model/fold.ts'
import { EMPTY_LAB } from '../../shared/model/lab-state.ts'
import { lineOf } from '../model/test-settings.ts'
import { nodeViews } from './view.ts'

const settings = lineOf(2)
const begin: readonly LabEvent[] = [
  { n: 1, at: 0, type: 'network', settings },
  { n: 2, at: 1, type: 'starting', node: 1, generation: 0, pid: 7, seed: 1 },
  { n: 3, at: 2, type: 'running', node: 1, tcp: [20_001] },
  { n: 4, at: 3, type: 'ended', node: 1, end: { how: 'crashed' }, stderr: [] },
]
const nodeOne = (...events: readonly LabEvent[]) => nodeViews(fold(EMPTY_LAB, [...begin, ...events]), null)[1]
const stranger = (n: number, present: boolean): LabEvent => ({ n, at: n, type: 'stranger', node: 1, present })

test('a stranger on the port of a crashed node is shown at the node until it leaves or the node starts', () => {
  expect(nodeOne(stranger(5, true))).toMatchObject({
    stranger: true,
    detail: 'stranger on :40001',
    name: 'Node 1, crashed, 0 copies lost, another program has its UDP port 40001',
  })
  expect(nodeOne(stranger(5, true), stranger(6, false))).toMatchObject({ stranger: false, detail: '0 copies lost' })
  const starting: LabEvent = { n: 6, at: 6, type: 'starting', node: 1, generation: 1, pid: 8, seed: 1 }
  expect(nodeOne(stranger(5, true), starting)).toMatchObject({ stranger: false })
})

test('a node shows and names messages that it has received and keeps back', () => {
  const stored: LabEvent = { n: 5, at: 5, type: 'stored', node: 0, origin: 40_000, seq: 1, text: 'second', from: null }
  const alive = fold(EMPTY_LAB, [...begin.slice(0, 3), { ...stored, n: 4 }])
  const lab = fold(alive, [{ n: 5, at: 6, type: 'kept-back', node: 1, origin: 40_000, seq: 1, from: 40_000 }])
  expect(nodeViews(lab, null)[1]).toMatchObject({
    count: '0 of 1',
    waiting: '1 waiting',
    name: 'Node 1, running, has 0 of 1 message, 1 received and waiting for an earlier one',
    segments: [{ held: false, waits: true }],
  })
})
