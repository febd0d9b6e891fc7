import { expect, test } from 'vitest'
import { datagramsSent } from '../model/counters.ts'
import { RateLimit, STRANGER_RATE } from './rate-limit.ts'
import { Tally } from './tally.ts'

test('each rumor of a batch costs its sender as much as a datagram', () => {
  const limit = new RateLimit(() => false)
  const batches = Math.floor(STRANGER_RATE.burst / 64)
  for (let count = 0; count < batches; count += 1) {
    expect(limit.admits(9, 1_000, 0)).toBe(true)
    expect(limit.admitsRumors(9, 64, 0)).toBe(true)
  }
  expect(limit.admits(9, 1_000, 0) && limit.admitsRumors(9, 64, 0)).toBe(false)
})

test('a batch counts as its rumors, and as one datagram', () => {
  const counting = new Tally()
  counting.countSent(
    {
      kind: 'rumor',
      origin: 40_000,
      seq: 0,
      more: [
        [40_000, 1],
        [40_001, 0],
      ],
    },
    60,
  )
  counting.countSent({ kind: 'rumor', origin: 40_000, seq: 2 }, 30)
  counting.countSent({ kind: 'status', pairs: [] }, 10)
  expect(counting.sums).toMatchObject({ rumorsSent: 4, rumorsAlongside: 2, statusesSent: 1, bytesSent: 100 })
  expect(datagramsSent(counting.sums)).toBe(3)
})
