import { expect, test } from 'vitest'
import type { EventOf } from '../model/event.ts'
import { Arrows, MAX_OPEN_ARROWS } from './arrows.ts'

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
const numbers = (open: readonly { readonly arrow: number }[]) => open.map(({ arrow }) => arrow)

test('equal datagrams from one port to another are taken first come, first served', () => {
  const arrows = new Arrows()
  for (const n of [1, 2]) arrows.send(1, 77, sent(n))
  expect([3, 3, 3].map((at) => arrows.receive(received(77), 2, at, EVER))).toEqual([1, 2, undefined])
})

test('of equal datagrams, one that cannot have arrived yet is not taken', () => {
  const arrows = new Arrows()
  arrows.send(1, 77, sent(1, { at: 0, delayMs: 300 }))
  arrows.send(1, 77, sent(2, { at: 100 }))
  expect(arrows.receive(received(77), 2, 101, EVER)).toBe(2)
  expect(arrows.receive(received(77), 2, 301, EVER)).toBe(1)
})

test('of equal datagrams, one that was sent before its receiver reported anything is taken last', () => {
  const arrows = new Arrows()
  for (const n of [10, 20, 300]) arrows.send(1, 77, sent(n))
  expect(arrows.receive(received(77), 2, 301, 100)).toBe(300)
  expect(arrows.receive(received(77), 2, 301, 100)).toBe(20)
})

test('a datagram with other bytes, another sender or another receiver is another one', () => {
  const arrows = new Arrows()
  arrows.send(1, 77, sent(1))
  expect(arrows.receive(received(78), 2, 2, EVER)).toBeUndefined()
  expect(arrows.receive(received(77, 3), 2, 2, EVER)).toBeUndefined()
  expect(arrows.receive(received(77), 3, 2, EVER)).toBeUndefined()
  expect(arrows.receive(received(77), 2, 2, EVER)).toBe(1)
})

test('datagrams that are told to be in the air may land in any order, also equal ones', () => {
  const arrows = new Arrows()
  for (const n of [1, 2, 3]) arrows.send(1, 77, sent(n))
  for (const delayId of [1, 2])
    expect(arrows.matchDelayed({ ...received(77), delayId }, 2, 10, EVER, 490)).toBe(delayId)
  expect(arrows.receive({ ...received(77), delayId: 2 }, 2, 500, EVER)).toBe(2)
  expect(arrows.receive({ ...received(77), delayId: 2 }, 2, 500, EVER)).toBeUndefined()
  expect(arrows.receive(received(77), 2, 500, EVER)).toBe(3)
  expect(arrows.take(() => true)).toMatchObject([{ arrow: 1, arrivesAt: 500 }])
})

test('what is on its way to a port can be taken, and nothing else goes', () => {
  const arrows = new Arrows()
  arrows.send(1, 7, sent(1, { to: 2 }))
  arrows.send(1, 7, sent(2, { to: 3 }))
  arrows.send(3, 8, sent(3, { to: 2 }))
  const isToTwo = ({ to }: { readonly to: number }) => to === 2
  expect(numbers(arrows.take(isToTwo))).toEqual([1, 3])
  expect(arrows.take(isToTwo)).toEqual([])
  expect(arrows.receive(received(7), 3, 4, EVER)).toBe(2)
})

test('there is a bound on what is followed, and room again when something arrived', () => {
  const arrows = new Arrows()
  for (let n = 0; n < MAX_OPEN_ARROWS; n += 1) if (!arrows.send(1, n, sent(n))) throw new Error(`no room for ${n}`)
  expect(arrows.send(1, -1, sent(-1))).toBe(false)
  arrows.receive(received(0), 2, 1, EVER)
  expect(arrows.send(1, -1, sent(-1))).toBe(true)
  arrows.clear()
  expect(arrows.receive(received(1), 2, 1, EVER)).toBeUndefined()
})
