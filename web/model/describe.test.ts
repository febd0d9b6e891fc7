import { expect, test } from 'vitest'
import type { LabEvent } from '../../shared/model/event.ts'
import { HEALTHY } from '../../shared/model/fault.ts'
import { fold } from '../../shared/model/fold.ts'
import { EMPTY_LAB } from '../../shared/model/lab-state.ts'
import { createPageStore } from '../store/store.ts'
import { describeShown } from './describe.ts'
import { lineOf } from './test-settings.ts'

const settings = lineOf(2)
const begin: readonly LabEvent[] = [
  { n: 1, at: 0, type: 'network', settings },
  { n: 2, at: 1, type: 'running', node: 0, tcp: [20_000] },
  { n: 3, at: 1, type: 'running', node: 1, tcp: [20_001] },
  { n: 4, at: 100, type: 'stored', node: 0, origin: 40_000, seq: 0, text: 'Lexi', from: null },
]
const rumor: LabEvent = {
  n: 5,
  at: 100,
  type: 'sent',
  node: 0,
  to: 40_001,
  why: 'new',
  bytes: 26,
  delayMs: 250,
  content: { kind: 'rumor', origin: 40_000, seq: 0 },
}
const status: LabEvent = {
  ...rumor,
  n: 6,
  at: 101,
  node: 1,
  to: 40_000,
  why: 'hello',
  content: { kind: 'status', pairs: [[40_001, 0]] },
}

/** Describes a datagram at the time of the last event. */
function describe(number: number, ...events: readonly LabEvent[]) {
  const store = createPageStore()
  store.enqueue([...begin, ...events])
  store.advance(1e9)
  const datagram = store.trace.datagram(number)
  if (!datagram) throw new Error(`no datagram ${number}`)
  const { meaning, ...rest } = describeShown(store, datagram)
  return { ...rest, asOf: meaning.asOf, means: meaning.sentences }
}

test('a rumor is shown as on the wire, with its effect', () => {
  const { title, says, means, fate } = describe(5, rumor)
  expect(title).toBe('rumor “Lexi”, node 0 to node 1')
  expect(says).toBe('rumor:40000:{Lexi,40000,0}')
  expect(means).toEqual(['new to node 1: it will store it, pass it on and answer with a status'])
  expect(fate).toBe('on its way')
})

test('a rumor is shown in the bytes that travel: encoded by us, or as a foreign program sent it', () => {
  const withText = (text: string, wire?: string) => {
    const stored = { type: 'stored', node: 0, origin: 40_002, seq: 0, text, from: 40_001 } as const
    const message = { n: 5, at: 100, ...stored, ...(wire === undefined ? {} : { wire }) }
    return describe(6, message, { ...rumor, n: 6, content: { kind: 'rumor', origin: 40_002, seq: 0 } })
  }
  expect(withText('a,b: 5%').says).toBe('rumor:40000:{a%2Cb%3A 5%25,40002,0}')
  expect(withText('a,b: 5%', 'a,b: 5%').says).toBe('rumor:40000:{a,b: 5%,40002,0}')
  expect(withText('a%FF', 'a\udcff').says).toBe('rumor:40000:{a%FF,40002,0}')
})

test('a rumor that has arrived shows its effect', () => {
  const { means, fate } = describe(
    5,
    rumor,
    { n: 6, at: 351, type: 'stored', node: 1, origin: 40_000, seq: 0, text: 'Lexi', from: 40_000 },
    { n: 7, at: 351, type: 'received', node: 1, from: 40_000, datagram: 5, bytes: 26 },
  )
  expect(means).toEqual(['new to node 1: it stored it and answered with a status'])
  expect(fate).toBe('received after 251 ms')
})

test('a status shows its receiver’s reaction', () => {
  const { says, means } = describe(5, { ...status, n: 5 })
  expect(says).toBe('status:40001:{40001:0}')
  expect(means).toEqual(['node 0 has origin 40000 up to 1, node 1 has none of it: node 0 will send message 0.0'])
})

test('a rumor in flight is not sent again', () => {
  expect(describe(6, rumor, status).means[0]).toMatch(/node 0 has already sent message 0.0/)
})

