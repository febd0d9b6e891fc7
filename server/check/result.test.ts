import { expect, test } from 'vitest'
import { exitCodeOf, passedOf, TOO_BUSY, type Verdict, verdictOf } from './result.ts'

const runs = (...oks: boolean[]) =>
  oks.map((ok, i) => ({ run: i + 1, seed: 1, ok, durationMs: 1, repeated: 0, reasons: [] }))

test('a test of which some runs pass is flaky, and one without runs was skipped', () => {
  expect(verdictOf(runs(true, true))).toBe('passed')
  expect(verdictOf(runs(false, false))).toBe('failed')
  expect(verdictOf(runs(true, false, true))).toBe('flaky')
  expect(verdictOf([])).toBe('skipped')
  expect(passedOf({ runs: runs(true, false, true) })).toBe('2 of 3 runs')
  expect(passedOf({ runs: runs(true) })).toBe('1 of 1 run')
})

test('a check passes when something ran and nothing failed; skipped tests count as neither', () => {
  const codeOf = (...verdicts: Verdict[]) =>
    exitCodeOf({ tests: verdicts.map((verdict) => ({ name: 'a', rule: 'b', needs: 1, verdict, runs: [] })) })
  expect(codeOf('passed', 'skipped')).toBe(0)
  expect(codeOf('passed', 'flaky')).toBe(1)
  expect(codeOf('failed', 'skipped')).toBe(1)
  expect(codeOf('skipped')).toBe(4)
  const busy = { name: 'a', rule: 'b', needs: 1, verdict: 'skipped', why: TOO_BUSY, runs: [] } as const
  const sound = { name: 'a', rule: 'b', needs: 1, verdict: 'passed', runs: [] } as const
  expect(exitCodeOf({ tests: [sound, busy] })).toBe(4)
})
