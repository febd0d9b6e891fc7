import { expect, test } from 'vitest'
import type { EventOf } from '../model/event.ts'
import { DatagramMatcher, MAX_OPEN_DATAGRAMS, MAX_OPEN_PAIRS } from './datagram-matcher.ts'

const sent = (n: number, more: Partial<EventOf<'sent'>> = {}): EventOf<'sent'> => ({
  type: 'sent',
  n,
  at: n,
  node: 0,
  to: 2,
  why: 'new',
  bytes: 10,
  delayMs: 0,
  content: { kind: 'rumor', origin: 1, seq: 0 },
  ...more,
})
const received = (hash: number, from = 1) => ({ type: 'received', at: 0, from, bytes: 10, hash }) as const
const EVER = Number.NEGATIVE_INFINITY
const numbers = (open: readonly { readonly datagram: number }[]) => open.map(({ datagram }) => datagram)

test('equal datagrams from one port to another are matched first come, first served', () => {
  const matcher = new DatagramMatcher()
  for (const n of [1, 2]) matcher.send(1, 77, sent(n))
  expect([3, 3, 3].map((at) => matcher.receive(received(77), 2, at, EVER))).toEqual([1, 2, undefined])
})

test('of equal datagrams, one that cannot have arrived yet is not matched', () => {
  const matcher = new DatagramMatcher()
  matcher.send(1, 77, sent(1, { at: 0, delayMs: 300 }))
  matcher.send(1, 77, sent(2, { at: 100 }))
  expect(matcher.receive(received(77), 2, 101, EVER)).toBe(2)
  expect(matcher.receive(received(77), 2, 301, EVER)).toBe(1)
})

test('of equal datagrams, one that was sent before its receiver reported anything is matched last', () => {
  const matcher = new DatagramMatcher()
  for (const n of [10, 20, 300]) matcher.send(1, 77, sent(n))
  expect(matcher.receive(received(77), 2, 301, 100)).toBe(300)
  expect(matcher.receive(received(77), 2, 301, 100)).toBe(20)
})

test('a datagram with other bytes, another sender or another receiver is a different one', () => {
  const matcher = new DatagramMatcher()
  matcher.send(1, 77, sent(1))
  expect(matcher.receive(received(78), 2, 2, EVER)).toBeUndefined()
  expect(matcher.receive(received(77, 3), 2, 2, EVER)).toBeUndefined()
  expect(matcher.receive(received(77), 3, 2, EVER)).toBeUndefined()
  expect(matcher.receive(received(77), 2, 2, EVER)).toBe(1)
})

test('datagrams that are reported in the air may land in any order, also equal ones', () => {
  const matcher = new DatagramMatcher()
  for (const n of [1, 2, 3]) matcher.send(1, 77, sent(n))
  for (const delayId of [1, 2])
    expect(matcher.matchDelayed({ ...received(77), delayId }, 2, 10, EVER, 490)).toBe(delayId)
  expect(matcher.receive({ ...received(77), delayId: 2 }, 2, 500, EVER)).toBe(2)
  expect(matcher.receive({ ...received(77), delayId: 2 }, 2, 500, EVER)).toBeUndefined()
  expect(matcher.receive(received(77), 2, 500, EVER)).toBe(3)
  expect(matcher.take(() => true)).toMatchObject([{ datagram: 1, arrivesAt: 500 }])
})

test('datagrams in flight to a port can be removed, and no others go', () => {
  const matcher = new DatagramMatcher()
  matcher.send(1, 7, sent(1, { to: 2 }))
  matcher.send(1, 7, sent(2, { to: 3 }))
  matcher.send(3, 8, sent(3, { to: 2 }))
  const isToTwo = ({ to }: { readonly to: number }) => to === 2
  expect(numbers(matcher.take(isToTwo))).toEqual([1, 3])
  expect(matcher.take(isToTwo)).toEqual([])
  expect(matcher.receive(received(7), 3, 4, EVER)).toBe(2)
})

test('the number of followed datagrams is bounded, and an arrival makes room again', () => {
  const matcher = new DatagramMatcher()
  for (let n = 0; n < MAX_OPEN_DATAGRAMS; n += 1) if (!matcher.send(1, n, sent(n))) throw new Error(`no room for ${n}`)
  expect(matcher.send(1, -1, sent(-1))).toBe(false)
  matcher.receive(received(0), 2, 1, EVER)
  expect(matcher.send(1, -1, sent(-1))).toBe(true)
  matcher.clear()
  expect(matcher.receive(received(1), 2, 1, EVER)).toBeUndefined()
})

test('long statuses are followed up to a number of origins, however few they are', () => {
  const matcher = new DatagramMatcher()
  const pairs = Array.from({ length: 1_000 }, (_, place) => [place, 1] as const)
  const long = (n: number) => sent(n, { content: { kind: 'status', pairs } })
  const most = MAX_OPEN_PAIRS / pairs.length
  for (let n = 0; n < most; n += 1) if (!matcher.send(1, n, long(n))) throw new Error(`no room for ${n}`)
  expect(matcher.send(1, -1, long(-1))).toBe(false)
  expect(matcher.matchDelayed({ ...received(0), delayId: 1 }, 2, 1, EVER, 100)).toBe(0)
  expect(matcher.send(1, -1, long(-1))).toBe(false)
  matcher.receive({ ...received(0), delayId: 1 }, 2, 101, EVER)
  expect(matcher.send(1, -1, long(-1))).toBe(true)
  matcher.take(() => true)
  expect(matcher.send(1, -2, long(-2))).toBe(true)
})
