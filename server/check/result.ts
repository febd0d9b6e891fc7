/**
 * The result of `rumorscope check`: plain data, from which every report is made. Times are in ms; instants count from the
 * start of their run.
 */
import { plural } from '../../shared/text/format.ts'

export interface CheckResult {
  /** The command line of the program, as the person typed it. */
  readonly program: string
  /** ISO 8601. */
  readonly startedAt: string
  readonly durationMs: number
  /** Repeats the dice of the checks; the program and the network have their own. */
  readonly seed: number
  readonly machine: Machine
  readonly tests: readonly TestResult[]
}

export interface Machine {
  readonly cores: number
  /** Busy share of all processors while the tests ran, 0 to 1. */
  readonly load: number
  /** 2: each datagram passes a gate. 1: only commands and chat logs. */
  readonly layer: 1 | 2
  /** Whether each run has a network of its own. */
  readonly namespaces: boolean
  /** The reason why there is no gate, as a sentence without its end. */
  readonly whyNot?: string
  /** Most runs at once. */
  readonly atOnce: number
}

/** `flaky`: some of its runs passed. `skipped`: it needs something that is missing; it counts as neither. */
export type Verdict = 'passed' | 'failed' | 'flaky' | 'skipped'

export interface TestResult {
  readonly name: string
  /** Source of the rule that it checks, such as `handout, anti-entropy`, or the path of its file. */
  readonly rule: string
  /** Lowest layer on which it can run. */
  readonly needs: 1 | 2
  readonly verdict: Verdict
  /** The reason why it was skipped. */
  readonly why?: string
  readonly runs: readonly RunResult[]
}

export interface RunResult {
  /** Counts from 1 within its test. */
  readonly run: number
  readonly seed: number
  readonly ok: boolean
  readonly durationMs: number
  /** Number of attempts that did not count, because the machine was too busy. */
  readonly repeated: number
  /** The most important first. Empty when the run passed. */
  readonly reasons: readonly Reason[]
  /** Path of its recording. */
  readonly recording?: string
  readonly measures?: Measures
}

export interface Reason {
  readonly atMs: number
  /** Number of the event in the recording at which it shows. */
  readonly event?: number
  readonly node?: number
  /** A sentence without its end: `“Bob” reached 2 of 3 nodes; …`. */
  readonly words: string
}

/** Times in ms of the messages that reached every running node, and their number. */
export interface Latency {
  readonly p50: number
  readonly p95: number
  readonly max: number
  readonly reached: number
}

/** In Maelstrom's words, where it has them. */
export interface Measures {
  readonly messages: number
  /** Number of messages whose spread was measured: the first ones. */
  readonly measured: number
  /** Time from a message's sending until every running node has it; missing when no message reached all. */
  readonly latencyMs?: Latency
  /** Missing on layer 1. */
  readonly datagramsPerMessage?: number
  /** Messages that a node that had them is gone with, and that no node shows. */
  readonly lost: number
  /** Messages that were missing from a chat log that was asked for, and came later. */
  readonly stale: number
  /** Copies beyond the first, in one chat log. */
  readonly duplicated: number
  /** Messages that no chat log showed, although their node runs. */
  readonly neverRead: number
}

/** Returns the verdict of a test that has run. */
export function verdictOf(runs: readonly Pick<RunResult, 'ok'>[]): Verdict {
  const passed = runs.filter(({ ok }) => ok).length
  if (runs.length === 0) return 'skipped'
  return passed === runs.length ? 'passed' : passed === 0 ? 'failed' : 'flaky'
}

/** `16 of 20 runs`. */
export const passedOf = ({ runs }: Pick<TestResult, 'runs'>): string =>
  `${runs.filter(({ ok }) => ok).length} of ${plural(runs.length, 'run')}`

/** Exit codes of `rumorscope check`. */
export const EXIT = {
  passed: 0,
  failed: 1,
  unusableTests: 2,
  programDoesNotStart: 3,
  machineCannot: 4,
} as const

/** Reason why a test is skipped whose runs all failed on a machine that was too busy. */
export const TOO_BUSY = 'the machine was too busy for each of its runs'

/** A check in which nothing ran has shown nothing, and neither has a test that the machine was too busy for. */
export function exitCodeOf({ tests }: Pick<CheckResult, 'tests'>): number {
  if (tests.some(({ verdict }) => verdict === 'failed' || verdict === 'flaky')) return EXIT.failed
  if (tests.some(({ why }) => why === TOO_BUSY)) return EXIT.machineCannot
  return tests.some(({ verdict }) => verdict === 'passed') ? EXIT.passed : EXIT.machineCannot
}
