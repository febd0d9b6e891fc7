import { MIN_RETRY_MS } from './limits.ts'
import type { Settings } from './settings.ts'

/** Estimates the round-trip time to a neighbour (the estimator of TCP, RFC 6298). Times are in ms. */
export class RoundTrip {
  #smoothed: number | undefined
  #deviation = 0
  /** A sample from a repeated rumor, or from a greeting: it counts until the first clean one comes. */
  #rough = true
  #expectedMs: number | undefined

  /** Takes a clean sample: the time between a rumor that was sent once and its answer. */
  note(ms: number) {
    if (this.#smoothed === undefined || this.#rough) this.#begin(ms)
    else {
      this.#deviation = 0.75 * this.#deviation + 0.25 * Math.abs(this.#smoothed - ms)
      this.#smoothed = 0.875 * this.#smoothed + 0.125 * ms
    }
    this.#rough = false
  }

  noteRoughly(ms: number) {
    if (this.#rough) this.#begin(ms)
  }

  #begin(ms: number) {
    this.#smoothed = ms
    this.#deviation = ms / 2
  }

  /**
   * Forgets all samples: the link has changed (RFC 9000, 9.4). Until the next sample the answer is expected within
   * twice `expectedMs`, as from a route with a metric of its own.
   */
  restart(expectedMs: number) {
    this.#smoothed = undefined
    this.#rough = true
    this.#expectedMs = expectedMs
  }

  get isKnown(): boolean {
    return this.#smoothed !== undefined || this.#expectedMs !== undefined
  }

  /**
   * Returns the time after a sending within which its answer must come, in ms: never less than 9/8 of a round trip (RFC
   * 9002, 6.1.2), and at least a quarter of the ack timeout before the first sample.
   */
  patienceMs({ ackTimeoutMs }: Settings): number {
    if (this.#smoothed === undefined) return Math.max(ackTimeoutMs / 4, 2 * (this.#expectedMs ?? 0))
    return this.#smoothed + Math.max(this.#smoothed / 8, 4 * this.#deviation)
  }

  /**
   * Returns the time to wait for an answer before a repetition, in ms: twice the same, then twice as long each time. It
   * is no longer than the ack timeout, unless the round trip is known to be so long that the repetition would always be
   * in vain.
   */
  retryMs(backoff: number, settings: Settings): number {
    const first = Math.max(MIN_RETRY_MS, this.patienceMs(settings))
    return Math.min(first * 2 ** Math.min(Math.max(0, backoff - 1), 16), Math.max(settings.ackTimeoutMs, first))
  }
}
