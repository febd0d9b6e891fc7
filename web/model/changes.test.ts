import { expect, test } from 'vitest'
import type { LabEvent } from '../../shared/model/event.ts'
import { fold } from '../../shared/model/fold.ts'
import { EMPTY_LAB, type LabState } from '../../shared/model/lab-state.ts'
import { changedNodes, changesSince, changeWords } from './changes.ts'
import { inboxesOf } from './held.ts'
import { lineOf } from './test-settings.ts'

const rumor = { kind: 'rumor', origin: 40_000, seq: 0 } as const
const before: LabState = fold(EMPTY_LAB, [
  { n: 1, at: 0, type: 'network', settings: lineOf(3) },
  ...[0, 1, 2].map((node): LabEvent => ({ n: node + 2, at: 0, type: 'running', node, tcp: [] })),
  { n: 5, at: 1, type: 'stored', node: 0, origin: 40_000, seq: 0, text: 'hello', from: null },
  held(6, 1, 0, 40_001),
])

function held(n: number, number: number, node: number, to: number): LabEvent {
  return { n, at: n, type: 'held', node, number, ticket: number, to, why: 'new', bytes: 30, content: rumor }
}

test('a lab that is the same has no changes', () => {
  const changes = changesSince(before, before)
  expect(changedNodes(changes)).toEqual(new Set())
  expect(changeWords(changes, before)).toEqual([])
})

test('the changes of a delivery are visible: new messages, and newly held datagrams', () => {
  const after = fold(before, [
    { n: 7, at: 10, type: 'stored', node: 1, origin: 40_000, seq: 0, text: 'hello', from: 40_000 },
    held(8, 2, 1, 40_002),
  ])
  const changes = changesSince(before, after)
  expect([...changedNodes(changes)]).toEqual([1])
  expect(changes.vectors.get(1)).toEqual(new Set([40_000]))
  expect(changes.waiting).toEqual([2])
  expect(changeWords(changes, after)).toEqual(['node 1 stored “hello”', '#2 is held: rumor “hello”, node 1 to node 2'])
})

test('a status changes what a node knows of its neighbour', () => {
  const status = { kind: 'status', pairs: [[40_000, 1]] } as const
  const after = fold(before, [
    { n: 7, at: 10, type: 'sent', node: 0, to: 40_001, why: 'ack', bytes: 20, delayMs: 0, content: status },
    { n: 8, at: 11, type: 'received', node: 1, from: 40_000, datagram: 7, bytes: 20 },
  ])
  const changes = changesSince(before, after)
  expect(changes.heard.get(1)).toEqual(new Set([40_000]))
  expect(changeWords(changes, after)).toEqual(['node 1 now knows the messages of node 0'])
})

test('held datagrams are sorted into inboxes, in the order of the nodes', () => {
  const lab = fold(before, [held(7, 2, 1, 40_002), held(8, 3, 1, 40_000), held(9, 4, 0, 40_001)])
  const inboxes = inboxesOf(Object.values(lab.held))
  expect(inboxes.map(({ to, datagrams }) => [to, datagrams.map(({ number }) => number)])).toEqual([
    [40_000, [3]],
    [40_001, [1, 4]],
    [40_002, [2]],
  ])
})
