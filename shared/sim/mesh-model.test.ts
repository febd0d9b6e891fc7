/** Compares the model of a mesh with machines: means over many messages, within statistical limits. */
import { describe, expect, test } from 'vitest'
import { type Epidemic, spreadInWorld } from './epidemic.ts'
import { modelMesh } from './mesh-model.ts'

const MESSAGES = 40
const mean = (results: readonly Epidemic[], of: (one: Epidemic) => number | null) =>
  results.reduce((sum, one) => sum + (of(one) ?? 0), 0) / results.length

describe.each([10, 30, 60])('a mesh of %d nodes', { timeout: 60_000 }, (n) => {
  const both = (antiEntropyMs?: number) => {
    const settings = antiEntropyMs === undefined ? {} : { antiEntropyMs }
    const limitMs = antiEntropyMs === undefined ? 60_000 : 1_000
    const machines = spreadInWorld({ topology: 'mesh', n, seed: 7, messages: MESSAGES, delayMs: 1, limitMs, settings })
    const models = Array.from({ length: 10 * MESSAGES }, (_, seed) =>
      modelMesh({ n, seed, delayMs: 1, settings, antiEntropy: antiEntropyMs === undefined }),
    )
    return { machines, models }
  }

  test('without anti-entropy the same share is reached, as fast, for the same number of rumors', () => {
    const { machines, models } = both(3_600_000)
    for (const of of [({ rumors }: Epidemic) => rumors, ({ half }: Epidemic) => half]) {
      const ratio = mean(machines, of) / mean(models, of)
      expect(ratio).toBeGreaterThan(0.9)
      expect(ratio).toBeLessThan(1.1)
    }
    expect(Math.abs(mean(machines, ({ missing }) => missing) - mean(models, ({ missing }) => missing))).toBeLessThan(
      0.015,
    )
  })

  test('with it every node is reached', () => {
    const { machines, models } = both()
    for (const one of [...machines, ...models]) expect(one.missing).toBe(0)
    const ratio = mean(machines, ({ datagrams }) => datagrams) / mean(models, ({ datagrams }) => datagrams)
    expect(ratio).toBeGreaterThan(0.85)
    expect(ratio).toBeLessThan(1.15)
  })
})
