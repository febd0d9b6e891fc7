import { expect, test } from 'vitest'
import { costOf, runChallenge } from './challenge.ts'

test('batches on a star meet both pairs of targets of the challenge', async () => {
  const result = await runChallenge({ topology: 'star', settings: { fanout: 64, batchMs: 50 }, seed: 1, messages: 300 })
  const latencies = [...result.latencies].sort((a, b) => a - b)
  expect(latencies).toHaveLength(300)
  expect(costOf(result)).toBeLessThan(20)
  expect(latencies[150]).toBeLessThan(400)
  expect(latencies.at(-1)).toBeLessThan(600)
})