test('a lost datagram names its receiver', () => {
  const { fate, tip } = describe(5, rumor, { n: 6, at: 351, type: 'lost', datagram: 5, why: 'gone' })
  expect(fate).toBe('lost: node 1 had ended')
  expect(tip).toContain(fate)
})

/** By another path, after the datagram: node 1 has the message. */
const stored = (n: number, at: number): LabEvent => {
  return { n, at, type: 'stored', node: 1, origin: 40_000, seq: 0, text: 'Lexi', from: 40_000 }
}
const received = (n: number, at: number, datagram: number): LabEvent => {
  return { n, at, type: 'received', node: 1, from: 40_000, datagram, bytes: 26 }
}
const cut = (n: number, at: number, isCut: boolean): LabEvent => {
  return { n, at, type: 'links', links: { '0>1': { ...HEALTHY, cut: isCut } } }
}
const crash = (n: number, at: number): LabEvent => {
  return { n, at, type: 'ended', node: 1, end: { how: 'crashed' }, stderr: [] }
}
const restart = (n: number, at: number): readonly LabEvent[] => [
  { n, at, type: 'starting', node: 1, generation: 1, pid: 9, seed: 1 },
  { n: n + 1, at, type: 'running', node: 1, tcp: [20_001] },
]

test('a datagram on a cut link is described as of then, when the link has healed and the message has come since', () => {
  const events = [cut(5, 100, true), { ...rumor, n: 6, fate: 'cut' } as LabEvent]
  const healed = [...events, cut(7, 400, false), { ...rumor, n: 8, at: 500 }, stored(9, 750), received(10, 751, 8)]
  const now = describe(6, ...healed)
  expect(now).toMatchObject({
    asOf: 'sent',
    means: ['new to node 1: it would store it, pass it on and answer with a status'],
    fate: 'the link was cut',
  })
  expect(describe(6, ...events, { ...cut(7, 400, true) })).toEqual(now)
})

test('a received datagram is described as of its arrival, when the link is cut and the node has crashed since', () => {
  const events = [rumor, stored(6, 351), received(7, 351, 5)]
  const before = describe(5, ...events)
  expect(before).toMatchObject({ asOf: 'received', fate: 'received after 251 ms' })
  expect(describe(5, ...events, cut(8, 400, true), crash(9, 500))).toEqual(before)
})

test('a rumor that the receiver had is described so for ever, also when the receiver has lost the message and got it again', () => {
  const second: LabEvent = { ...rumor, n: 8, at: 400, why: 'repeat' }
  const events = [rumor, stored(6, 351), received(7, 351, 5), second, received(9, 650, 8)]
  const again = [crash(10, 700), ...restart(11, 800), { ...rumor, n: 13, at: 900 }, stored(14, 1_150)]
  expect(describe(8, ...events).means).toEqual(['node 1 already had it, so it only answered with a status'])
  expect(describe(8, ...events, ...again)).toEqual(describe(8, ...events))
})

test('a lost status describes its receiver’s reaction, whatever messages the receiver has now', () => {
  const lost: LabEvent = { n: 7, at: 2_400, type: 'lost', datagram: 6, why: 'unknown' }
  const more: LabEvent = { n: 8, at: 2_500, type: 'stored', node: 0, origin: 40_000, seq: 1, text: 'more', from: null }
  const begun = { ...status, n: 6, at: 150 } as const
  const quiet: LabEvent = { n: 5, at: 120, type: 'neighbour', node: 0, port: 40_001 }
  const { means, fate } = describe(6, quiet, begun, lost, more)
  expect(means).toEqual(['node 0 has origin 40000 up to 1, node 1 has none of it: node 0 would send message 0.0'])
  expect(fate).toBe('lost: cause unknown')
})

test('a datagram to a node that did not run is described so when the node runs again', () => {
  const events = [
    crash(5, 90),
    { ...rumor, n: 6 },
    { n: 7, at: 130, type: 'lost', datagram: 6, why: 'gone' } as LabEvent,
  ]
  const { means, fate } = describe(6, ...events, ...restart(8, 500))
  expect(means).toEqual(['node 1 was not running when this was sent, so nobody reads it'])
  expect(fate).toBe('lost: node 1 had ended')
})

