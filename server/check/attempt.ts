/** Carries out one run of a test in a network of its own, within a time limit, and tells what came out. */
import { mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { LabRefusal } from '../../shared/lab/refusal.ts'
import type { LabEvent } from '../../shared/model/event.ts'
import { formatMs } from '../../shared/text/format.ts'
import { writeRecording } from '../../shared/wire/recording.ts'
import type { CheckTest, TestTools } from './check-test.ts'
import { type Complaint, RunFailed, RunSkipped } from './complaint.ts'
import type { Answer } from './course/expected.ts'
import { foundReasons } from './found-reasons.ts'
import type { LoadMeter } from './load.ts'
import { measure } from './measures.ts'
import type { OpenNetworks } from './open-networks.ts'
import type { Reason } from './result.ts'
import type { Attempt } from './schedule.ts'
import { reasonOf } from './story.ts'
import type { TestNetwork, TestNetworkOptions } from './test-network.ts'

/** Longest time of one run, in ms. The course's proxy.py ends after 120 s. */
const RUN_WITHIN_MS = 180_000
/** Reasons that a run gives. */
const MAX_REASONS = 10

export interface AttemptOptions extends Omit<TestNetworkOptions, 'n' | 'seed' | 'unwritable'> {
  readonly meter: LoadMeter
  readonly seed: number
  /** Whether tests that go beyond the course count. */
  readonly strict: boolean
  /** Folder for recordings of failed runs. */
  readonly record: string | undefined
  readonly networks: OpenNetworks
}

export function attempt(test: CheckTest, run: number, options: AttemptOptions): Promise<Attempt> {
  const seed = seedOf(options.seed, test.name, run)
  const ofNetwork = { ...options, n: test.n, seed, unwritable: unwritableIn(test, run) }
  const loadOf = options.meter.begin()
  return options.networks.use(ofNetwork, async (network) => {
    const answers: Answer[] = []
    const tools = { onAnswer: (answer: Answer) => void answers.push(answer) }
    const came = countedOf(await outcomeOf(test, network, tools), test, options)
    await options.networks.stayOpen()
    await network.lab.sequencer.flushed()
    const { events } = network
    const outcome = failureOfLab(events) ?? came
    const load = loadOf()
    const durationMs = network.now()
    const base = { run, seed, durationMs }
    if (typeof outcome === 'string') return { result: { ...base, ok: true, reasons: [] }, load, skipped: outcome }
    const reasons = outcome.slice(0, MAX_REASONS).map((complaint) => reasonOf(complaint, events))
    if (reasons.length > 0) {
      const ofRun = { base: network.lab.sequencer.base, events, answers, endedAt: durationMs }
      reasons.push(...foundReasons(ofRun, new Set(outcome.flatMap(({ texts = [] }) => texts))))
    }
    const measures = measure(events, answers)
    const [first] = reasons
    const recording =
      first && options.record !== undefined ? keep(network, options.record, test, run, first) : undefined
    const result = { ...base, ok: first === undefined, reasons, measures, ...(recording ? { recording } : {}) }
    return { result, load }
  })
}

/**
 * proxy.py opens both outputs of a program for reading. Every second run leaves stderr open, so that a program can say
 * why it ends.
 */
const unwritableIn = ({ unwritable = false }: CheckTest, run: number): ReadonlySet<'stdout' | 'stderr'> =>
  new Set(unwritable ? (run % 2 === 0 ? ['stdout', 'stderr'] : ['stdout']) : [])

/** Returns why a run says nothing about its program: a part of the lab, such as the gate, ended under it. */
function failureOfLab(events: readonly LabEvent[]): string | undefined {
  const ends = events.flatMap((event) => (event.type === 'ended' && event.end.how === 'failed' ? [event.end] : []))
  const end = ends.find(({ ofLab }) => ofLab)
  return end && `this machine failed in the run: ${end.why}`
}

/** A failure of a test that goes beyond the course does not count, unless it is to. */
function countedOf(
  outcome: readonly Complaint[] | string,
  { isBeyondCourse = false }: CheckTest,
  { strict }: Pick<AttemptOptions, 'strict'>,
): readonly Complaint[] | string {
  if (typeof outcome === 'string' || !isBeyondCourse || strict) return outcome
  const [first] = outcome
  return first ? `${first.words}; the course does not ask for this, so it counts only with --strict` : outcome
}

/** Resolves with the complaints about a run, or with the reason why it was skipped. */
async function outcomeOf(
  test: CheckTest,
  network: TestNetwork,
  tools: TestTools,
): Promise<readonly Complaint[] | string> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<readonly Complaint[]>((resolve) => {
    const words = `it was not over after ${formatMs(RUN_WITHIN_MS)}`
    timer = setTimeout(() => resolve([{ words, atMs: network.now() }]), RUN_WITHIN_MS)
  })
  const carriedOut = test.run(network, tools).catch((error): readonly Complaint[] | string => {
    if (error instanceof RunFailed) return [error.complaint]
    if (error instanceof RunSkipped) return error.message
    if (error instanceof LabRefusal) return [{ words: error.message, atMs: network.now() }]
    throw error
  })
  // Its network is closed by then: a test that goes on fails, and nobody listens.
  carriedOut.catch(() => {})
  return Promise.race([carriedOut, tooLong]).finally(() => clearTimeout(timer))
}

/** Returns the seed of a run: the same in every check with the same --seed. */
function seedOf(seed: number, name: string, run: number): number {
  let hash = seed
  for (const char of `${name}#${run}`) hash = (Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16_777_619) >>> 0) % 2 ** 31
  return hash
}

/** The lab reads no chat log by itself during a check. */
const ONLY_READ = 'The page shows a message at a node only if the test read it in the chat log there.'

/** Writes the recording of a failed run, which opens at its first reason. Returns its path. */
function keep(
  network: TestNetwork,
  folder: string,
  { name }: CheckTest,
  run: number,
  { event, words }: Reason,
): string {
  const { lab } = network
  const { base } = lab.sequencer
  const path = join(folder, name.replace(/[^\w.-]+/g, '-'), `run-${run}.jsonl`)
  const opensAt = event === undefined ? {} : { opensAt: { event, words: `Run ${run}: ${words}. ${ONLY_READ}` } }
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, writeRecording({ lab: lab.id, beganAt: lab.beganAt, ...opensAt }, base, network.events))
  return path
}

/** Takes back the recording of an attempt that does not count. */
export function discard({ result: { recording } }: Pick<Attempt, 'result'>) {
  if (recording === undefined) return
  rmSync(recording, { force: true })
  try {
    rmdirSync(dirname(recording))
  } catch {
    // Other runs have theirs in it.
  }
}
