import { expect, test } from 'vitest'
import type { EventOf } from '../../shared/event.ts'
import { ARROW_LOST_AFTER_MS, MAX_OPEN_ARROWS } from '../../shared/limits.ts'
import '../test-support/patience.ts'
import { Arrows } from './arrows.ts'

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

test('equal datagrams from one port to another are taken first come, first served', () => {
  const arrows = new Arrows()
  for (const n of [1, 2]) arrows.send(1, 77, sent(n))
  expect([arrows.receive(received(77), 2), arrows.receive(received(77), 2), arrows.receive(received(77), 2)]).toEqual([
    1,
    2,
    undefined,
  ])
})

test('a datagram with other bytes, another sender or another receiver is another one', () => {
  const arrows = new Arrows()
  arrows.send(1, 77, sent(1))
  expect(arrows.receive(received(78), 2)).toBeUndefined()
  expect(arrows.receive(received(77, 3), 2)).toBeUndefined()
  expect(arrows.receive(received(77), 3)).toBeUndefined()
  expect(arrows.receive(received(77), 2)).toBe(1)
})

test('datagrams that are told to be in the air may land in any order, also equal ones', () => {
  const arrows = new Arrows()
  for (const n of [1, 2, 3]) arrows.send(1, 77, sent(n))
  for (const flight of [1, 2]) expect(arrows.lift({ ...received(77), flight }, 2, 500)).toBe(flight)
  expect(arrows.receive({ ...received(77), flight: 2 }, 2)).toBe(2)
  expect(arrows.receive({ ...received(77), flight: 2 }, 2)).toBeUndefined()
  expect(arrows.receive(received(77), 2)).toBe(3)
  expect(arrows.takeOverdue(500 + ARROW_LOST_AFTER_MS)).toEqual([])
  expect(arrows.takeTo(2)).toEqual([1])
})

test('what is on its way to a port can be taken, and nothing else goes', () => {
  const arrows = new Arrows()
  arrows.send(1, 7, sent(1, { to: 2 }))
  arrows.send(1, 7, sent(2, { to: 3 }))
  arrows.send(3, 8, sent(3, { to: 2 }))
  expect(arrows.takeTo(2)).toEqual([1, 3])
  expect(arrows.takeTo(2)).toEqual([])
  expect(arrows.receive(received(7), 3)).toBe(2)
})

test('what should have arrived long ago is overdue, its time in the air counted', () => {
  const arrows = new Arrows()
  arrows.send(1, 7, sent(1, { at: 0, delayMs: 0 }))
  arrows.send(1, 7, sent(2, { at: 0, delayMs: 1_000 }))
  expect(arrows.takeOverdue(ARROW_LOST_AFTER_MS)).toEqual([])
  expect(arrows.takeOverdue(ARROW_LOST_AFTER_MS + 1).map(({ arrow }) => arrow)).toEqual([1])
  expect(arrows.takeOverdue(ARROW_LOST_AFTER_MS + 1_001).map(({ arrow }) => arrow)).toEqual([2])
})

test('there is a bound on what is followed, and room again when something arrived', () => {
  const arrows = new Arrows()
  for (let n = 0; n < MAX_OPEN_ARROWS; n += 1) if (!arrows.send(1, n, sent(n))) throw new Error(`no room for ${n}`)
  expect(arrows.send(1, -1, sent(-1))).toBe(false)
  arrows.receive(received(0), 2)
  expect(arrows.send(1, -1, sent(-1))).toBe(true)
  arrows.clear()
  expect(arrows.receive(received(1), 2)).toBeUndefined()
})
