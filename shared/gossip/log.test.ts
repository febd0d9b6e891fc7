import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonically } from './canonical-order.ts'
import { MAX_AHEAD, MAX_HELD_BACK, MAX_MESSAGES, MAX_ORIGINS } from './limits.ts'
import { type Arrival, MessageLog } from './log.ts'
import { originOf } from './origin.ts'

const ALICE = 40_000
const BOB = 40_001
const message = (origin: number, seq: number, text = `${origin}.${seq}`): Arrival => ({ origin, seq, text, from: null })
const names = (log: MessageLog) => log.entries().map(({ origin, seq }) => `${origin}.${seq}`)

describe('the log', () => {
  test('keeps consecutive messages, and knows the lowest number not seen', () => {
    const log = new MessageLog()
    expect(log.lowestNotSeen(ALICE)).toBe(0)
    expect(log.add(message(ALICE, 0))).toBe('new')
    expect(log.add(message(ALICE, 1))).toBe('new')
    expect(log.lowestNotSeen(ALICE)).toBe(2)
    expect(log.text(ALICE, 1)).toBe('40000.1')
  })

  test('fills a gap: messages that were kept back behind it are shown with it, in order (report, Logic for handleRumorMessage, 3)', () => {
    const log = new MessageLog()
    const shown: number[] = []
    const add = (seq: number) =>
      log.add(message(ALICE, seq), { stored: (arrival) => shown.push(arrival.seq), displaced: () => undefined })
    add(2)
    add(1)
    expect([log.lowestNotSeen(ALICE), log.entries(), shown]).toEqual([0, [], []])
    expect(log.text(ALICE, 2)).toBe('40000.2')
    add(0)
    expect(log.lowestNotSeen(ALICE)).toBe(3)
    expect(shown).toEqual([0, 1, 2])
    expect(log.size).toBe(3)
  })

  test('stores nothing twice, and the first text of a number stays', () => {
    const log = new MessageLog()
    log.add(message(ALICE, 0, 'first'))
    expect(log.add(message(ALICE, 0, 'first'))).toBe('held')
    expect(log.add(message(ALICE, 0, 'second'))).toBe('conflict')
    log.add(message(ALICE, 2, 'ahead'))
    expect(log.add(message(ALICE, 2, 'ahead'))).toBe('held')
    expect(log.add(message(ALICE, 2, 'other'))).toBe('conflict')
    expect(log.size).toBe(2)
    expect(log.text(ALICE, 0)).toBe('first')
  })

  test('refuses a message too far ahead of a gap, so that a stranger cannot fill the memory', () => {
    const log = new MessageLog()
    expect(log.add(message(ALICE, MAX_AHEAD))).toBe('new')
    expect(log.add(message(ALICE, MAX_AHEAD + 1))).toBe('too far ahead')
    for (let seq = 1; seq < MAX_AHEAD; seq += 1) log.add(message(ALICE, seq, 'x'))
    for (let seq = 1; log.size < MAX_HELD_BACK; seq += 1) log.add(message(BOB, seq, 'x'))
    const carol = 40_002
    expect(log.add(message(carol, 1))).toBe('too far ahead')
    expect(log.add(message(carol, 0))).toBe('new')
  })

  test('is full at its bound, and says so', () => {
    const log = new MessageLog()
    for (let seq = 0; seq < MAX_MESSAGES; seq += 1) log.add(message(ALICE, seq, 'x'))
    expect(log.full).toBe(true)
    expect(log.add(message(ALICE, MAX_MESSAGES))).toBe('full')
    expect(log.add(message(ALICE, 0, 'x'))).toBe('held')
  })

  test('knows a bounded number of origins', () => {
    const log = new MessageLog()
    for (let port = 1; port <= MAX_ORIGINS; port += 1) log.add(message(port, 0, 'x'))
    expect(log.add(message(MAX_ORIGINS + 1, 0))).toBe('full')
    expect(log.add(message(1, 1))).toBe('new')
  })

  test('lists by generation, then number, then port, whatever the order of arrival', () => {
    const again = originOf(ALICE, 1)
    const log = new MessageLog()
    for (const [origin, seq] of [
      [again, 0],
      [BOB, 0],
      [BOB, 1],
      [ALICE, 0],
      [ALICE, 1],
    ] as const)
      log.add(message(origin, seq))
    expect(names(log)).toEqual(['40000.0', '40001.0', '40000.1', '40001.1', `${again}.0`])
  })

  test('in whatever order messages arrive, however often: the same log, gap-free, each shown once', () => {
    const all = [ALICE, BOB].flatMap((origin) => Array.from({ length: 6 }, (_, seq) => message(origin, seq)))
    const arrivals = fc.array(fc.constantFrom(...all), { maxLength: 60 })
    fc.assert(
      fc.property(arrivals, (list) => {
        const log = new MessageLog()
        const shown: Arrival[] = []
        const listener = { stored: (one: Arrival) => shown.push(one), displaced: () => undefined }
        for (const arrival of list) log.add(arrival, listener)
        expect([...shown].sort(canonically).map(({ text }) => text)).toEqual(log.entries().map(({ text }) => text))
        for (const origin of [ALICE, BOB]) {
          const seqs = shown.filter((one) => one.origin === origin).map(({ seq }) => seq)
          expect(seqs).toEqual(Array.from({ length: log.lowestNotSeen(origin) }, (_, seq) => seq))
          expect(list.some((one) => one.origin === origin && one.seq === seqs.length)).toBe(false)
        }
      }),
    )
  })
})
