/** Tests that what is said of a message beside a complaint is what was seen of it, and does not contradict it. */
import { expect, test } from 'vitest'
import type { LabEvent } from '../../shared/model/event.ts'
import type { Complaint } from './complaint.ts'
import { reasonOf } from './story.ts'

type Unnumbered = LabEvent extends infer Event ? (Event extends LabEvent ? Omit<Event, 'n' | 'at'> : never) : never

const ROOT = 40_000
const TEXT = 'Bob'
const starting = (node: number, gate: true | string = true): Unnumbered => ({
  ...{ type: 'starting', node, generation: 0, program: true, gate, seed: 1, pid: null },
})
const given = (node: number): Unnumbered => ({ type: 'given', node, origin: ROOT, seq: 0, text: TEXT })
const shown = (node: number): Unnumbered => ({
  ...{ type: 'stored', node, origin: ROOT, seq: 0, text: TEXT, from: 0, inferred: true },
})
const sent = (node: number, to: number): Unnumbered => ({
  ...{ type: 'sent', node, to: ROOT + to, why: 'program', bytes: 40, delayMs: 0, inferred: true },
  content: { kind: 'rumor', origin: ROOT, seq: 0 },
})
/** `datagram` is the place of its `sent` event. */
const received = (node: number, datagram: number): Unnumbered => ({
  ...{ type: 'received', node, from: ROOT, bytes: 40, content: { kind: 'rumor', origin: ROOT, seq: 0 } },
  datagram,
})
const ended = (node: number): Unnumbered => ({ type: 'ended', node, end: { how: 'stopped' }, stderr: [] })
const THREE = [starting(0), starting(1), starting(2)]

/** An event a second. */
function wordsOf(lacking: readonly number[], events: readonly Unnumbered[]): string {
  const complaint: Complaint = { words: 'it lacks', texts: [TEXT], lacking }
  return reasonOf(
    complaint,
    events.map((event, n) => ({ ...event, n, at: n * 1_000 }) as LabEvent),
  ).words
}

test('a message that came to no node that lacks it: how many it reached', () => {
  const events = [...THREE, given(0), sent(0, 1), received(1, 4)]
  expect(wordsOf([2], events)).toBe('it lacks; “Bob” reached 2 of 3 nodes; last seen at node 1 at 5.000 s')
})

test('a message that came to nodes that lack it: how it came there, and which it did not reach', () => {
  const events = [...THREE, given(0), sent(0, 1), received(1, 4)]
  expect(wordsOf([1, 2], events)).toBe(
    'it lacks; a datagram with “Bob” reached node 1 at 5.000 s; no datagram with it reached node 2',
  )
  expect(wordsOf([0], events)).toBe('it lacks; “Bob” was given to node 0 at 3.000 s')
  expect(wordsOf([1], [...THREE, given(0), shown(1)])).toBe('it lacks; “Bob” was in the chat log of node 1 at 4.000 s')
})

test('a message that came to the present life of a node counts more than one that came to an earlier life', () => {
  const before = [...THREE, given(1), ended(1), starting(1)]
  expect(wordsOf([1], before)).toBe('it lacks; “Bob” was given to node 1 at 3.000 s')
  expect(wordsOf([1], [...before, sent(0, 1), received(1, 6)])).toMatch(
    /a datagram with “Bob” reached node 1 at 7.000 s/,
  )
})

test('where nobody sees the datagrams, or what they carry, nobody says how many nodes a message reached', () => {
  expect(wordsOf([1], [starting(0, 'no gate'), starting(1, 'no gate'), given(0)])).toBe(
    'it lacks; “Bob” was last seen at node 0 at 2.000 s',
  )
  expect(wordsOf([1], [...THREE, given(0)])).toBe(
    'it lacks; “Bob” was last seen at node 0 at 3.000 s, and in no datagram',
  )
  expect(wordsOf([1], THREE)).toBe('it lacks; “Bob” was given to no node')
})