test('a datagram to a stranger on the port of a node is described as neither read nor unread', () => {
  const stranger: LabEvent = { n: 6, at: 95, type: 'stranger', node: 1, present: true }
  const lost: LabEvent = { n: 8, at: 130, type: 'lost', datagram: 7, why: 'unreported' }
  const { means, fate } = describe(7, crash(5, 90), stranger, { ...rumor, n: 7 }, lost, ...restart(9, 500))
  expect(means).toEqual([
    'node 1 was not running when this was sent, and another program had its port: the lab cannot see what it does',
  ])
  expect(fate).toBe('its arrival was not reported')
  const outside = describe(
    5,
    { ...rumor, to: 40_002 },
    { n: 6, at: 2_500, type: 'lost', datagram: 5, why: 'unreported' },
  )
  const grown: LabEvent = { n: 6, at: 400, type: 'settings', settings: lineOf(3) }
  expect(outside.means).toEqual([
    'port 40002 does not belong to a node of this lab, so the lab cannot see what happens there',
  ])
  expect(describe(5, { ...rumor, to: 40_002 }, grown).means).toEqual(outside.means)
})

test('a rumor beyond a gap of its receiver was kept back, and is not described as stored', () => {
  const ahead = { ...rumor, content: { kind: 'rumor', origin: 40_000, seq: 2 } } as const
  expect(describe(5, ahead, received(6, 351, 5)).means).toEqual([
    'node 1 lacked messages 0.0 and 0.1, so it kept this message back until then and answered with a status',
  ])
})

test('a datagram in flight shows later changes at its receiver beside its meaning', () => {
  const would = 'new to node 1: it would store it, pass it on and answer with a status'
  expect(describe(5, rumor, stored(6, 200)).means).toEqual([would, 'meanwhile node 1 has received it another way'])
  expect(describe(5, rumor, crash(6, 200)).means).toEqual([would, 'meanwhile node 1 has ended'])
  expect(describe(5, rumor, crash(6, 200), ...restart(7, 220)).tip).toContain('meanwhile node 1 has ended')
  const more: LabEvent = { n: 6, at: 200, type: 'stored', node: 0, origin: 40_000, seq: 1, text: 'more', from: null }
  expect(describe(5, { ...status, n: 5 }, more).means).toEqual([
    'node 0 has origin 40000 up to 1, node 1 has none of it: node 0 would send message 0.0',
    'meanwhile node 0 has received more messages',
  ])
})

test('a datagram in the queue of a node that does not respond is no longer in flight', () => {
  const silent: LabEvent = { n: 6, at: 3_400, type: 'answering', node: 1, answers: false }
  expect(describe(5, rumor, silent).fate).toBe('waits at node 1, which does not answer')
})

test('the meaning of a datagram from before the page’s past is not invented', () => {
  const store = createPageStore()
  store.snapshot(fold(EMPTY_LAB, [...begin, rumor, cut(6, 120, true)]))
  store.enqueue([{ n: 7, at: 351, type: 'lost', datagram: 5, why: 'unknown' }])
  store.advance(1e9)
  const datagram = store.trace.datagram(5)
  const { meaning } = describeShown(store, datagram ?? fail())
  expect(meaning).toEqual({
    asOf: null,
    sentences: ['unknown: this page no longer keeps the state of the lab at that time'],
  })
})

function fail(): never {
  throw new Error('there is such a datagram')
}

test('a datagram of several rumors is shown as one, with the messages that are new and those that are not', () => {
  const typed = { ...begin[3], n: 5, seq: 1, text: 'a, b' } as LabEvent
  const batch: LabEvent = {
    ...rumor,
    n: 6,
    content: { kind: 'rumor', origin: 40_000, seq: 0, more: [[40_000, 1]] },
  } as LabEvent
  const { title, says, means } = describe(6, typed, batch)
  expect(title).toBe('rumor “Lexi” and 1 more, node 0 to node 1')
  expect(says).toBe('rumors:40000:{4:Lexi,40000,0;6:a%2C b,40000,1}')
  expect(means).toEqual([
    'messages 0.0 and 0.1 are new to node 1: it will store them, pass them on, and answer with one status',
  ])
  const held = { ...begin[3], n: 6, node: 1, from: 40_000 } as LabEvent
  expect(describe(7, typed, held, { ...batch, n: 7 } as LabEvent).means).toEqual([
    'node 1 had message 0.0 already',
    'message 0.1 is new to node 1: it will store it, pass it on, and answer with one status',
  ])
})
