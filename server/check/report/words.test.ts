import { expect, test } from 'vitest'
import { EXAMPLE, failedRun, passedRun, resultOf } from '../../test-support/check-results.ts'
import { alsoWords, failuresOf, machineWords, measureWords, summaryWords } from './words.ts'

test('a summary counts each verdict, and a skipped test is no passed one', () => {
  expect(summaryWords(EXAMPLE)).toBe('4 tests: 1 failed, 1 flaky, 1 skipped, 1 passed')
  expect(summaryWords(resultOf())).toBe('0 tests: nothing ran')
})

test('runs that fail for the same reason with other numbers are named together, the most frequent first', () => {
  const runs = [
    failedRun(1, 'node 2 ended by SIGSEGV'),
    passedRun(2),
    failedRun(3, 'node 1 has 2 of 3 messages'),
    failedRun(4, 'node 0 has 1,024 of 3,000 messages'),
    failedRun(5, 'node 1 has 0 of 3 messages'),
  ]
  const failures = failuresOf({ runs })
  expect(failures.map(({ first, also }) => [first.run, also])).toEqual([
    [3, [4, 5]],
    [1, []],
  ])
  expect(failures.map(alsoWords)).toEqual(['also runs 4 and 5', null])
  const many = Array.from({ length: 12 }, (_, i) => failedRun(i + 1, 'lost'))
  expect(failuresOf({ runs: many }).map(alsoWords)).toEqual(['also 11 other runs'])
  expect(failuresOf({ runs: many.slice(0, 2) }).map(alsoWords)).toEqual(['also run 2'])
})

test('measures are those of all runs, and only what went wrong is counted', () => {
  const wrong = passedRun(2)
  const runs = [
    passedRun(1),
    { ...wrong, ...(wrong.measures ? { measures: { ...wrong.measures, lost: 2, neverRead: 1 } } : {}) },
  ]
  expect(measureWords({ runs })).toBe(
    'time to all nodes p50 2 ms, p95 9 ms, max 21 ms · 12 datagrams per message · 2 lost · 1 never read',
  )
  expect(measureWords({ runs: [failedRun(1, 'lost')] })).toBe('')
})

test('times of messages say how many did not reach all nodes', () => {
  const { measures, ...run } = passedRun(1)
  if (!measures?.latencyMs) throw new Error('there is no time')
  const some = { ...measures, latencyMs: { ...measures.latencyMs, reached: 1 } }
  const { latencyMs: _, ...none } = measures
  expect(
    measureWords({
      runs: [
        { ...run, measures: some },
        { ...run, measures: none },
      ],
    }),
  ).toMatch(/^time to all nodes \(1 of 6 messages reached them\) p50 2 ms, /)
})

test('a machine without a gate or networks says so', () => {
  const machine = { cores: 2, load: 0.5, layer: 1, namespaces: false, whyNot: 'python3 is missing', atOnce: 1 } as const
  expect(machineWords(machine)).toEqual([
    '1 run at once, all on the network of this machine, on 2 cores (50 % busy).',
    'Datagrams were not watched. Python3 is missing.',
  ])
})
