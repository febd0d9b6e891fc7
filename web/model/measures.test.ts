import { expect, test } from 'vitest'
import { NO_COUNTS } from '../../shared/model/counters.ts'
import type { LabEvent } from '../../shared/model/event.ts'
import { fold } from '../../shared/model/fold.ts'
import { EMPTY_LAB } from '../../shared/model/lab-state.ts'
import { measure, measured, timeToAll } from './measures.ts'
import { lineOf } from './test-settings.ts'

const settings = lineOf(3)

type Unnumbered = LabEvent extends infer Event ? (Event extends LabEvent ? Omit<Event, 'n'> : never) : never
const lab = (...events: Unnumbered[]) =>
  fold(
    EMPTY_LAB,
    [{ at: 0, type: 'network', settings } as const, ...events].map((event, index) => ({ ...event, n: index + 1 })),
  )
const starts = (at: number, node: number): Unnumbered[] => [
  { at, type: 'starting', node, generation: 0, pid: 1, seed: 1 },
  { at, type: 'running', node, tcp: [20_000 + node] },
]
const stored = (at: number, node: number, from: number | null): Unnumbered => ({
  at,
  type: 'stored',
  node,
  origin: 40_000,
  seq: 0,
  text: 'Lexi',
  from,
})
const ended = (at: number, node: number): Unnumbered => ({
  at,
  type: 'ended',
  node,
  end: { how: 'crashed' },
  stderr: [],
})
const all = [...starts(0, 0), ...starts(0, 1), ...starts(0, 2)]

const time = (state: ReturnType<typeof lab>) => {
  const [message] = state.messages
  return message && timeToAll(message, state.nodes)
}

test('the time to all is that of the last node to get a message', () => {
  const state = lab(...all, stored(100, 0, null), stored(351, 1, 40_000), stored(602, 2, 40_001))
  expect(time(state)).toBe(502)
  expect(measure(state, 9_000)).toMatchObject({ toAll: 1, median: 502, p95: 502, incomplete: 0, diameter: 2 })
})

test('measures are those of the lab on screen, whenever it changes', () => {
  const some = lab(...all, stored(100, 0, null), stored(351, 1, 40_000))
  const full = lab(...all, stored(100, 0, null), stored(351, 1, 40_000), stored(602, 2, 40_001))
  const before = measured(null, some, 600, false)
  expect(before).toMatchObject({ toAll: 0, median: null })
  expect(measured(before, some, 601, false)).toBe(before)
  expect(measured(before, full, 602, false)).toMatchObject({ toAll: 1, median: 502, lab: full })
})

test('with very many messages they are summed up periodically, and exactly while the view is paused', () => {
  const one = lab(...all, stored(100, 0, null))
  const many = (count: number) => ({ ...one, messages: Array(count).fill(one.messages[0]) })
  const before = measured(null, many(10_000), 600, false)
  expect(measured(before, many(10_001), 700, false)).toBe(before)
  expect(measured(before, many(10_001), 700, true).messages).toBe(10_001)
  expect(measured(before, many(10_001), 1_100, false).messages).toBe(10_001)
})

test('a message that a node lacks has no time to all', () => {
  const state = lab(...all, stored(100, 0, null), stored(351, 1, 40_000))
  expect(time(state)).toBeNull()
  expect(measure(state, 9_000)).toMatchObject({ median: null, incomplete: 1, newest: [{ held: 2, of: 3, cutOff: [] }] })
  expect(measure(state, 700).incomplete).toBe(0)
})

test('the running nodes that are cut off from a message are named', () => {
  const state = lab(...all, ended(50, 1), stored(100, 0, null))
  expect(measure(state, 9_000).newest).toMatchObject([{ held: 1, cutOff: [2] }])
})

test('a node that crashed before it got a message, or was dead at its birth, does not count', () => {
  expect(time(lab(...all, ended(50, 2), stored(100, 0, null), stored(351, 1, 40_000)))).toBe(251)
  expect(time(lab(...all, stored(100, 0, null), stored(351, 1, 40_000), ended(400, 2)))).toBe(251)
})

test('a repeated copy at a restarted node does not count as spreading', () => {
  const state = lab(
    ...all,
    stored(100, 0, null),
    stored(351, 1, 40_000),
    stored(602, 2, 40_001),
    ended(700, 2),
    ...starts(60_000, 2),
    stored(60_260, 2, 40_001),
  )
  expect(time(state)).toBe(251)
})

test('without messages there is nothing to divide by', () => {
  expect(measure(lab(...all), 0)).toMatchObject({ perMessage: null, untold: 0, median: null })
})

const sent = (at: number, node: number, to: number, why: 'new' | 'ack' | 'anti-entropy' | 'flood'): Unnumbered => ({
  at,
  type: 'sent',
  node,
  to: 40_000 + to,
  why,
  bytes: 1,
  delayMs: 0,
  content: why === 'new' || why === 'flood' ? { kind: 'rumor', origin: 40_000, seq: 0 } : { kind: 'status', pairs: [] },
})
const spread = [
  stored(1, 0, null),
  sent(1, 0, 1, 'new'),
  stored(2, 1, 40_000),
  sent(2, 1, 2, 'new'),
  stored(3, 2, 40_001),
]

test('the cost of a message does not grow with rounds of anti-entropy, nor with a flood', () => {
  const cost = { all: 2, rumors: 2, repeats: 0, acks: 0, needed: 2 }
  expect(measure(lab(...all, ...spread), 9).perMessage).toMatchObject(cost)
  const idle = Array.from({ length: 40 }, (_, round) => sent(10_000 * round, 0, 1, 'anti-entropy'))
  const flood = Array.from({ length: 3_000 }, (_, place) => sent(500_000 + place, 0, 1, 'flood'))
  const counters = { ...NO_COUNTS, rumorsSent: 3_002, statusesSent: 40, memoryBytes: 0 }
  const counted = { at: 510_000, type: 'counters', node: 0, counters } as const
  expect(measure(lab(...all, ...spread, ...idle, ...flood, counted), 9e5).perMessage).toMatchObject(cost)
})

test('there are never fewer rumors than copies that came from a node', () => {
  for (let length = 0; length <= spread.length; length += 1) {
    const { perMessage } = measure(lab(...all, ...spread.slice(0, length)), 9)
    if (perMessage) expect(perMessage.rumors).toBeGreaterThanOrEqual(perMessage.needed)
  }
})

test('a message with only sampled reports is in no average', () => {
  const sampling = { at: 4, type: 'sampling', node: 0, every: 2 } as const
  expect(measure(lab(...all, ...spread, sampling), 9)).toMatchObject({ perMessage: null, untold: 1 })
})
