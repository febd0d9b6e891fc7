/** Checks one program with prepared tests. */
import { availableParallelism } from 'node:os'
import { type Check, ProgramDoesNotStart } from '../check/check.ts'
import type { CheckTest } from '../check/check-test.ts'
import type { Points } from '../check/report/points.ts'
import type { CheckResult, RunResult, TestResult } from '../check/result.ts'
import { processHost } from '../hosts/process-host.ts'
import type { WireDecoder } from '../hosts/program/wire-format.ts'
import type { CheckOptions } from './check-options.ts'
import type { RecordFolder } from './check-reports.ts'
import { BUNDLE, callersFolder, GATE } from './lab-host.ts'
import { parseProgram } from './program-option.ts'

/** The parts that all programs of a check share. */
export interface Prepared {
  readonly options: CheckOptions
  readonly tests: readonly CheckTest[]
  readonly points: Points | undefined
  /** The decoder that --wire names. */
  readonly wire: WireDecoder | undefined
  /** The reason why there is no gate. */
  readonly whyNot: string | undefined
  readonly check: Check
  readonly recordings: RecordFolder
}

interface Watched {
  /** The command of the program, unread. */
  readonly command: string
  /** Folder of its recordings. */
  readonly record: string | undefined
  readonly onRun: (test: CheckTest, run: RunResult) => void
  readonly onTest: (test: TestResult) => void
}

/** @throws (rejects) ProgramDoesNotStart, also if the command names no program. */
export function checkOne({ options, tests, wire, whyNot, check }: Prepared, watched: Watched): Promise<CheckResult> {
  const { env } = process
  return check.run({
    ...options,
    ...watched,
    program: programOf(watched.command),
    tests,
    wire,
    gate: whyNot === undefined ? { file: GATE } : { whyNot },
    own: processHost({ bundle: BUNDLE, runtime: '' }),
    env,
  })
}

function programOf(command: string) {
  try {
    return parseProgram(command, { folder: callersFolder(), path: process.env.PATH ?? '' })
  } catch (error) {
    throw new ProgramDoesNotStart((error as Error).message.replace(/^--program:? ?/, ''), [])
  }
}

/** Returns the result for the reports of a program that does not start: each test failed, and says why. */
export function unstarted(
  { options, tests, whyNot }: Prepared,
  command: string,
  error: ProgramDoesNotStart,
): CheckResult {
  const { seed } = options
  const words = [`the program does not start: ${error.message}`, ...error.lines].join(' · ')
  const run: RunResult = { run: 1, seed, ok: false, durationMs: 0, repeated: 0, reasons: [{ atMs: 0, words }] }
  const machine: CheckResult['machine'] = {
    ...{ cores: availableParallelism(), load: 0, atOnce: 1 },
    ...(whyNot === undefined ? { layer: 2, namespaces: true } : { layer: 1, namespaces: false, whyNot }),
  }
  return {
    program: command,
    startedAt: new Date().toISOString(),
    durationMs: 0,
    seed,
    machine,
    tests: tests.map(({ name, rule, needs }) => ({ name, rule, needs, verdict: 'failed', runs: [run] })),
  }
}

/** Returns the most runs that the check of one program makes. */
export const mostRuns = ({ tests, options }: Pick<Prepared, 'tests' | 'options'>): number => tests.length * options.runs
