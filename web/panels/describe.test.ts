import { expect, test } from 'vitest'
import type { LabEvent } from '../../shared/event.ts'
import { createPageStore } from '../store/store.ts'
import { lineOf } from '../test-settings.ts'
import { describeArrow } from './describe.ts'

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

/** The last datagram that was sent, described at the time of the last event. */
function describe(number: number, ...events: readonly LabEvent[]) {
  const store = createPageStore()
  store.enqueue([...begin, ...events])
  store.advance(1e9)
  const arrow = store.trace.arrow(number)
  if (!arrow) throw new Error(`no datagram ${number}`)
  return describeArrow(arrow, store.getState().lab, store.trace.arrows)
}

test('a rumor is shown as it is on the wire, with what it will do', () => {
  const { title, says, means, fate } = describe(5, rumor)
  expect(title).toBe('rumor “Lexi”, node 0 to node 1')
  expect(says).toBe('rumor:40000:{Lexi,40000,0}')
  expect(means[0]).toMatch(/^new to node 1: it will store it/)
  expect(fate).toBe('on its way')
})

test('a rumor is shown in the bytes that travel: encoded where we wrote it, as it came where a foreign program did', () => {
  const withText = (text: string, wire?: string) => {
    const stored = { type: 'stored', node: 0, origin: 40_002, seq: 0, text, from: 40_001 } as const
    const message = { n: 5, at: 100, ...stored, ...(wire === undefined ? {} : { wire }) }
    return describe(6, message, { ...rumor, n: 6, content: { kind: 'rumor', origin: 40_002, seq: 0 } })
  }
  expect(withText('a,b: 5%').says).toBe('rumor:40000:{a%2Cb%3A 5%25,40002,0}')
  expect(withText('a,b: 5%', 'a,b: 5%').says).toBe('rumor:40000:{a,b: 5%,40002,0}')
  expect(withText('a%FF', 'a\udcff').says).toBe('rumor:40000:{a%FF,40002,0}')
})

test('a rumor that has arrived says what it did', () => {
  const { means, fate } = describe(
    5,
    rumor,
    { n: 6, at: 351, type: 'stored', node: 1, origin: 40_000, seq: 0, text: 'Lexi', from: 40_000 },
    { n: 7, at: 351, type: 'received', node: 1, from: 40_000, arrow: 5, bytes: 26 },
  )
  expect(means[0]).toMatch(/^new to node 1: stored/)
  expect(fate).toBe('received after 251 ms')
})

test('a status says what its receiver will do about it', () => {
  const { says, means } = describe(5, { ...status, n: 5 })
  expect(says).toBe('status:40001:{40001:0}')
  expect(means).toEqual(['node 0 has origin 40000 up to 1, node 1 has none of it: node 0 will send message 0.0'])
})

test('what is on its way already is not sent again', () => {
  expect(describe(6, rumor, status).means[0]).toMatch(/node 0 has sent message 0.0 already/)
})

test('what was lost says where to', () => {
  const { fate, tip } = describe(5, rumor, { n: 6, at: 351, type: 'lost', arrow: 5, why: 'gone' })
  expect(fate).toBe('lost: node 1 is gone')
  expect(tip).toContain(fate)
})
