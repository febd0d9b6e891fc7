import { expect, test } from 'vitest'
import { exploreScenarios } from './explore.ts'

const RUNS = 250

test(`in ${RUNS} stories with loss, doubles, delay, cuts, crashes and hoarders, what must always hold holds`, () => {
  const { report, runs } = exploreScenarios({ seed: 1, runs: RUNS })
  expect(report).toBe('')
  expect(runs).toBe(RUNS)
}, 60_000)
