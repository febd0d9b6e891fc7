/** Writes `results.json` for Gradescope (its "Autograder Specifications", "Output format"). */

import { formatCount, plural } from '../../../shared/text/format.ts'
import { visible } from '../../../shared/text/visible.ts'
import { capital } from '../../../shared/text/words.ts'
import { type CheckResult, passedOf, type TestResult } from '../result.ts'
import { earned, type Points } from './points.ts'
import {
  alsoWords,
  countOf,
  type Failure,
  failuresOf,
  measureWords,
  reasonLines,
  skipWords,
  summaryWords,
} from './words.ts'

/** Maximum number of kinds of failures of a test that students read, and of reasons of each. */
const MOST_FAILURES = 5
const MOST_REASONS = 5

export function gradescopeJson(result: CheckResult, points: Points): string {
  const { tests, durationMs } = result
  const graded = {
    execution_time: Math.round(durationMs / 1_000),
    output: overview(result, points),
    visibility: points.visibility,
    tests: tests.map((test) => gradedTest(test, points)),
  }
  return `${JSON.stringify(graded, null, 2)}\n`
}

function gradedTest(test: TestResult, points: Points) {
  const { points: most, visibility } = points.of(test.name)
  return {
    name: visible(test.verdict === 'skipped' ? `${test.name} (skipped)` : test.name),
    score: earned(test, most, points),
    max_score: most,
    status: test.verdict === 'passed' ? 'passed' : 'failed',
    output: linesOf(test).map(visible).join('\n'),
    visibility,
  }
}

/** A skipped test earns nothing, because nothing was shown. That must not look like the student's failure. */
function overview(result: CheckResult, points: Points): string {
  const skipped = result.tests.filter(({ verdict }) => verdict === 'skipped')
  const missing = skipped.reduce((sum, { name }) => sum + points.of(name).points, 0)
  const credit =
    points.partialCredit === 'share'
      ? 'A flaky test earns points by its share of passed runs.'
      : 'A test earns its points only if all its runs pass.'
  return [
    `${capital(summaryWords(result))}. ${countOf(result.tests, 'flaky') > 0 ? credit : ''}`.trim(),
    ...(skipped.length > 0
      ? [
          `${plural(skipped.length, 'test')} neither passed nor failed, so ${plural(missing, 'point')} could not be earned. Each says why: tell the course staff.`,
        ]
      : []),
  ].join('\n')
}

function linesOf(test: TestResult): string[] {
  if (test.verdict === 'skipped') return [`${capital(skipWords(test))}. It earns no points.`]
  const failures = failuresOf(test)
  const more = failures.length - MOST_FAILURES
  return [
    `${passedOf(test)} passed. Rule: ${test.rule}.`,
    ...[measureWords(test)].filter((words) => words !== ''),
    ...failures.slice(0, MOST_FAILURES).flatMap(failureLines),
    ...(more > 0 ? [`and ${formatCount(more)} further kinds of failure`] : []),
  ]
}

function failureLines(failure: Failure): string[] {
  const { run, seed } = failure.first
  const also = alsoWords(failure)
  return [
    `Run ${run} (seed ${seed})${also === null ? '' : `, ${also}`}:`,
    ...reasonLines(failure.first, MOST_REASONS).map((line) => `  ${line}`),
  ]
}
