/**
 * Sends a node's reports to its supervisor: in batches, and sampled when there are too many, so that reporting takes
 * little from gossip. The counters stay exact. Both ends of a datagram choose by the same hash, so a sample keeps both
 * ends of each datagram.
 */
import { COUNTERS_EVERY_MS } from '../model/counters.ts'
import type { NodeFact, NodeReport } from '../model/event.ts'
import type { Platform, Timer } from './platform.ts'
import type { Tally } from './tally.ts'

/** Maximum time that a node keeps its reports before it sends them, in ms. */
export const REPORT_EVERY_MS = 8
/** Number of reports in one batch. */
export const MAX_REPORT_BATCH = 2_048
/** Reports a second and node past which details are sampled; counters stay exact. */
export const SAMPLE_ABOVE_PER_SECOND = 2_000

/** Number of unsent batches past which details are left out as if the rate were too high. */
const MAX_UNDELIVERED = 16
/** Number of consecutive details, none of them PAUSE_MS after the one before, past which they are sampled. */
const MAX_IN_A_ROW = 200
const PAUSE_MS = 10
const MAX_SAMPLING = 1 << 16
/** Number of bytes of a datagram that are hashed, so that a long one takes no longer. */
const HASHED_BYTES = 256

/** Sends reports in the order in which they were made; calls back when they have left the process. */
export type Deliver = (reports: readonly NodeReport[], done: () => void) => void

/** Characters of a text, and origins in a status, that count as one more report, so that batches are bounded in bytes too. */
const CHARS_A_REPORT = 1_024
const PAIRS_A_REPORT = 64

function weightOf(fact: NodeFact): number {
  if (fact.type === 'stored') return 1 + Math.floor(fact.text.length / CHARS_A_REPORT)
  const content = fact.type === 'sent' || fact.type === 'held' || fact.type === 'received' ? fact.content : undefined
  return content?.kind === 'status' ? 1 + Math.floor(content.pairs.length / PAIRS_A_REPORT) : 1
}

export class Reporter {
  readonly #platform: Platform
  readonly #deliver: Deliver
  readonly #tally: Tally
  readonly #atOnce: boolean
  #waiting: NodeReport[] = []
  /** Number of waiting reports; a long text or status counts as several. */
  #weight = 0
  #timer: Timer | undefined
  #undelivered = 0
  #every = 1
  /** Number of details since the last second began, and of those reported without a pause. */
  #details = 0
  #inARow = 0
  #lastDetailAt = 0
  #countersReported = ''
  readonly #slow: Timer

  /** `atOnce`: every report leaves in the instant of its fact, and none is left out. */
  constructor(platform: Platform, deliver: Deliver, tally: Tally, atOnce = false) {
    this.#platform = platform
    this.#atOnce = atOnce
    this.#deliver = deliver
    this.#tally = tally
    this.#slow = platform.every(COUNTERS_EVERY_MS, () => this.#eachSecond())
  }

  /**
   * Reports a fact that is never left out. `at` is when it happened, not when it was reported. Takes ownership: the
   * fact object becomes the report.
   */
  report(fact: NodeFact, at = this.#platform.now()) {
    this.#waiting.push(Object.assign(fact, { at }))
    this.#weight += weightOf(fact)
    if (this.#weight >= MAX_REPORT_BATCH) this.flush()
    else this.#timer ??= this.#platform.after(this.#atOnce ? 0 : REPORT_EVERY_MS, () => this.flush())
  }

  /**
   * Reports a detail, unless the sampling leaves it out; then `make` is not called. `hash` is that of the datagram in
   * question.
   */
  reportDetail(hash: number, detail: () => NodeFact) {
    if (this.wantsDetail(hash)) this.report(detail())
  }

  /** Counts the detail; call it exactly once for each. */
  wantsDetail(hash: number): boolean {
    this.#details += 1
    if (this.#every > 1 && hash % this.#every !== 0) return false
    if (this.#undelivered > MAX_UNDELIVERED || this.#isBurst()) this.#sample(this.#every * 2)
    // Invariant: a detail of the announced sample is reported, or its datagram would look lost.
    return hash % this.#every === 0
  }

  /** Sends all collected reports; calls `done` when everything ever sent has left the process. */
  flush(done?: () => void) {
    this.#platform.cancel(this.#timer)
    this.#timer = undefined
    this.#undelivered += 1
    const reports = this.#waiting
    this.#waiting = []
    this.#weight = 0
    this.#deliver(reports, () => {
      this.#undelivered -= 1
      done?.()
    })
  }

  /** Sends the last reports; calls `done` when they have left the process. */
  close(done: () => void) {
    this.#platform.cancel(this.#slow)
    this.flush(done)
  }

  #eachSecond() {
    const wanted = this.#details / SAMPLE_ABOVE_PER_SECOND
    this.#details = 0
    this.#sample(wanted <= 1 ? 1 : 2 ** Math.ceil(Math.log2(wanted)))
    const counters = this.#tally.read(this.#platform.memoryBytes())
    const sums = JSON.stringify({ ...counters, memoryBytes: 0 })
    if (sums === this.#countersReported) return
    this.#countersReported = sums
    this.report({ type: 'counters', counters })
  }

  /** Detects a burst while it lasts, not at the end of its second. */
  #isBurst(): boolean {
    const at = this.#platform.now()
    this.#inARow = at - this.#lastDetailAt < PAUSE_MS ? this.#inARow + 1 : 0
    this.#lastDetailAt = at
    if (this.#inARow < MAX_IN_A_ROW) return false
    this.#inARow = 0
    return true
  }

  #sample(every: number) {
    const next = this.#atOnce ? 1 : Math.min(every, MAX_SAMPLING)
    if (next === this.#every) return
    this.report({ type: 'sampling', every: next })
    this.#every = next
  }
}

/** Returns a hash of the bytes of a datagram: its beginning, and its length. */
export const hashOf = (bytes: Uint8Array, { checksum }: Pick<Platform, 'checksum'>): number =>
  checksum(bytes.length > HASHED_BYTES ? bytes.subarray(0, HASHED_BYTES) : bytes, bytes.length)
