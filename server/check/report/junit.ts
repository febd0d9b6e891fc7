/**
 * Writes JUnit XML as Jenkins reads it. Each test is one case. Runs beyond the first failed one are in the elements that
 * Maven Surefire added for repeated runs: `rerunFailure` when no run passed, `flakyFailure` when some did. Readers that
 * ignore `flakyFailure` would call a flaky test passed, so it has a `failure` too.
 */
import { formatMs, plural } from '../../../shared/text/format.ts'
import { visible } from '../../../shared/text/visible.ts'
import { type CheckResult, passedOf, type RunResult, type TestResult } from '../result.ts'
import { type Content, element, type Markup } from './markup.ts'
import { countOf, firstReason, machineWords, measureWords, reasonLines, skipWords } from './words.ts'

/** Maximum number of failed runs of a test that are listed, and of reasons of a run. */
const MOST_RUNS = 20
const MOST_REASONS = 20

export function junitXml(result: CheckResult): string {
  const { tests, program, durationMs } = result
  const failures = countOf(tests, 'failed') + countOf(tests, 'flaky')
  const name = `rumorscope check ${program}`
  const counts = { tests: tests.length, failures, errors: 0, time: seconds(durationMs) }
  const suite = element(
    'testsuite',
    { name, ...counts, skipped: countOf(tests, 'skipped'), timestamp: timestamp(result.startedAt) },
    properties(result),
    ...tests.map(testcase),
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', { name, ...counts }, suite).text}\n`
}

/** The schemas take no zone: it is UTC. */
const timestamp = (startedAt: string): string => startedAt.slice(0, 'yyyy-mm-ddThh:mm:ss'.length)

const seconds = (ms: number): string => (ms / 1_000).toFixed(3)

function properties({ seed, machine }: CheckResult): Markup {
  const values = { seed, layer: machine.layer, machine: machineWords(machine).join(' ') }
  return element(
    'properties',
    {},
    ...Object.entries(values).map(([name, value]) => element('property', { name, value })),
  )
}

function testcase(test: TestResult): Markup {
  const { name, verdict, runs } = test
  const time = seconds(runs.reduce((sum, { durationMs }) => sum + durationMs, 0))
  return element(
    'testcase',
    { classname: 'rumorscope.check', name, time },
    ...failures(test),
    verdict === 'skipped' ? element('skipped', {}, skipWords(test)) : null,
    element('system-out', {}, outputOf(test)),
  )
}

const failedRuns = ({ runs }: TestResult): RunResult[] => runs.filter(({ ok }) => !ok).slice(0, MOST_RUNS)

function failures(test: TestResult): Content[] {
  const { verdict } = test
  if (verdict !== 'failed' && verdict !== 'flaky') return []
  const [first, ...others] = failedRuns(test)
  if (!first) return []
  const message = `${passedOf(test)} passed. ${messageOf(first)}`
  const failure = element('failure', { type: verdict, message }, linesOf(first))
  return [failure, ...(verdict === 'failed' ? again('rerunFailure', others) : again('flakyFailure', failedRuns(test)))]
}

const again = (name: string, runs: readonly RunResult[]): Markup[] =>
  runs.map((run) => element(name, { type: 'failed', message: messageOf(run) }, element('stackTrace', {}, linesOf(run))))

const messageOf = (failed: RunResult): string => `Run ${failed.run}: ${firstReason(failed)}`

function linesOf(failed: RunResult): string {
  const { run, seed, recording } = failed
  const lines = [
    `run ${run}, seed ${seed}`,
    ...reasonLines(failed, MOST_REASONS).map((line) => `  ${line}`),
    ...(recording === undefined ? [] : [`  recording: ${recording}`]),
  ]
  // A line end within a text of the program must not begin a line of the report.
  return lines.map(visible).join('\n')
}

function outputOf(test: TestResult): string {
  const { rule, runs } = test
  const repeated = runs.reduce((sum, run) => sum + run.repeated, 0)
  const slowest = Math.max(0, ...runs.map(({ durationMs }) => durationMs))
  return [
    `rule: ${rule}`,
    ...(runs.length > 0 ? [`${passedOf(test)} passed, the longest took ${formatMs(slowest)}`] : []),
    ...(repeated > 0 ? [`${plural(repeated, 'run')} repeated, because the machine was too busy`] : []),
    ...[measureWords(test)].filter((words) => words !== ''),
  ].join('\n')
}
