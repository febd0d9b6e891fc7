import { expect, test } from 'vitest'
import { disagreement } from '../../shared/model/agreement.ts'
import { wordsOf, writtenIn } from '../../shared/model/cell-words.ts'
import { cellsOf } from '../../shared/model/cells.ts'
import type { LabEvent } from '../../shared/model/event.ts'
import { fold } from '../../shared/model/fold.ts'
import { EMPTY_LAB } from '../../shared/model/lab-state.ts'
import { reachOf } from '../../shared/model/reach.ts'
import { createPageStore } from '../store/store.ts'
import { describeShown } from './describe.ts'
import { previewHeld } from './held.ts'
import { isInferred, measure, whyUntold } from './measures.ts'
import { lineOf } from './test-settings.ts'
import { createLandmarks } from './time/landmarks.ts'

const program = { generation: 0, pid: 1, seed: 1, program: true } as const
const BEGUN: readonly LabEvent[] = [
  { n: 1, at: 0, type: 'network', settings: { ...lineOf(2), linkDelayMs: 0 } },
  { n: 2, at: 1, type: 'starting', node: 0, ...program },
  { n: 3, at: 1, type: 'starting', node: 1, ...program },
  { n: 4, at: 2, type: 'running', node: 0, tcp: [20_000] },
  { n: 5, at: 2, type: 'running', node: 1, tcp: [20_001] },
  { n: 6, at: 10, type: 'given', node: 0, origin: 40_000, seq: 0, text: 'hi' },
]
const message = { type: 'stored', origin: 40_000, seq: 0, text: 'hi', inferred: true } as const
const SEEN: readonly LabEvent[] = [
  ...BEGUN,
  { n: 7, at: 30, node: 0, ...message, from: null },
  { n: 8, at: 50, node: 1, ...message, from: 0 },
]

const stateOf = (events: readonly LabEvent[]) => fold(EMPTY_LAB, events)

function cellsAt(events: readonly LabEvent[]) {
  const lab = stateOf(events)
  return lab.messages.flatMap((one) => cellsOf(one, reachOf(lab)))
}

test('a message that a program was given and does not show is on no node, and the nodes do not agree', () => {
  expect(cellsAt(BEGUN).map((cell) => writtenIn(cell, 200))).toEqual(['not seen', 'not seen'])
  expect(disagreement(stateOf(BEGUN))).toMatch(/^node 0 was given “hi”/)
  const landmarks = createLandmarks(EMPTY_LAB)
  landmarks.take(BEGUN)
  expect(landmarks.all.some(({ kind }) => kind === 'agreement')).toBe(false)
  landmarks.take(SEEN.slice(BEGUN.length))
  expect(landmarks.all.at(-1)).toMatchObject({ kind: 'agreement', n: 8 })
})

test('a copy in a chat log is said to be inferred, and its time counts from when the message was given', () => {
  expect(cellsAt(SEEN).map(wordsOf)).toEqual(['origin', 'inferred: in its chat log after 40 ms'])
  expect(disagreement(stateOf(SEEN))).toBeUndefined()
})

test('measures that need datagrams are left out, and are not 0', () => {
  expect(measure(stateOf(SEEN), 1_000)).toMatchObject({ perMessage: null, untold: 1, median: 40, toAll: 1 })
  expect(whyUntold(stateOf(SEEN))).toBe('programs do not say why they send')
  expect([isInferred(stateOf(BEGUN)), isInferred(stateOf(SEEN))]).toEqual([false, true])
})

const sent = { type: 'sent', why: 'program', bytes: 26, delayMs: 0, inferred: true } as const
const RUMOR: LabEvent = {
  n: 8,
  at: 40,
  node: 0,
  to: 40_001,
  ...sent,
  content: { kind: 'rumor', origin: 40_000, seq: 0 },
}
const STATUS: LabEvent = { n: 8, at: 40, node: 1, to: 40_000, ...sent, content: { kind: 'status', pairs: [] } }
const arrival = (node: number, from: number): LabEvent => {
  return { n: 9, at: 41, type: 'received', node, from, datagram: 8, bytes: 26, inferred: true }
}
const OWN_COPY = SEEN.slice(0, 7)
const SOURCE = 'inferred from the report’s rules and the chat log of'

/** Describes the datagram that is event 8. */
function described(events: readonly LabEvent[]) {
  const store = createPageStore()
  store.enqueue(events)
  store.advance(1e9)
  const datagram = store.trace.datagram(8)
  if (!datagram) throw new Error('no datagram')
  const { meaning, fate } = describeShown(store, datagram)
  return { means: meaning.sentences, fate }
}

test('a datagram that a program got was delivered, and what the program should do is no more than that', () => {
  expect(described([...OWN_COPY, RUMOR, arrival(1, 40_000)])).toEqual({
    means: ['new to node 1: it should store it, pass it on and answer with a status', `${SOURCE} node 1`],
    fate: 'delivered after 1 ms',
  })
  expect(described([...OWN_COPY, STATUS, arrival(0, 40_001)])).toEqual({
    means: [
      'node 0 has origin 40000 up to 1, node 1 has none of it: node 0 should send message 0.0',
      `${SOURCE} node 0`,
    ],
    fate: 'delivered after 1 ms',
  })
})

test('a held datagram for a program says what the report asks for', () => {
  const held: LabEvent = { ...RUMOR, type: 'held', number: 1, ticket: 1 }
  const [, does] = previewHeld(stateOf([...OWN_COPY, held]), 1)
  expect(does).toBe(
    'by the report’s rules, this should make node 1 store message 0.0, pass it on, and acknowledge to node 0',
  )
})

test('after the restart of a program the numbers of a status are not compared', () => {
  const life: readonly LabEvent[] = [
    { n: 9, at: 60, type: 'ended', node: 0, end: { how: 'crashed' }, stderr: [] },
    { n: 10, at: 61, type: 'starting', node: 0, ...program, generation: 1 },
    { n: 11, at: 62, type: 'running', node: 0, tcp: [20_000] },
    { n: 12, at: 63, node: 0, ...message, origin: 40_000 + 65_536, text: 'ho', from: null },
  ]
  const status = { ...STATUS, n: 13, at: 70 }
  const store = createPageStore()
  store.enqueue([...SEEN, ...life, status])
  store.advance(1e9)
  const datagram = store.trace.datagram(13)
  if (!datagram) throw new Error('no datagram')
  expect(describeShown(store, datagram).meaning.sentences[0]).toBe(
    'node 0 compares it with its own numbers. A program was restarted since, so the lab cannot compare them',
  )
})
