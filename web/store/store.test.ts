import { expect, test } from 'vitest'
import type { LabEvent } from '../../shared/model/event.ts'
import { EMPTY_LAB } from '../../shared/model/lab-state.ts'
import { lineOf } from '../model/test-settings.ts'
import { createPageStore, MOST_FORMER_EVENTS } from './store.ts'

const settings = lineOf(2)
const network = (n: number, at: number): LabEvent => ({ n, at, type: 'network', settings })
const sent = (n: number, at: number): LabEvent => ({
  n,
  at,
  type: 'sent',
  node: 0,
  to: 40_001,
  why: 'new',
  bytes: 30,
  delayMs: 250,
  content: { kind: 'rumor', origin: 40_000, seq: 0 },
})
const received = (n: number, at: number, datagram: number): LabEvent => ({
  n,
  at,
  type: 'received',
  node: 1,
  from: 40_000,
  datagram,
  bytes: 30,
})

test('an event is shown when the time on screen has reached it', () => {
  const store = createPageStore()
  store.enqueue([network(1, 0), sent(2, 100), received(3, 351, 2)])
  store.advance(200)
  expect(Object.keys(store.getState().lab.inFlight)).toEqual(['2'])
  store.advance(351)
  expect(store.getState().lab.inFlight).toEqual({})
  expect(store.trace.datagram(2)).toMatchObject({ sentAt: 100, arrivesAt: 350, receivedAt: 351 })
})

test('a batch without due events changes nothing', () => {
  const store = createPageStore()
  store.enqueue([network(1, 500)])
  const before = store.getState()
  store.advance(499)
  expect(store.getState()).toBe(before)
})

test('a snapshot replaces waiting events', () => {
  const store = createPageStore()
  store.enqueue([network(1, 0)])
  store.snapshot({ ...EMPTY_LAB, last: 7 })
  store.advance(1e9)
  expect(store.getState()).toMatchObject({ loaded: true, lab: { last: 7, settings: null } })
})

test('the datagrams in flight of a snapshot can be drawn', () => {
  const source = createPageStore()
  source.enqueue([network(1, 0), sent(2, 100)])
  source.advance(200)
  const store = createPageStore()
  store.snapshot(source.getState().lab)
  expect(store.trace.datagrams).toMatchObject([{ id: 2, receivedAt: null }])
})

test('the selection ends with a node that a new network does not have', () => {
  const store = createPageStore()
  store.enqueue([network(1, 0), sent(2, 1)])
  store.advance(1)
  store.select({ kind: 'datagram', id: 2 })
  store.enqueue([{ ...network(3, 2) }])
  store.advance(2)
  expect(store.getState().selection).toBeNull()
})

test('a status carries its receiver’s comparison', () => {
  const store = createPageStore()
  store.enqueue([
    network(1, 0),
    { ...sent(2, 1), content: { kind: 'status', pairs: [] } } as LabEvent,
    received(3, 2, 2),
    { n: 4, at: 2, type: 'compared', node: 1, with: 40_000, verdict: 'agree' },
    { n: 5, at: 2, type: 'coin', node: 1, origin: 40_000, seq: 0, goesOnTo: null, heads: true },
  ])
  store.advance(2)
  expect(store.trace.datagram(2)?.consequence).toMatchObject({ verdict: 'agree', coins: [{ heads: true }] })
})

test('a lost datagram gives the reason', () => {
  const store = createPageStore()
  store.enqueue([network(1, 0), sent(2, 1), { n: 3, at: 252, type: 'lost', datagram: 2, why: 'gone' }])
  store.advance(252)
  expect(store.trace.datagram(2)).toMatchObject({ lostAt: 252, lostWhy: 'gone' })
})

test('going back shows the past lab, and the selection comes back with its subject', () => {
  const store = createPageStore()
  store.enqueue([network(1, 0), sent(2, 100), received(3, 351, 2)])
  store.advance(400)
  store.select({ kind: 'datagram', id: 2 })
  store.advance(50)
  expect(store.getState()).toMatchObject({ lab: { last: 1, inFlight: {} }, selection: null })
  expect(store.trace.datagrams).toEqual([])
  store.advance(200)
  expect(store.getState()).toMatchObject({ lab: { last: 2 }, selection: { kind: 'datagram', id: 2 } })
})

test('events before the first snapshot can be prepended', () => {
  const source = createPageStore()
  source.enqueue([network(1, 0), sent(2, 100), received(3, 351, 2)])
  source.advance(400)
  const store = createPageStore()
  store.snapshot(source.getState().lab)
  expect(store.prepend(EMPTY_LAB, source.past.history.events)).toBe(true)
  expect(store.trace.datagram(2)).toMatchObject({ sentAt: 100, receivedAt: 351 })
  store.advance(200)
  expect(Object.keys(store.getState().lab.inFlight)).toEqual(['2'])
})

