/** Puts a check into lines for the terminal: one per test while it runs, and a summary with the reasons at the end. */
import { formatCount, formatElapsed, plural } from '../../../shared/text/format.ts'
import { cut } from '../../../shared/text/words.ts'
import type { StyledLine } from '../../platform/styled-line.ts'
import { type CheckResult, passedOf, type RunResult, type TestResult, type Verdict } from '../result.ts'
import type { MarksTable } from './marks.ts'
import {
  alsoWords,
  countOf,
  failuresOf,
  inShell,
  machineWords,
  measureWords,
  reasonLines,
  skipWords,
  summaryWords,
  VERDICTS,
} from './words.ts'

/** Maximum number of kinds of failures of a test that are printed, and of reasons of each. */
const MOST_FAILURES = 3
const MOST_REASONS = 3
/** Names up to this length are followed by their results in one column. */
const NAME_WIDTH = 44

const MARKS = { passed: 'pass ', failed: 'FAIL ', flaky: 'flaky', skipped: 'skip ' } as const
const STYLES = { passed: 'green', failed: 'red', flaky: 'yellow', skipped: 'yellow' } as const

export interface Progress {
  readonly done: number
  readonly total: number
  readonly failed: number
  readonly elapsedMs: number
  /** Share of the whole check that is done, 0 to 1. */
  readonly share: number
  /** Name of a test that runs now. */
  readonly now: string
}

/** Returns the text that a terminal shows while runs are under way. */
export function progressWords({ done, total, failed, elapsedMs, share, now }: Progress): string {
  const failures = failed > 0 ? `, ${formatCount(failed)} failed` : ''
  const left = share >= LEAST_SHARE ? `, about ${formatElapsed(roughly((elapsedMs * (1 - share)) / share))} left` : ''
  return `${formatCount(done)} of ${plural(total, 'run')} done${failures}, ${formatElapsed(elapsedMs)}${left} · ${now}`
}

/** Share of a check that must be done before its rate says anything. */
const LEAST_SHARE = 0.05

/** Rounds an estimate in ms, which would be too exact otherwise: to 5 s, or above a minute to 30 s. */
function roughly(ms: number): number {
  const step = ms < 60_000 ? 5_000 : 30_000
  return Math.ceil(ms / step) * step
}

/** The lines of one test, with the reasons if it failed. */
export function testLines(test: TestResult): StyledLine[] {
  const { name, verdict } = test
  const head: StyledLine = [{ text: MARKS[verdict], style: STYLES[verdict] }, { text: ` ${name.padEnd(NAME_WIDTH)} ` }]
  if (verdict === 'skipped') return [[...head, { text: skipWords(test), style: 'yellow' }]]
  const measured = measureWords(test)
  const line: StyledLine = [
    ...head,
    { text: passedOf(test) },
    ...(measured === '' ? [] : [{ text: ` · ${measured}`, style: 'dim' as const }]),
  ]
  return [line, ...failureLines(test)]
}

function failureLines(test: TestResult): StyledLine[] {
  const failures = failuresOf(test)
  const more = failures.length - MOST_FAILURES
  return [
    ...failures.slice(0, MOST_FAILURES).flatMap((failure) => {
      const also = alsoWords(failure)
      const [first, ...others] = reasonLines(failure.first, MOST_REASONS)
      return [
        [{ text: `      run ${failure.first.run} ` }, { text: `${first}`, style: 'bold' as const }],
        ...others.map((words): StyledLine => [{ text: `        ${words}` }]),
        ...(also === null ? [] : [[{ text: `        ${also}`, style: 'dim' as const }]]),
      ]
    }),
    ...(more > 0 ? [[{ text: `      and ${plural(more, 'further kind')} of failure` }]] : []),
  ]
}

/** The lines after the last test. */
export function summaryLines(result: CheckResult): StyledLine[] {
  const { tests, durationMs, machine, seed } = result
  const worst = VERDICTS.find((verdict) => countOf(tests, verdict) > 0)
  const repeated = tests.flatMap(({ runs }) => runs).reduce((sum, run) => sum + run.repeated, 0)
  return [
    [],
    [
      { text: summaryWords(result), style: worst ? STYLES[worst] : 'yellow' },
      { text: `, in ${formatElapsed(durationMs)}` },
    ],
    [{ text: [...machineWords(machine), `Seed ${seed}.`].join(' '), style: 'dim' }],
    ...(repeated > 0
      ? [[{ text: `${plural(repeated, 'run')} repeated, because the machine was too busy.`, style: 'dim' as const }]]
      : []),
    ...recordingLines(tests),
  ]
}

/** Says how to look at the first failure. */
function recordingLines(tests: readonly TestResult[]): StyledLine[] {
  const recording = firstFailed(tests)?.recording
  if (recording === undefined) return []
  return [
    [{ text: 'See the first failure: ' }, { text: `rumorscope --recording ${inShell(recording)}`, style: 'bold' }],
  ]
}

function firstFailed(tests: readonly TestResult[]): RunResult | undefined {
  const order: readonly Verdict[] = ['failed', 'flaky']
  return order
    .flatMap((verdict) => tests.filter((test) => test.verdict === verdict).flatMap(({ runs }) => runs))
    .find(({ ok, recording }) => !ok && recording !== undefined)
}

const OUTCOME_STYLES = {
  passed: 'green',
  flaky: 'yellow',
  failed: 'red',
  incomplete: 'yellow',
  'not checked': 'red',
} as const
const OUTCOME_WIDTH = 11
/** Longest text about one submission, in UTF-16 units: hundreds of them are read as a column. */
const MOST_WORDS = 110

/** The line of one submission. `width` is the room for names. */
export const submissionLine = ([outcome, name, words]: MarksTable['rows'][number], width: number): StyledLine => [
  { text: outcome.padEnd(OUTCOME_WIDTH), style: OUTCOME_STYLES[outcome] },
  { text: ` ${name.padEnd(width)}  ${words.length > MOST_WORDS ? `${cut(words, MOST_WORDS)}…` : words}` },
]

/** The lines after the last submission. */
export function marksLines({ tests, sum }: Pick<MarksTable, 'tests' | 'sum'>): StyledLine[] {
  const width = widthOf(tests.map(([name]) => name))
  return [
    [],
    ...tests.map(([name, words]): StyledLine => [{ text: `${name.padEnd(width)}  ${words}` }]),
    [],
    [{ text: sum, style: 'bold' }],
  ]
}

/** Returns the room that names need in a column. */
export const widthOf = (names: readonly string[]): number =>
  Math.min(NAME_WIDTH, Math.max(0, ...names.map(({ length }) => length)))
