import { expect, test } from 'vitest'
import type { LabEvent } from '../../../shared/model/event.ts'
import { HEALTHY } from '../../../shared/model/fault.ts'
import { fold } from '../../../shared/model/fold.ts'
import { EMPTY_LAB } from '../../../shared/model/lab-state.ts'
import { makeUpEvents } from '../../../shared/sim/made-up.ts'
import { lineOf } from '../test-settings.ts'
import { createLandmarks } from './landmarks.ts'

const stored = (n: number, node: number, from: number | null): LabEvent => ({
  n,
  at: n,
  type: 'stored',
  node,
  origin: 40_000,
  seq: 0,
  text: 'Lexi',
  from,
})
const EVENTS: readonly LabEvent[] = [
  { n: 1, at: 1, type: 'network', settings: lineOf(3) },
  { n: 2, at: 2, type: 'running', node: 0, tcp: [] },
  { n: 3, at: 3, type: 'running', node: 1, tcp: [] },
  stored(4, 0, null),
  stored(5, 1, 40_000),
  { n: 6, at: 6, type: 'running', node: 2, tcp: [] },
  { n: 7, at: 7, type: 'lost', datagram: 5, why: 'gone' },
  { n: 8, at: 8, type: 'ended', node: 2, end: { how: 'crashed' }, stderr: [] },
]

test('a copy, a loss, a crash and an agreement are landmarks', () => {
  const landmarks = createLandmarks(EMPTY_LAB)
  landmarks.take(EVENTS)
  expect(landmarks.all.map(({ n, kind }) => `${n} ${kind}`)).toEqual([
    '1 network',
    '2 start',
    '3 start',
    '4 message',
    '5 copy',
    '5 agreement',
    '6 start',
    '7 loss',
    '8 crash',
    '8 agreement',
  ])
  expect(landmarks.after(3)?.n).toBe(4)
  expect(landmarks.before(4)?.n).toBe(3)
  expect(landmarks.after(8)).toBeUndefined()
})

test('a datagram that came too early, and one with an unknown end, are no landmarks', () => {
  const landmarks = createLandmarks(EMPTY_LAB)
  landmarks.take(
    (['early', 'unreported', 'unknown'] as const).map(
      (why, n): LabEvent => ({ n, at: n, type: 'lost', datagram: 9, why }),
    ),
  )
  expect(landmarks.all.map(({ n, kind }) => `${n} ${kind}`)).toEqual(['2 loss'])
})

test('a node that the lab stopped, as for a new network, is no crash', () => {
  const landmarks = createLandmarks(EMPTY_LAB)
  landmarks.take([...EVENTS.slice(0, 3), { n: 4, at: 4, type: 'ended', node: 0, end: { how: 'stopped' }, stderr: [] }])
  expect(landmarks.all.at(-1)?.kind).toBe('stop')
})

test('landmarks that begin in the middle are the same from there on', () => {
  const events = makeUpEvents(2_000, 7)
  const whole = createLandmarks(EMPTY_LAB)
  whole.take(events)
  for (const from of [1, 137, 800, 1_600]) {
    const part = createLandmarks(fold(EMPTY_LAB, events.slice(0, from)))
    part.take(events.slice(from))
    expect(part.all).toEqual(whole.all.filter(({ n }) => n > from))
  }
})

test('an agreement is one of nodes that can reach each other, as in until agreed', () => {
  const three: readonly LabEvent[] = [
    ...EVENTS.slice(0, 3),
    { n: 4, at: 4, type: 'running', node: 2, tcp: [] },
    stored(5, 0, null),
  ]
  const agreements = (...events: readonly LabEvent[]) => {
    const landmarks = createLandmarks(EMPTY_LAB)
    landmarks.take([...three, ...events])
    return landmarks.all.filter(({ kind }) => kind === 'agreement').map(({ n }) => n)
  }
  const cut = { ...HEALTHY, cut: true }
  expect(agreements(stored(6, 1, 40_000))).toEqual([])
  expect(agreements({ n: 6, at: 6, type: 'ended', node: 1, end: { how: 'crashed' }, stderr: [] })).toEqual([6])
  expect(agreements(stored(6, 1, 40_000), { n: 7, at: 7, type: 'links', links: { '2>1': cut } })).toEqual([7])
  expect(
    agreements(
      { n: 6, at: 6, type: 'links', links: { '*': cut } },
      { n: 7, at: 7, type: 'links', links: { '*': HEALTHY } },
      stored(8, 1, 40_000),
      stored(9, 2, 40_001),
    ),
  ).toEqual([6, 9])
})