test.each([
  { load: 'a burst', perMs: 4, times: 'ten times', between: [8, 25] },
  { load: 'a busy network', perMs: 0.5, times: 'about thirty times', between: [20, 42] },
  { load: 'a quiet one', perMs: 0.1, times: 'at most sixty times', between: [45, 64] },
])('in $load the state is shown $times per second, and whole when all is over', ({ perMs, between }) => {
  const store = createPageStore()
  const events = Array.from({ length: 1_000 * perMs }, (_, index) => sent(index + 2, 1 + index / perMs))
  store.enqueue([network(1, 0), ...events])
  let shown = 0
  store.subscribe(() => {
    shown += 1
  })
  for (let now = 0; now <= 1_000; now += 16) store.advance(now)
  expect(shown).toBeGreaterThan(between[0] ?? 0)
  expect(shown).toBeLessThan(between[1] ?? 0)
  store.advance(1_200)
  expect(store.getState().lab.last).toBe(events.length + 1)
})

test('a burst that is played or scrubbed is shown at every instant', () => {
  const store = createPageStore()
  store.enqueue([network(1, 0), ...Array.from({ length: 4_000 }, (_, index) => sent(index + 2, 1 + index / 4))])
  store.setState({ mode: 'playing' })
  for (let now = 1; now <= 1_000; now += 16) {
    store.advance(now)
    expect(store.getState().lab.at).toBeGreaterThan(now - 1)
  }
})

test('an invalid event is reported once, and the state before it stays visible', () => {
  const told: string[] = []
  const store = createPageStore((error) => told.push(String(error)))
  store.snapshot(EMPTY_LAB)
  const network = { n: 1, at: 1, type: 'network', settings: lineOf(3) } as const
  store.enqueue([network, { n: 2, at: 2, type: 'network' } as unknown as LabEvent])
  store.advance(1)
  store.advance(9)
  store.advance(9)
  expect(told).toHaveLength(1)
  expect(store.getState().lab).toMatchObject({ last: 1, nodes: [{ id: 0 }, { id: 1 }, { id: 2 }] })
})

test('a selection in one network is none in the next, nor in the one before', () => {
  const store = createPageStore()
  const chosen = { span: { from: 100, to: 200 }, cursor: 150 }
  const none = { span: null, cursor: null }
  store.enqueue([network(1, 0), sent(2, 100), received(3, 351, 2), network(4, 1_000), sent(5, 1_100)])
  store.advance(500)
  store.setState(chosen)
  store.advance(900)
  expect(store.getState()).toMatchObject(chosen)
  store.advance(1_200)
  expect(store.getState()).toMatchObject(none)
  store.setState(chosen)
  store.showEvent(2)
  expect(store.getState()).toMatchObject(none)
})

test('a selection stays when more of the past becomes known', () => {
  const events = [network(1, 0), sent(2, 100), received(3, 351, 2)]
  const source = createPageStore()
  source.enqueue(events)
  source.advance(400)
  const store = createPageStore()
  store.snapshot(source.getState().lab)
  const chosen = { span: { from: 100, to: 200 }, cursor: 150 }
  store.setState(chosen)
  expect(store.prepend(EMPTY_LAB, events)).toBe(true)
  expect(store.getState()).toMatchObject(chosen)
  store.enqueue([network(4, 1_000)])
  store.advance(1_000)
  expect(store.getState()).toMatchObject({ span: null, cursor: null })
})

test('the known past of a restarted lab is kept, and an unused lab does not replace it', () => {
  const store = createPageStore()
  const join = (lab: string, isAnother: boolean) => {
    store.snapshot(EMPTY_LAB, isAnother)
    store.connect({ phase: 'live', role: 'presenter', lab, beganAt: 7, oldest: 1 })
  }
  join('first', true)
  expect(store.getState().former).toBeNull()
  store.enqueue([network(1, 0), { n: 2, at: 1, type: 'command', by: 'page', line: 'help', output: [] }])
  join('first', false)
  expect(store.getState().former).toBeNull()
  store.enqueue([network(1, 0), { n: 2, at: 1, type: 'command', by: 'page', line: 'help', output: [] }])
  join('second', true)
  join('third', true)
  const { former, header } = store.getState()
  expect([former?.header, header?.lab]).toEqual([{ lab: 'first', beganAt: 7 }, 'third'])
  expect(former?.span.events).toHaveLength(2)
})

test('a bounded part of a restarted lab is kept, and can be opened from its beginning', () => {
  const store = createPageStore()
  store.snapshot(EMPTY_LAB, true)
  store.connect({ phase: 'live', role: 'presenter', lab: 'first', beganAt: 7, oldest: 1 })
  const count = MOST_FORMER_EVENTS + 1_500
  const timers = (n: number) => ({ n, at: n, type: 'timers', held: n % 2 === 0 }) as const
  store.enqueue([network(1, 0), ...Array.from({ length: count - 1 }, (_, index) => timers(index + 2))])
  store.snapshot(EMPTY_LAB, true)
  const { base, events } = store.getState().former?.span ?? {}
  expect([base?.last, base?.settings?.n, events?.length, events?.at(-1)?.n]).toEqual([1_500, 2, 50_000, count])
})
