import { expect, test } from 'vitest'
import type { LabEvent } from '../../shared/model/event.ts'
import { fold } from '../../shared/model/fold.ts'
import { EMPTY_LAB } from '../../shared/model/lab-state.ts'
import { UNKNOWN_PORT } from '../../shared/model/names.ts'
import { eventWords, fits, nodeOf, stillPossible } from './event-words.ts'
import { lineOf } from './test-settings.ts'

const rumor: LabEvent = {
  n: 1,
  at: 5,
  type: 'sent',
  node: 2,
  to: 40_001,
  why: 'new',
  bytes: 30,
  delayMs: 10,
  content: { kind: 'rumor', origin: 40_000, seq: 3 },
}
const command: LabEvent = { n: 2, at: 6, type: 'command', by: 'page', line: '1 crash', output: [] }
const all = { node: null, type: null, message: null }

test('a datagram from a node’s port without a reported sending is described so', () => {
  const lab = fold(EMPTY_LAB, [{ n: 1, at: 0, type: 'network', settings: lineOf(2) }])
  const received = (from: number, datagram: number | null) => {
    return eventWords({ n: 9, at: 9, type: 'received', node: 0, from, datagram, bytes: 9 }, lab)
  }
  expect(received(40_001, 5)).toBe('from node 1')
  expect(received(40_001, null)).toBe('from node 1; its sending was not reported')
  expect(received(9_999, null)).toBe('from port 9999')
})

test('an event that nobody reported, or without an exact clock, is described so', () => {
  const lab = fold(EMPTY_LAB, [{ n: 1, at: 0, type: 'network', settings: lineOf(2) }])
  const stored = {
    n: 9,
    at: 9,
    type: 'stored',
    node: 0,
    origin: 40_001,
    seq: 0,
    text: 'hi',
    from: UNKNOWN_PORT,
  } as const
  expect(eventWords({ ...stored, inferred: true }, lab)).toBe('“hi” seen in its chat log · inferred')
  expect(eventWords({ ...stored, from: 40_001, uncertaintyMs: 2.5 }, lab)).toBe('“hi” from node 1 · ± 2.50 ms')
})

test('an event is described in words, with the gate’s effect', () => {
  expect(eventWords(rumor, EMPTY_LAB)).toBe('rumor of message :40000.3 to port 40001')
  expect(eventWords({ ...rumor, fate: 'cut' }, EMPTY_LAB)).toBe(
    'rumor of message :40000.3 to port 40001: the link was cut',
  )
  expect(eventWords({ n: 3, at: 9, type: 'lost', datagram: 1, why: 'early' }, EMPTY_LAB)).toBe(
    'its receiver was not up yet',
  )
  expect(eventWords(command, EMPTY_LAB)).toBe('1 crash')
  const oversized = {
    n: 4,
    at: 9,
    type: 'oversized',
    node: 1,
    origin: 40_000,
    seq: 3,
    bytes: 10_276,
    most: 9_216,
  } as const
  expect(eventWords(oversized, EMPTY_LAB)).toBe(
    'message :40000.3 cannot be sent: 10,276 bytes, this system sends at most 9,216',
  )
  expect(fits(oversized, { ...all, message: { origin: 40_000, seq: 3 } })).toBe(true)
  expect(eventWords({ n: 4, at: 9, type: 'ending', node: 1 }, EMPTY_LAB)).toBe(
    'got crash: finishes passing messages on, then ends',
  )
})

test('a filter selects events that match all its parts', () => {
  expect([rumor, command].filter((event) => fits(event, all))).toHaveLength(2)
  expect(fits(rumor, { ...all, node: 2, type: 'sent' })).toBe(true)
  expect(fits(rumor, { ...all, node: 1 })).toBe(false)
  expect(fits(rumor, { ...all, message: { origin: 40_000, seq: 3 } })).toBe(true)
  expect(fits(command, { ...all, message: { origin: 40_000, seq: 3 } })).toBe(false)
  expect(nodeOf(command)).toBeNull()
})

test('a filter drops a node and a message that no longer exist', () => {
  const four = fold(EMPTY_LAB, [
    { n: 1, at: 0, type: 'network', settings: lineOf(4) },
    { n: 2, at: 1, type: 'stored', node: 3, origin: 40_003, seq: 0, text: 'x', from: null },
  ])
  const filter = { node: 3, type: 'sent', message: { origin: 40_003, seq: 0 } } as const
  expect(stillPossible(filter, four)).toEqual(filter)
  const three = fold(four, [{ n: 3, at: 2, type: 'network', settings: lineOf(3) }])
  expect(stillPossible(filter, three)).toEqual({ node: null, type: 'sent', message: null })
})
