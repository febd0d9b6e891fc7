/**
 * Carries out the runs of all tests, several at once: as many as keep the machine's timers in time. A run that fails
 * while timers came late is repeated, at last while no other run goes on.
 */
import { availableParallelism, freemem } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import type { CheckTest } from './check-test.ts'
import { busyShare, type Load, type LoadMeter } from './load.ts'
import { type RunResult, type TestResult, TOO_BUSY, verdictOf } from './result.ts'

/** Most runs at once for each processor: their programs mostly wait. */
const MOST_PER_CORE = 10
/** Memory that a run may need, in bytes. */
const RUN_BYTES = 160 * 1_024 ** 2
/** Time between the starts of two runs, in ms: starting takes most of a run's processor time. */
const START_EVERY_MS = 60
/** Busy share of the processors past which no further run starts. */
const BUSY = 0.85
/** Busy share of the processors past which a failure beside other runs does not count. */
const BUSY_RUN = 0.95
/** Lateness of a timer past which a failure does not count, in ms. */
const LATE_MS = 100
/** Attempts of one run on a machine that is too busy. The last one has the machine to itself. */
const ATTEMPTS = 3

/** One attempt of a run. */
export interface Attempt {
  readonly result: Omit<RunResult, 'repeated'>
  readonly load: Load
  /** The test does not apply to the program: why. */
  readonly skipped?: string
}

export interface ScheduleOptions {
  readonly runs: number
  /** Whether a test ends with its first failure. */
  readonly untilFail: boolean
  /** Whether each run has a network of its own; else one run at a time. */
  readonly namespaces: boolean
  readonly meter: LoadMeter
  /** Carries out one attempt. Never rejects because of the program. */
  readonly attempt: (test: CheckTest, run: number) => Promise<Attempt>
  /** Takes back what an attempt that does not count has left behind. */
  readonly discard: (attempt: Attempt) => void
  readonly onRun: (test: CheckTest, run: RunResult) => void
  readonly onTest: (result: TestResult) => void
  /** A test that cannot run here: why. */
  readonly whyNot: (test: CheckTest) => string | undefined
}

export interface Scheduled {
  readonly tests: readonly TestResult[]
  /** Most runs at once. */
  readonly atOnce: number
}

/** Whether a failure says nothing about the program; `alone`: while no other run goes on. */
export const isTooBusy = ({ lateMs, busy }: Load, alone: boolean): boolean =>
  lateMs >= LATE_MS || (!alone && busy >= BUSY_RUN)

export async function schedule(tests: readonly CheckTest[], options: ScheduleOptions): Promise<Scheduled> {
  const lanes = new Lanes(options)
  const progress = tests.map((test) => new TestProgress(test, options, lanes))
  // Those with the machine to themselves come last.
  const order = [...progress].sort((a, b) => Number(a.test.alone ?? false) - Number(b.test.alone ?? false))
  await Promise.all(order.map((one) => one.runAll()))
  return {
    tests: progress.map(({ result }) => result),
    atOnce: lanes.mostAtOnce,
  }
}

/** Decides when a run may start. Runs start in the order in which they ask. */
class Lanes {
  readonly #limit: number
  readonly #meter: LoadMeter
  #running = 0
  #isExclusive = false
  #queue: Promise<void> = Promise.resolve()
  mostAtOnce = 0

  constructor({ namespaces, meter }: Pick<ScheduleOptions, 'namespaces' | 'meter'>) {
    const byMemory = Math.max(1, Math.floor(freemem() / RUN_BYTES))
    this.#limit = namespaces ? Math.min(byMemory, MOST_PER_CORE * availableParallelism()) : 1
    this.#meter = meter
  }

  /** Carries out a run when it may start; `alone`: while no other run goes on. */
  async run<T>(alone: boolean, carryOut: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(() => this.#mayStart(alone))
    this.#queue = turn
    await turn
    this.#running += 1
    this.#isExclusive = alone
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#running)
    try {
      return await carryOut()
    } finally {
      this.#running -= 1
      if (alone) this.#isExclusive = false
    }
  }

  async #mayStart(alone: boolean): Promise<void> {
    for (;;) {
      const busy = busyShare()
      await wait(START_EVERY_MS)
      if (this.#running === 0) return
      const isFull = alone || this.#isExclusive || this.#running >= this.#limit
      if (!isFull && busy() < BUSY && this.#meter.recentLateMs < LATE_MS / 2) return
    }
  }
}

class TestProgress {
  readonly test: CheckTest
  readonly #options: ScheduleOptions
  readonly #lanes: Lanes
  readonly #runs: RunResult[] = []
  #why: string | undefined
  #hasFailed = false

  constructor(test: CheckTest, options: ScheduleOptions, lanes: Lanes) {
    this.test = test
    this.#options = options
    this.#lanes = lanes
    this.#why = options.whyNot(test)
  }

  get result(): TestResult {
    const { name, rule, needs } = this.test
    // A test that did not apply to one run is skipped: its other runs show nothing.
    const runs = this.#why === undefined ? [...this.#runs].sort((a, b) => a.run - b.run) : []
    const why = runs.length > 0 ? undefined : (this.#why ?? TOO_BUSY)
    return { name, rule, needs, verdict: verdictOf(runs), ...(why === undefined ? {} : { why }), runs }
  }

  async runAll(): Promise<void> {
    const numbers = Array.from({ length: this.#options.runs }, (_, index) => index + 1)
    await Promise.all(numbers.map((run) => this.#run(run)))
    this.#options.onTest(this.result)
  }

  get #isOver(): boolean {
    return this.#why !== undefined || (this.#options.untilFail && this.#hasFailed)
  }

  async #run(run: number): Promise<void> {
    for (let repeated = 0; repeated < ATTEMPTS && !this.#isOver; repeated += 1) {
      const alone = (this.test.alone ?? false) || repeated === ATTEMPTS - 1
      const attempt = await this.#lanes.run(alone, async () =>
        this.#isOver ? undefined : this.#options.attempt(this.test, run),
      )
      if (attempt === undefined) return
      this.#why ??= attempt.skipped
      if (attempt.skipped !== undefined) return
      if (!attempt.result.ok && isTooBusy(attempt.load, alone)) {
        this.#options.discard(attempt)
        continue
      }
      const result = { ...attempt.result, repeated }
      this.#runs.push(result)
      this.#hasFailed ||= !result.ok
      return this.#options.onRun(this.test, result)
    }
  }
}
