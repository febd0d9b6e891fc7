/**
 * Runs the grace period of a node after a typed crash: it takes no further line, and gossips while datagrams come in.
 */

import type { Platform, Timer } from './platform.ts'

/**
 * Time for which a node takes datagrams after a typed crash, in ms; those in the air by then still arrive. In the
 * scripts described at `GRACE_QUIET_BEATS` no new message came later than 100 ms to a node that had looked ten times by
 * then.
 */
export const GRACE_AT_MOST_MS = 150
/** Time between two looks for new datagrams after a typed crash, in ms. */
export const GRACE_BEAT_MS = 5
/**
 * Number of looks in a row without a datagram after which nothing is in flight to the node. In 188 scripts, over one to
 * four hops, beside up to 20 processes that wait for two cores, the next message was at most 5 looks away. A fixed 20
 * ms would have missed it in 90 of them: it took up to 552 ms, in which the node itself got no core to look either.
 */
export const GRACE_QUIET_BEATS = 10

/** The parts of a node's links that its grace period uses. */
interface Links {
  /** Number of datagrams that have come in and are still in the air. */
  readonly inTheAir: number
  /** Stops taking datagrams; those in the air still arrive. */
  stopReceiving(): void
}

/**
 * Calls back once: after GRACE_QUIET_BEATS in a row in which no datagram arrived and none was in the air, and at the
 * latest when all datagrams that came in within GRACE_AT_MOST_MS have arrived.
 *
 * Counts beats instead of time: on a busy machine the neighbours wait for a core as long as this process does.
 */
export class Grace {
  readonly #links: Links
  readonly #onOver: () => void
  readonly #platform: Platform
  readonly #receivesUntil: number
  #beats = 0
  #quietBeats = 0
  #timer: Timer | undefined

  constructor(links: Links, platform: Platform, onOver: () => void) {
    this.#platform = platform
    this.#receivesUntil = platform.now() + GRACE_AT_MOST_MS
    this.#links = links
    this.#onOver = onOver
    this.#wait()
  }

  noteArrival() {
    this.#quietBeats = 0
  }

  /** Ends the grace period without calling back. */
  cancel() {
    this.#platform.cancel(this.#timer)
    this.#timer = undefined
  }

  #wait() {
    // A process that had to wait for a core finds its timer due and its socket full: it reads the socket first.
    this.#timer = this.#platform.after(GRACE_BEAT_MS, () => this.#platform.afterInput(() => this.#beat()))
  }

  #beat() {
    if (!this.#timer) return
    this.#beats += 1
    this.#quietBeats = this.#links.inTheAir > 0 ? 0 : this.#quietBeats + 1
    const isLate = this.#beats >= GRACE_QUIET_BEATS && this.#platform.now() >= this.#receivesUntil
    if (isLate) this.#links.stopReceiving()
    if (this.#links.inTheAir === 0 && (isLate || this.#quietBeats >= GRACE_QUIET_BEATS)) this.#onOver()
    else this.#wait()
  }
}
