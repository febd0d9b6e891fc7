import { expect, test } from 'vitest'
import { exploreScenarios } from './explore.ts'

/** A story on shells takes longer: their datagrams are bytes, and pass gates. */
test.each([
  [250, 'machines'],
  [25, 'shells'],
] as const)(
  'in %i stories with loss, doubles, delay, cuts, crashes and hoarders on %s, all invariants hold',
  async (runs, world) => {
    const found = await exploreScenarios({ seed: 1, runs, world })
    expect(found.report).toBe('')
    expect(found.runs).toBe(runs)
  },
  60_000,
)
