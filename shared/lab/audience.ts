/**
 * Tracks the viewers, and the presenter's focus that they follow. Keeps only the latest value of each: no queue grows.
 */

import { type Rate, TokenBucket } from '../model/token-bucket.ts'
import type { Pointing } from '../wire/protocol.ts'
import type { Frame } from './connection.ts'
import { frameOf } from './frames.ts'

/** Rate of messages from all viewers together. */
const ALL_SAYINGS_RATE: Rate = { burst: 30, perSecond: 10 }

export class Audience {
  readonly #sayings: TokenBucket
  #viewers = 0
  #pointing: Frame | undefined
  #count: Frame = frameOf({ type: 'audience', viewers: 0 })

  constructor(now: number) {
    this.#sayings = new TokenBucket(ALL_SAYINGS_RATE, now)
  }

  point(pointing: Pointing) {
    this.#pointing = frameOf({ type: 'pointing', ...pointing })
  }

  /** Number of viewers that have joined. */
  count(viewers: number) {
    if (viewers === this.#viewers) return
    this.#viewers = viewers
    this.#count = frameOf({ type: 'audience', viewers })
  }

  /** The presenter's current focus, for viewers; undefined before the first one. */
  get pointing(): Frame | undefined {
    return this.#pointing
  }

  /** The number of viewers, for the presenter. */
  get size(): Frame {
    return this.#count
  }

  /** Returns whether all viewers together are still within their rate. */
  mayOneSpeak(now: number): boolean {
    return this.#sayings.take(1, now)
  }
}
