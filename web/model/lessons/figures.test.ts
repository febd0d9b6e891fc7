import { expect, test } from 'vitest'
import { NO_COUNTS } from '../../../shared/model/counters.ts'
import type { LabEvent } from '../../../shared/model/event.ts'
import { fold } from '../../../shared/model/fold.ts'
import { EMPTY_LAB, type LabState } from '../../../shared/model/lab-state.ts'
import { lineOf } from '../test-settings.ts'
import { measureFigure } from './figures.ts'

type PlayerSide = LabEvent extends infer One ? (One extends LabEvent ? Omit<One, 'n'> : never) : never

const labOf = (events: readonly PlayerSide[], before: LabState = EMPTY_LAB): LabState =>
  fold(
    before,
    events.map((event, index) => ({ ...event, n: before.last + index + 1 }) as LabEvent),
  )

const begun = (id: number): PlayerSide[] => [
  { at: 0, type: 'starting', node: id, generation: 0, pid: 7 + id, seed: 1 },
  { at: 1, type: 'running', node: id, tcp: [20_000 + id] },
]
const stored = (node: number, at: number, from: number | null, text = 'hello', origin = 40_000): PlayerSide => ({
  at,
  type: 'stored',
  node,
  origin,
  seq: 0,
  text,
  from,
})

const START = labOf([{ at: 0, type: 'network', settings: lineOf(3) }, ...begun(0), ...begun(1), ...begun(2)])
const SPREAD = labOf([stored(0, 1_000, null), stored(1, 1_260, 40_000), stored(2, 1_530, 40_001)], START)

test('time is from the first to the last, beside the time of the links alone', () => {
  expect(measureFigure({ kind: 'time', text: 'hello' }, START, SPREAD)).toEqual({
    value: '530 ms',
    words: 'until all had “hello”; the delay of 2 links is 500 ms',
    amount: 530,
  })
  expect(measureFigure({ kind: 'time', text: 'bye' }, START, SPREAD).value).toBe('not on all nodes')
  expect(measureFigure({ kind: 'hops', id: 2, text: 'hello' }, START, SPREAD).value).toBe('2 links')
})

test('the duration of a scene counts from its first line, not from the birth of the message', () => {
  const half = labOf([stored(0, 1_000, null), stored(1, 1_260, 40_000)], START)
  const repaired = labOf(
    [{ at: 61_000, type: 'command', by: 'scenario', line: 'heal', output: [] }, stored(2, 61_700, 40_001)],
    half,
  )
  expect(measureFigure({ kind: 'took', text: 'hello' }, half, repaired).value).toBe('700 ms')
})

test('a crash: copies that are lost, and nodes that are cut off', () => {
  const first = labOf([stored(0, 1_000, null), stored(1, 1_260, 40_000)], START)
  const crashed = labOf([{ at: 2_000, type: 'ended', node: 1, end: { how: 'crashed' }, stderr: [] }], first)
  expect(measureFigure({ kind: 'copies-lost' }, first, crashed).value).toBe('1 copy')
  expect(measureFigure({ kind: 'holders', text: 'hello' }, first, crashed)).toEqual({
    value: '1 of 2',
    words: 'running nodes have “hello”; cut off: node 2',
    amount: 1,
    nodes: [0],
  })
})

test('a forgery is a message that its alleged origin does not have', () => {
  const forged = labOf([stored(1, 1_500, 40_002, 'made-up', 40_000)], START)
  expect(measureFigure({ kind: 'forged' }, START, forged)).toEqual({
    value: '1 forged message',
    words: 'stored by node 1',
    amount: 1,
    nodes: [1],
  })
  expect(measureFigure({ kind: 'forged' }, START, SPREAD).value).toBe('0 forged messages')
})

test('counters count from the beginning of the scene, and from the start of a node that began since', () => {
  const counters = (node: number, rumorsSent: number, statusesSent: number): PlayerSide => ({
    at: 1_000,
    type: 'counters',
    node,
    counters: { ...NO_COUNTS, rumorsSent, statusesSent, memoryBytes: 0 },
  })
  const before = labOf([counters(0, 10, 5), counters(1, 7, 7)], START)
  const after = labOf(
    [
      counters(0, 12, 6),
      { at: 2_000, type: 'starting', node: 1, generation: 1, pid: 99, seed: 1 },
      { at: 2_050, type: 'running', node: 1, tcp: [20_001] },
      counters(1, 1, 2),
    ],
    before,
  )
  expect(measureFigure({ kind: 'datagrams' }, before, after)).toEqual({
    value: '6 datagrams',
    words: '3 rumors and 3 statuses',
    amount: 6,
  })
})

