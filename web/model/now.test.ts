import { expect, test } from 'vitest'
import type { LabEvent } from '../../shared/model/event.ts'
import { createPageStore } from '../store/store.ts'
import { whatHappens } from './now.ts'
import { lineOf } from './test-settings.ts'

const RUMOR = { kind: 'rumor', origin: 40_000, seq: 0 } as const
const send = (n: number, at: number, node: number, to: number): LabEvent => ({
  ...{ n, at, type: 'sent', node, to, why: 'new', bytes: 26, delayMs: 250, content: RUMOR },
})
const store = (n: number, at: number, node: number, from: number | null): LabEvent => ({
  ...{ n, at, type: 'stored', node, origin: 40_000, seq: 0, text: 'hello', from },
})
const receive = (n: number, at: number, node: number, datagram: number): LabEvent => ({
  ...{ n, at, type: 'received', node, from: 40_000 + node - 1, datagram, bytes: 26 },
})
const BEGIN: readonly LabEvent[] = [
  { n: 1, at: 0, type: 'network', settings: lineOf(3) },
  ...[0, 1, 2].map((node): LabEvent => ({ n: node + 2, at: 1, type: 'running', node, tcp: [] })),
]
/** A message that crosses a line of three, a link in 250 ms. */
const STORY: readonly LabEvent[] = [
  ...BEGIN,
  store(5, 20_000, 0, null),
  send(6, 20_000, 0, 40_001),
  store(7, 20_250, 1, 40_000),
  receive(8, 20_250, 1, 6),
  send(9, 20_250, 1, 40_002),
  store(10, 20_500, 2, 40_001),
  receive(11, 20_500, 2, 9),
]

/** Returns the sentence and the figure at an instant, in ms, on a page that has all events. */
function at(instant: number, events: readonly LabEvent[] = STORY) {
  const page = createPageStore()
  page.enqueue(events)
  page.advance(instant)
  const { sentence, figure } = whatHappens(page.getState().lab, page.past, instant)
  return [sentence, figure && `${figure.count} ${figure.of}`]
}

test('before the first message there is a sentence while nodes start, then nothing, and never a figure', () => {
  expect(at(2)).toEqual(['Node 2 started', null])
  expect(at(19_000)).toEqual([null, null])
})

test('a message is in flight, then a node has got it, and the figure counts the nodes that have it by then', () => {
  expect(at(20_100)).toEqual(['“hello” is on its way from node 0 to node 1', '1 of 3 nodes have message 0.0'])
  expect(at(20_300)).toEqual(['“hello” is on its way from node 1 to node 2', '2 of 3 nodes have message 0.0'])
  expect(at(20_600)).toEqual(['Node 1 told node 2 “hello”', '3 of 3 nodes have message 0.0'])
  // Long after, only the state.
  expect(at(60_000)).toEqual([null, '3 of 3 nodes have message 0.0'])
})

test('it knows nothing beyond the instant on screen', () => {
  const page = createPageStore()
  page.enqueue(STORY)
  page.advance(1e6)
  page.showEvent(5)
  const { sentence, figure } = whatHappens(page.getState().lab, page.past, 20_000)
  expect(sentence).toBe('Node 0 got a message: “hello”')
  expect(figure?.count).toBe('1 of 3')
})

test('a crash names the lost messages, and the figure counts live copies', () => {
  const crash: LabEvent = { n: 12, at: 21_000, type: 'ended', node: 1, end: { how: 'crashed' }, stderr: [] }
  expect(at(21_100, [...STORY, crash])).toEqual(['Node 1 crashed: 1 copy is lost', '2 of 3 nodes have message 0.0'])
})

test('a lost rumor is named with place and reason; one to a node with the message is no news, and neither is a status', () => {
  const lost: readonly LabEvent[] = [...STORY.slice(0, 6), { n: 7, at: 20_250, type: 'lost', datagram: 6, why: 'gone' }]
  expect(at(20_260, lost)[0]).toBe('“hello” did not reach node 1: node 1 had ended')
  const again = send(12, 20_700, 0, 40_001)
  expect(at(20_800, [...STORY, again])[0]).toBe('Node 1 told node 2 “hello”')
  for (const content of [RUMOR, { kind: 'status', pairs: [] } as const]) {
    const cut: LabEvent = {
      ...{ n: 12, at: 20_700, type: 'sent', node: 0, to: 40_001, why: 'ack', bytes: 9, delayMs: 0 },
      ...{ content, fate: 'cut' },
    }
    expect(at(20_800, [...STORY, cut])[0]).toBe('Node 1 told node 2 “hello”')
  }
})

test('several receivers are named, and many are counted', () => {
  const star = { ...lineOf(8), topology: 'star' } as const
  const begin: readonly LabEvent[] = [{ n: 1, at: 0, type: 'network', settings: star }, store(2, 10, 0, null)]
  const to = (most: number) => Array.from({ length: most }, (_, id) => send(id + 3, 10, 0, 40_001 + id))
  expect(at(20, [...begin, ...to(3)])[0]).toBe('“hello” is on its way from node 0 to nodes 1, 2 and 3')
  expect(at(20, [...begin, ...to(7)])[0]).toBe('“hello” is on its way from node 0 to 7 nodes')
})

test('a message that comes too early is described as waiting, and does not count as shown', () => {
  const early = { n: 8, at: 20_400, type: 'kept-back', node: 1, origin: 40_000, seq: 0, from: 40_000 } as const
  expect(
    at(20_500, [...BEGIN, store(5, 20_000, 0, null), send(6, 20_000, 0, 40_001), receive(7, 20_400, 1, 6), early]),
  ).toEqual(['“hello” waits at node 1 for an earlier message', '1 of 3 nodes have message 0.0'])
})
