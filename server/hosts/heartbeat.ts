/** Asks a node each second for a sign of life, and records since when it has responded. */
import { now } from '../platform/clock.ts'

/** Interval of the questions to a node, in ms. */
export const HEARTBEAT_EVERY_MS = 1_000
/** Number of questions in a row without any sign of life, past which the lab reports that a node does not respond. */
export const SILENT_AFTER_BEATS = 3

/** Silence after which a node counts as paused, in ms. */
const PAUSE_MS = 1.5 * HEARTBEAT_EVERY_MS

export interface HeartbeatOptions {
  readonly ping: () => void
  /** Called when the node no longer responds, or responds again. */
  readonly onAnswering: (answers: boolean) => void
}

export class Heartbeat {
  readonly #options: HeartbeatOptions
  /** Number of questions since the last sign of life. */
  #missed = 0
  /** When the last sign of life came, and since when they have come without a pause. */
  #heardAt = now()
  #heardSince = now()
  #timer: NodeJS.Timeout | undefined

  constructor(options: HeartbeatOptions) {
    this.#options = options
  }

  /** Whether the node responds. */
  get answers(): boolean {
    return this.#missed < SILENT_AFTER_BEATS
  }

  /** Returns the time after `at` for which it has responded without a pause, in ms. */
  responsiveFor(at: number): number {
    return this.#heardAt - Math.max(at, this.#heardSince)
  }

  start() {
    this.#timer = setInterval(() => this.#beat(), HEARTBEAT_EVERY_MS)
  }

  stop() {
    clearInterval(this.#timer)
  }

  /** Notes a sign of life. */
  heard() {
    const wasSilent = !this.answers
    const at = now()
    if (at - this.#heardAt > PAUSE_MS) this.#heardSince = at
    this.#heardAt = at
    this.#missed = 0
    if (wasSilent) this.#options.onAnswering(true)
  }

  /** Counts beats and not time: while this process itself is stopped, or the laptop sleeps, there are none. */
  #beat() {
    if (this.#missed === 0) this.#options.ping()
    this.#missed += 1
    if (this.#missed === SILENT_AFTER_BEATS) this.#options.onAnswering(false)
  }
}
