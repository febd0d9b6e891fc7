/** Measures the cost and the duration of gossip, on links of 2 ms. Times are of the virtual clock. */
import { describe, expect, test } from 'vitest'
import { DEFAULTS } from '../gossip/settings.ts'
import { TOPOLOGIES } from '../model/topology.ts'
import { measureSpread, quantile } from './spread.ts'

describe('datagrams per message', () => {
  test('on an idle line: two for each other node, a rumor and its status', () => {
    const { complete, datagramsPerHop, times } = measureSpread({ topology: 'line', n: 8, messages: 100, everyMs: 500 })
    expect(complete).toBe(100)
    expect(datagramsPerHop).toBeLessThanOrEqual(2)
    expect(quantile(times, 1)).toBeLessThanOrEqual(7 * 2)
  })

  test('and no more when datagrams overtake one another', () => {
    const faults = { jitterMs: 2 }
    expect(
      measureSpread({ topology: 'line', n: 8, faults, messages: 100, everyMs: 500 }).datagramsPerHop,
    ).toBeLessThanOrEqual(2.1)
  })

  test('in a burst on a line: hardly more than the rumors, because one status acknowledges many', () => {
    const { complete, datagramsPerHop } = measureSpread({ topology: 'line', n: 4, messages: 1_000, everyMs: 0 })
    expect(complete).toBe(1_000)
    expect(datagramsPerHop).toBeLessThanOrEqual(1.15)
  })

  test('with a fifth of all datagrams lost: three', () => {
    const faults = { loss: 20 }
    expect(
      measureSpread({ topology: 'line', n: 8, faults, messages: 200, everyMs: 500 }).datagramsPerHop,
    ).toBeLessThanOrEqual(3.2)
  })
})

describe('time to all', { timeout: 60_000 }, () => {
  test.each([1, 2, 3])(
    'with 20 %% loss on a line of 8, 99 of 100 messages need less than the ack timeout; seed %d',
    (seed) => {
      const { complete, times } = measureSpread({
        topology: 'line',
        n: 8,
        seed,
        faults: { loss: 20 },
        messages: 300,
        everyMs: 2_000,
      })
      expect(complete).toBe(300)
      expect(quantile(times, 0.99)).toBeLessThan(DEFAULTS.ackTimeoutMs)
    },
  )

  test('also when the datagrams overtake one another, and when the nodes have only just met', () => {
    for (const warmUpMs of [0, 3_000]) {
      const faults = { loss: 20, jitterMs: 3 }
      const { times } = measureSpread({ topology: 'line', n: 8, faults, messages: 300, everyMs: 2_000, warmUpMs })
      expect(quantile(times, 0.99)).toBeLessThan(DEFAULTS.ackTimeoutMs)
    }
  })

  test('a burst gets through loss, without waiting for anti-entropy', () => {
    const faults = { loss: 10 }
    const settings = { antiEntropyMs: 600_000 }
    const { complete, times } = measureSpread({
      topology: 'line',
      n: 4,
      faults,
      settings,
      messages: 1_000,
      everyMs: 0,
      at: () => 0,
      waitMs: 60_000,
    })
    expect(complete).toBe(1_000)
    expect(quantile(times, 1)).toBeLessThan(10_000)
  })

  test.each(TOPOLOGIES)('on a %s every message reaches every node within two rounds of anti-entropy', (topology) => {
    const { complete, times } = measureSpread({ topology, n: 12, messages: 50, everyMs: 200 })
    expect(complete).toBe(50)
    expect(quantile(times, 1)).toBeLessThanOrEqual(2 * DEFAULTS.antiEntropyMs)
  })
})

// This test does not measure real time; a busy machine may be slow.
describe('size', { timeout: 60_000 }, () => {
  test('10,000 messages at once over four nodes', () => {
    const { complete } = measureSpread({ topology: 'line', n: 4, messages: 10_000, everyMs: 0 })
    expect(complete).toBe(10_000)
  })

  test('a mesh of 64 nodes', () => {
    const { complete } = measureSpread({ topology: 'mesh', n: 64, messages: 16, everyMs: 20, waitMs: 10_000 })
    expect(complete).toBe(16)
  })

  test('a random network of 10,000 nodes', () => {
    const { complete, times } = measureSpread({
      topology: 'random',
      n: 10_000,
      messages: 1,
      everyMs: 0,
      waitMs: 11_000,
    })
    expect(complete).toBe(1)
    expect(quantile(times, 1)).toBeLessThan(DEFAULTS.antiEntropyMs)
  })
})