test('the cost of a message is its own: rumors and acknowledgements, whatever else is sent', () => {
  const sent = (node: number, why: 'new' | 'repeat' | 'ack' | 'anti-entropy', at: number): PlayerSide => ({
    at,
    type: 'sent',
    node,
    to: 40_001,
    why,
    bytes: 1,
    delayMs: 0,
    content:
      why === 'new' || why === 'repeat'
        ? { kind: 'rumor', origin: 40_000, seq: 0 }
        : { kind: 'status', pairs: [[40_000, 1]] },
  })
  const cost = (...events: PlayerSide[]) => measureFigure({ kind: 'cost', text: 'hello' }, START, labOf(events, SPREAD))
  const before = cost(sent(0, 'new', 2_000), sent(0, 'repeat', 2_001))
  expect(before).toEqual({
    value: '2 datagrams',
    words: '1 rumor, 1 repeat, 0 acknowledgements for “hello”',
    amount: 2,
  })
  expect(cost(sent(0, 'new', 2_000), sent(0, 'repeat', 2_001), sent(0, 'anti-entropy', 2_002))).toEqual(before)
  const sampled = cost({ at: 2_000, type: 'sampling', node: 0, every: 2 })
  expect(sampled).toEqual({
    value: 'not known',
    words: 'what “hello” caused: not every datagram was reported',
    amount: null,
  })
  expect(measureFigure({ kind: 'cost', text: 'nobody' }, START, SPREAD).value).toBe('nothing')
})

test('an acknowledgement that two messages share is half of one for each, here and beside the message', () => {
  const begun = labOf(
    ['hello', 'bye'].map((text, seq) => ({ ...stored(0, 1_000, null, text), seq }) as PlayerSide),
    START,
  )
  const next = begun.last + 1
  const rumor = (seq: number): PlayerSide[] => [
    {
      at: 1_001,
      type: 'sent',
      node: 0,
      to: 40_001,
      why: 'new',
      bytes: 1,
      delayMs: 0,
      content: { kind: 'rumor', origin: 40_000, seq },
    },
    { at: 1_002, type: 'received', node: 1, from: 40_000, datagram: next + 2 * seq, bytes: 1 },
  ]
  const content = { kind: 'status', pairs: [[40_000, 2]] } as const
  const ack: PlayerSide = { at: 1_003, type: 'sent', node: 1, to: 40_000, why: 'ack', bytes: 1, delayMs: 0, content }
  const lab = labOf([...rumor(0), ...rumor(1), ack], begun)
  expect(measureFigure({ kind: 'cost', text: 'hello' }, START, lab)).toEqual({
    value: '1.5 datagrams',
    words: '1 rumor, 0.5 acknowledgements for “hello”',
    amount: 1.5,
  })
})

test('a figure about losses on links leaves out datagrams that were lost elsewhere', () => {
  const counters = { ...NO_COUNTS, datagramsLostAtGate: 3, memoryBytes: 0 }
  const after = labOf([{ at: 1_000, type: 'counters', node: 0, counters }], START)
  expect(measureFigure({ kind: 'lost' }, START, after)).toMatchObject({
    value: '3 datagrams',
    words: 'lost on a link, or dropped by hand',
  })
})

test('a message that is kept back is received, and only its origin has it', () => {
  const early: PlayerSide = { at: 1_300, type: 'kept-back', node: 1, origin: 40_000, seq: 0, from: 40_000 }
  const lab = labOf([stored(0, 1_000, null), early], START)
  expect(measureFigure({ kind: 'kept-back', text: 'hello' }, START, lab)).toEqual({
    value: '1 node',
    words: 'received “hello” and wait for an earlier message: node 1',
    amount: 1,
    nodes: [1],
  })
  expect(measureFigure({ kind: 'holders', text: 'hello' }, START, lab)).toMatchObject({ amount: 1, nodes: [0] })
})

test('redundant rumors and repeats are those of the scene’s messages, and invented ones never count', () => {
  const rumor = (n: number, why: 'new' | 'repeat' | 'replayed'): PlayerSide[] => [
    {
      at: 2_000 + n,
      type: 'sent',
      node: 0,
      to: 40_001,
      why,
      bytes: 1,
      delayMs: 0,
      content: { kind: 'rumor', origin: 40_000, seq: 0 },
    },
    { at: 2_000 + n, type: 'received', node: 1, from: 40_000, datagram: n, bytes: 1 },
  ]
  const next = SPREAD.last + 1
  const before = labOf(rumor(next, 'new'), SPREAD)
  const after = labOf([...rumor(next + 2, 'new'), ...rumor(next + 4, 'repeat'), ...rumor(next + 6, 'replayed')], before)
  expect(measureFigure({ kind: 'redundant' }, before, after)).toEqual({
    value: '2 redundant rumors',
    words: 'of 2 that were sent, 100 %',
    amount: 2,
  })
  expect(measureFigure({ kind: 'repeats' }, before, after).amount).toBe(1)
  const sampled = labOf([{ at: 2_900, type: 'sampling', node: 0, every: 2 }], after)
  for (const kind of ['redundant', 'repeats'] as const)
    expect(measureFigure({ kind }, before, sampled)).toMatchObject({ value: 'not known', amount: null })
})
