import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FRESH_MS, Freshness, MAX_SEALED_SENDERS, REPLAY_WINDOW, ReplayWindow } from './freshness.ts'

/** Offset of the wall clock from the steady one, in ms. */
const WALL = 1_800_000_000_000
const at = (steady: number, set = 0) => ({ wall: WALL + steady + set, steady })
const stamp = (counter: number, sealed = 1_000, session = WALL, sender = 40_001) => ({
  sender,
  session,
  counter,
  sealedAt: WALL + sealed,
})
const receiver = (began = 0) => new Freshness(at(began))

describe('the replay window', () => {
  test('takes each counter once, in any order, within the window', () => {
    const counters = fc.array(fc.integer({ min: 1, max: 5 * REPLAY_WINDOW }), { maxLength: 400 })
    fc.assert(
      fc.property(counters, (all) => {
        const window = new ReplayWindow()
        const taken = new Set<number>()
        let highest = 0
        for (const counter of all) {
          const isDue = counter > highest - REPLAY_WINDOW && !taken.has(counter)
          expect(window.takes(counter)).toBe(isDue)
          taken.add(counter)
          highest = Math.max(highest, counter)
        }
      }),
    )
  })

  test('may jump ahead by any distance', () => {
    for (const jump of [31, 32, REPLAY_WINDOW - 1, REPLAY_WINDOW, REPLAY_WINDOW + 32, 1e9]) {
      const window = new ReplayWindow()
      expect([window.takes(1), window.takes(1 + jump), window.takes(1 + jump), window.takes(1)]).toEqual([
        true,
        true,
        false,
        false,
      ])
    }
  })
})

describe('a sealed datagram', () => {
  test('is accepted once', () => {
    const freshness = receiver()
    expect(freshness.takes(stamp(7), at(1_001))).toBe(true)
    expect(freshness.takes(stamp(7), at(1_002))).toBe(false)
    expect(freshness.takes(stamp(6), at(1_003))).toBe(true)
  })

  test('is too old after a while, whatever its sender', () => {
    expect(receiver().takes(stamp(7), at(1_000 + FRESH_MS))).toBe(true)
    expect(receiver().takes(stamp(7), at(1_001 + FRESH_MS))).toBe(false)
    expect(receiver().takes(stamp(7, 2 * FRESH_MS), at(1))).toBe(false)
  })

  test('of an earlier life of its sender is refused once the later one has been heard', () => {
    const freshness = receiver()
    expect(freshness.takes(stamp(1, 1_000, WALL), at(1_000))).toBe(true)
    expect(freshness.takes(stamp(1, 2_000, WALL + 1_500), at(2_000))).toBe(true)
    expect(freshness.takes(stamp(2, 1_000, WALL), at(2_001))).toBe(false)
    expect(freshness.takes(stamp(2, 2_001, WALL + 1_500), at(2_002))).toBe(true)
  })

  test('that predates the start of its receiver is refused, though the receiver remembers nothing of it', () => {
    const restarted = receiver(5_000)
    expect(restarted.takes(stamp(7, 4_999), at(5_001))).toBe(false)
    expect(restarted.takes(stamp(8, 5_000), at(5_001))).toBe(true)
  })
})

test('a sender is forgotten only when none of its sealed datagrams can be accepted again', () => {
  const freshness = receiver()
  freshness.takes(stamp(1, 1_000, WALL + 900), at(1_000))
  const later = 1_000 + 2 * FRESH_MS
  expect(freshness.takes(stamp(1, later, WALL + 800), at(later))).toBe(false)
  expect(freshness.takes(stamp(1, later + 1, WALL + 800), at(later + 1))).toBe(true)
  expect(freshness.takes(stamp(1, 1_000, WALL + 900), at(later + 2))).toBe(false)
})

test('after the clock is set back, running senders are heard, and a restarted one soon', () => {
  const back = -3_600_000
  const freshness = receiver()
  const began = 2 * FRESH_MS
  freshness.takes(stamp(1, began), at(began))
  expect(freshness.takes(stamp(2, began + back), at(began + 1, back))).toBe(true)
  const restarted = (steady: number) => stamp(1, steady + back, WALL + began + back)
  expect(freshness.takes(restarted(began + 2), at(began + 2, back))).toBe(false)
  const later = began + 2 + 2 * FRESH_MS
  expect(freshness.takes(restarted(later), at(later, back))).toBe(true)
})

test('a bounded number of senders is known at a time; those that fell silent make room', () => {
  const freshness = receiver()
  const from = (sender: number, steady: number) => freshness.takes(stamp(1, steady, WALL, sender), at(steady))
  for (let sender = 1; sender <= MAX_SEALED_SENDERS; sender += 1) expect(from(sender, 1_000)).toBe(true)
  expect(from(60_000, 1_000)).toBe(false)
  expect(from(1, 1_000)).toBe(false)
  expect(from(60_000, 1_001 + 2 * FRESH_MS)).toBe(true)
})
