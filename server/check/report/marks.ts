/** Puts the results of many submissions into a table: as CSV for a spreadsheet, and as lines for the terminal. */
import { formatCount, plural } from '../../../shared/text/format.ts'
import { visible } from '../../../shared/text/visible.ts'
import { type CheckResult, passedOf, type TestResult, type Verdict } from '../result.ts'
import { earned, type Points } from './points.ts'
import { countOf, failuresOf, firstReason } from './words.ts'

export interface Submission {
  /** Its path, by which staff find it. */
  readonly name: string
  readonly outcome: CheckResult | NotChecked
}

/** A submission whose program does not start, for example. */
interface NotChecked {
  /** A sentence without its end. */
  readonly whyNot: string
}

/** Returns null if the submission could not be checked. */
const resultOf = ({ outcome }: Submission): CheckResult | null => ('tests' in outcome ? outcome : null)

/**
 * Returns a row per submission. Columns: the submission, its outcome, points (if there are any), the number of tests by
 * verdict, the first reason of a failure, and each test.
 */
export function marksCsv(submissions: readonly Submission[], points?: Points): string {
  const names = testNames(submissions)
  const head = ['submission', 'outcome', ...(points ? ['points', 'of'] : []), ...COUNTS, 'first failure', ...names]
  const rows = submissions.map((submission) => rowOf(submission, names, points))
  // The mark at the beginning makes Excel read UTF-8.
  return `\ufeff${[head, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`
}

const COUNTS = ['passed', 'flaky', 'failed', 'skipped'] as const satisfies readonly Verdict[]

/** Tests in order of appearance. */
const testNames = (submissions: readonly Submission[]): string[] => [
  ...new Set(submissions.flatMap((submission) => resultOf(submission)?.tests.map(({ name }) => name) ?? [])),
]

type Value = string | number

function rowOf(submission: Submission, names: readonly string[], points: Points | undefined): Value[] {
  const result = resultOf(submission)
  const tests = result?.tests ?? []
  const sums = points ? Object.values(sumOf(tests, names, points)) : []
  const counts = COUNTS.map((verdict) => (result ? countOf(tests, verdict) : ''))
  const cells = names.map((name) => shortWords(tests.find((test) => test.name === name)))
  return [submission.name, outcomeOf(submission), ...sums, ...counts, firstFailure(submission), ...cells]
}

function sumOf(tests: readonly TestResult[], names: readonly string[], points: Points) {
  const got = tests.reduce((sum, test) => sum + earned(test, points.of(test.name).points, points), 0)
  const most = names.reduce((sum, name) => sum + points.of(name).points, 0)
  return { got: twoDecimals(got), most: twoDecimals(most) }
}

/** Sums of decimals have tails, such as 0.30000000000000004. */
const twoDecimals = (value: number): number => Math.round(value * 100) / 100

type Outcome = 'passed' | 'flaky' | 'failed' | 'incomplete' | 'not checked'

/** A submission of which a test was skipped has not passed. */
function outcomeOf(submission: Submission): Outcome {
  const tests = resultOf(submission)?.tests
  if (!tests) return 'not checked'
  if (countOf(tests, 'failed') > 0) return 'failed'
  if (countOf(tests, 'flaky') > 0) return 'flaky'
  return countOf(tests, 'skipped') > 0 || tests.length === 0 ? 'incomplete' : 'passed'
}

/** `16 of 20` is read as text; `16/20` would become a date. A test that was not run is an empty cell. */
function shortWords(test: TestResult | undefined): string {
  if (!test) return ''
  return test.verdict === 'skipped' || test.verdict === 'passed' ? test.verdict : passedOf(test).replace(/ runs?$/, '')
}

function firstFailure({ outcome }: Submission): string {
  if (!('tests' in outcome)) return outcome.whyNot
  const test = ['failed', 'flaky'].flatMap((verdict) => outcome.tests.filter((one) => one.verdict === verdict))[0]
  const failure = test && failuresOf(test)[0]
  return test && failure ? `${test.name}: run ${failure.first.run}: ${firstReason(failure.first)}` : ''
}

/** Characters, also in their full width, by which a spreadsheet recognizes a formula. */
const FORMULA = /^[=+\-@＝＋－＠]/

/** Quotes a field of CSV where it needs it. A text that looks like a formula begins with an apostrophe, by which a spreadsheet takes it as text. */
function cell(value: Value): string {
  if (typeof value === 'number') return `${value}`
  const text = visible(value)
  const safe = FORMULA.test(text.trimStart()) ? `'${text}` : text
  return /[",']|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Lines of the terminal: a table, how many passed each test, and a sum. */
export interface MarksTable {
  readonly rows: readonly (readonly [outcome: Outcome, name: string, words: string])[]
  /** The share of submissions that pass a test: a test that all fail may be wrong itself. */
  readonly tests: readonly (readonly [name: string, words: string])[]
  readonly sum: string
}

export function marksTable(submissions: readonly Submission[], points?: Points): MarksTable {
  const names = testNames(submissions)
  const outcomes = submissions.map(outcomeOf)
  const kinds = ['passed', 'flaky', 'failed', 'incomplete', 'not checked'] as const satisfies readonly Outcome[]
  const counts = kinds.map((kind) => ({ kind, count: outcomes.filter((outcome) => outcome === kind).length }))
  const words = counts.filter(({ count }) => count > 0).map(({ kind, count }) => `${formatCount(count)} ${kind}`)
  return {
    rows: submissions.map((submission) => [
      outcomeOf(submission),
      submission.name,
      rowWords(submission, names, points),
    ]),
    tests: names.map((name) => [name, testWords(submissions, name)]),
    sum: `${plural(submissions.length, 'submission')}: ${words.join(', ') || 'none was found'}`,
  }
}

function rowWords(submission: Submission, names: readonly string[], points: Points | undefined): string {
  const tests = resultOf(submission)?.tests
  if (!tests) return firstFailure(submission)
  const sums = points ? sumOf(tests, names, points) : null
  const score = sums
    ? `${sums.got} of ${plural(sums.most, 'point')}`
    : `${countOf(tests, 'passed')} of ${plural(tests.length, 'test')}`
  return [score, firstFailure(submission)].filter((words) => words !== '').join(' · ')
}

function testWords(submissions: readonly Submission[], name: string): string {
  const tests = submissions.flatMap(
    (submission) => resultOf(submission)?.tests.filter((test) => test.name === name) ?? [],
  )
  const others = (['flaky', 'failed', 'skipped'] as const).map((verdict) => ({
    verdict,
    count: countOf(tests, verdict),
  }))
  const rest = others.filter(({ count }) => count > 0).map(({ verdict, count }) => `${formatCount(count)} ${verdict}`)
  return [`passed by ${formatCount(countOf(tests, 'passed'))} of ${formatCount(tests.length)}`, ...rest].join(', ')
}
