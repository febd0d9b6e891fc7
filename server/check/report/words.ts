/** Puts results into words: the one source of every report. Texts of programs stay as they are; each format escapes. */
import { formatCount, formatInstant, formatMs, plural } from '../../../shared/text/format.ts'
import { capital, listed } from '../../../shared/text/words.ts'
import type { CheckResult, Machine, Measures, Reason, RunResult, TestResult, Verdict } from '../result.ts'

export const VERDICTS = ['failed', 'flaky', 'skipped', 'passed'] as const satisfies readonly Verdict[]

export const countOf = (tests: readonly Pick<TestResult, 'verdict'>[], verdict: Verdict): number =>
  tests.filter((test) => test.verdict === verdict).length

/** `8 tests: 1 failed, 1 flaky, 1 skipped, 5 passed`. */
export function summaryWords({ tests }: Pick<CheckResult, 'tests'>): string {
  const counts = VERDICTS.map((verdict) => ({ verdict, count: countOf(tests, verdict) }))
  const words = counts.filter(({ count }) => count > 0).map(({ verdict, count }) => `${formatCount(count)} ${verdict}`)
  return `${plural(tests.length, 'test')}: ${words.join(', ') || 'nothing ran'}`
}

/** Returns why a test was skipped, as a sentence without its end. */
export const skipWords = ({ why }: Pick<TestResult, 'why'>): string =>
  why === undefined ? 'neither passed nor failed' : `neither passed nor failed: ${why}`

/** `at 3.033 s: “Bob” reached 2 of 3 nodes`. */
const reasonWords = ({ atMs, words }: Reason): string => `at ${formatInstant(atMs)}: ${words}`

/** Failed runs that differ only in numbers. */
export interface Failure {
  /** The first of them, whose reasons are printed. */
  readonly first: RunResult
  /** Numbers of the others. */
  readonly also: readonly number[]
}

/** Groups failed runs by their first reason without its numbers, the most frequent first. */
export function failuresOf({ runs }: Pick<TestResult, 'runs'>): Failure[] {
  const groups = new Map<string, { first: RunResult; also: number[] }>()
  for (const run of runs.filter(({ ok }) => !ok)) {
    const key = (run.reasons[0]?.words ?? '').replace(/\d+(?:[.,]\d+)*/g, '#')
    const group = groups.get(key)
    if (group) group.also.push(run.run)
    else groups.set(key, { first: run, also: [] })
  }
  return [...groups.values()].sort((a, b) => b.also.length - a.also.length)
}

/** A run that failed without a reason is a bug of a check, and must not look like a pass. */
const NO_REASON = 'the check gave no reason'

/** Returns the most important reason of a failed run. */
export const firstReason = ({ reasons: [reason] }: Pick<RunResult, 'reasons'>): string =>
  reason ? reasonWords(reason) : NO_REASON

/** Returns a line for each of the first reasons of a failed run, and one for the number of further ones. */
export function reasonLines({ reasons }: Pick<RunResult, 'reasons'>, most: number): string[] {
  if (reasons.length === 0) return [NO_REASON]
  const more = reasons.length - most
  return [...reasons.slice(0, most).map(reasonWords), ...(more > 0 ? [`and ${plural(more, 'further reason')}`] : [])]
}

/** Maximum number of runs that are named one by one. */
const MOST_NAMED = 10

/** `also runs 8, 9 and 12`, or null if there are none. */
export function alsoWords({ also }: Failure): string | null {
  const [only] = also
  if (only === undefined) return null
  if (also.length === 1) return `also run ${only}`
  if (also.length > MOST_NAMED) return `also ${formatCount(also.length)} other runs`
  return `also runs ${listed(also.map(String)).replace(' or ', ' and ')}`
}

/** The measures of all runs of a test. */
export function measureWords({ runs }: Pick<TestResult, 'runs'>): string {
  const measures = runs.flatMap((run) => run.measures ?? [])
  const latencies = measures.flatMap(({ latencyMs }) => latencyMs ?? [])
  const costs = measures.flatMap(({ datagramsPerMessage }) => datagramsPerMessage ?? [])
  const parts: string[] = []
  if (latencies.length > 0) {
    const [p50, p95] = [median(latencies.map((one) => one.p50)), median(latencies.map((one) => one.p95))]
    const max = Math.max(...latencies.map((one) => one.max))
    const reached = sum(latencies.map((one) => one.reached))
    const measured = sum(measures.map((one) => one.measured))
    const which =
      reached === measured ? '' : ` (${formatCount(reached)} of ${plural(measured, 'message')} reached them)`
    parts.push(`time to all nodes${which} p50 ${formatMs(p50)}, p95 ${formatMs(p95)}, max ${formatMs(max)}`)
  }
  if (costs.length > 0) parts.push(`${plural(median(costs), 'datagram')} per message`)
  return [...parts, ...COUNTED.flatMap(([key, words]) => countWords(measures, key, words))].join(' · ')
}

const COUNTED = [
  ['lost', 'lost'],
  ['stale', 'stale'],
  ['duplicated', 'duplicated'],
  ['neverRead', 'never read'],
] as const satisfies readonly (readonly [keyof Measures, string])[]

function countWords(measures: readonly Measures[], key: (typeof COUNTED)[number][0], words: string): string[] {
  const count = measures.reduce((sum, one) => sum + one[key], 0)
  return count === 0 ? [] : [`${formatCount(count)} ${words}`]
}

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0)

/** @param values at least one. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Returns how the runs were made, as sentences. */
export function machineWords({ cores, load, layer, namespaces, whyNot, atOnce }: Machine): string[] {
  const network = namespaces ? 'each run in a network of its own' : 'all on the network of this machine'
  const watched = layer === 2 ? 'Each datagram was watched.' : 'Datagrams were not watched.'
  return [
    `${plural(atOnce, 'run')} at once, ${network}, on ${plural(cores, 'core')} (${Math.round(load * 100)} % busy).`,
    whyNot === undefined ? watched : `${watched} ${capital(whyNot)}.`,
  ]
}

/** Quotes a path for a POSIX shell. */
export const inShell = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`)
