import { describe, expect, test } from 'vitest'
import { BYTES_PER_TOKEN, MAX_RATED_SENDERS, NEIGHBOUR_RATE, RateLimit, STRANGER_RATE } from './rate-limit.ts'

const NEIGHBOUR = 40_001
const rateLimit = () => new RateLimit((port) => port === NEIGHBOUR)

/** Returns how many of these datagrams are parsed. */
function admitted(limit: RateLimit, port: number, count: number, at: number, bytes = 50): number {
  let sum = 0
  for (let datagram = 0; datagram < count; datagram += 1) if (limit.admits(port, bytes, at)) sum += 1
  return sum
}

describe('a sender', () => {
  test('may send a burst at once, and a bounded number a second after that', () => {
    const limit = rateLimit()
    expect(admitted(limit, 9, 2 * STRANGER_RATE.burst, 0)).toBe(STRANGER_RATE.burst)
    expect(admitted(limit, 9, 2 * STRANGER_RATE.burst, 500)).toBe(STRANGER_RATE.perSecond / 2)
  })

  test('never saves up more than one burst', () => {
    const limit = rateLimit()
    admitted(limit, 9, 1, 0)
    expect(admitted(limit, 9, 2 * STRANGER_RATE.burst, 3_600_000)).toBe(STRANGER_RATE.burst)
  })

  test('pays for long datagrams, because reading them takes long', () => {
    const bytes = 7 * BYTES_PER_TOKEN
    expect(admitted(rateLimit(), 9, STRANGER_RATE.burst, 0, bytes)).toBe(STRANGER_RATE.burst / 8)
  })

  test('takes nothing from another sender', () => {
    const limit = rateLimit()
    admitted(limit, 9, 2 * STRANGER_RATE.burst, 0)
    expect(admitted(limit, 10, STRANGER_RATE.burst, 0)).toBe(STRANGER_RATE.burst)
  })

  test('that is a neighbour may send a burst of ten thousand messages, and more', () => {
    const limit = rateLimit()
    expect(admitted(limit, NEIGHBOUR, 2 * NEIGHBOUR_RATE.burst, 0)).toBe(NEIGHBOUR_RATE.burst)
    expect(NEIGHBOUR_RATE.burst).toBeGreaterThan(4 * 10_000)
  })
})

describe('when there are more strangers than the limit counts individually', () => {
  const crowd = (limit: RateLimit, each: number, at: number) => {
    for (let port = 1; port <= MAX_RATED_SENDERS; port += 1) admitted(limit, port, each, at)
  }

  test('the others share one allowance, and the neighbours keep theirs', () => {
    const limit = rateLimit()
    crowd(limit, 2, 0)
    const shares = [50_000, 50_001, 50_002].map((port) => admitted(limit, port, STRANGER_RATE.burst, 0))
    expect(shares).toEqual([STRANGER_RATE.burst, 0, 0])
    expect(admitted(limit, NEIGHBOUR, NEIGHBOUR_RATE.burst, 0)).toBe(NEIGHBOUR_RATE.burst)
  })

  test('a sender that has used its share up is remembered while that lasts, and then makes room', () => {
    const limit = rateLimit()
    admitted(limit, 9, 2 * STRANGER_RATE.burst, 0)
    crowd(limit, 1, 0)
    expect(admitted(limit, 9, 10, 0)).toBe(0)
    const later = (STRANGER_RATE.burst / STRANGER_RATE.perSecond) * 1_000
    expect(admitted(limit, 50_000, 2 * STRANGER_RATE.burst, later)).toBe(STRANGER_RATE.burst)
    expect(admitted(limit, 50_001, 2 * STRANGER_RATE.burst, later)).toBe(STRANGER_RATE.burst)
  })
})
