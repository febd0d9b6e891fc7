/** Asks a node each second whether it is there, and knows for how long it has been. */
import { now } from '../platform/clock.ts'

/** How often a node is asked whether it is there, in ms. */
export const HEARTBEAT_EVERY_MS = 1_000
/** Questions in a row without any sign of life, past which the lab says that a node does not answer. */
export const SILENT_AFTER_BEATS = 3

/** A node that says nothing for longer has paused, in ms. */
const PAUSE_MS = 1.5 * HEARTBEAT_EVERY_MS

export interface HeartbeatOptions {
  readonly ping: () => void
  /** It gives no sign of life any more, or does again. */
  readonly onAnswering: (answers: boolean) => void
}

export class Heartbeat {
  readonly #options: HeartbeatOptions
  /** Questions without any sign of life since. */
  #missed = 0
  /** When the last sign of life came, and since when they have come without a pause. */
  #heardAt = now()
  #heardSince = now()
  #timer: NodeJS.Timeout | undefined

  constructor(options: HeartbeatOptions) {
    this.#options = options
  }

  /** It gives signs of life. */
  get answers(): boolean {
    return this.#missed < SILENT_AFTER_BEATS
  }

  /** For how long after `at` it has given signs of life without a pause, in ms. */
  responsiveFor(at: number): number {
    return this.#heardAt - Math.max(at, this.#heardSince)
  }

  start() {
    this.#timer = setInterval(() => this.#beat(), HEARTBEAT_EVERY_MS)
  }

  stop() {
    clearInterval(this.#timer)
  }

  /** A sign of life came. */
  heard() {
    const wasSilent = !this.answers
    const at = now()
    if (at - this.#heardAt > PAUSE_MS) this.#heardSince = at
    this.#heardAt = at
    this.#missed = 0
    if (wasSilent) this.#options.onAnswering(true)
  }

  /** Beats are counted and not time: while this process itself is stopped, or the laptop sleeps, there are none. */
  #beat() {
    if (this.#missed === 0) this.#options.ping()
    this.#missed += 1
    if (this.#missed === SILENT_AFTER_BEATS) this.#options.onAnswering(false)
  }
}
