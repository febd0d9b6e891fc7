import type { Platform, Timer } from './platform.ts'

/** Maximum time of a timer in Node or a browser, in ms. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** The timer of the protocol, which can be paused. */
export class WakeTimer {
  readonly #platform: Pick<Platform, 'now' | 'after' | 'cancel'>
  readonly #onWake: () => void
  #timer: Timer | undefined
  #at = Number.POSITIVE_INFINITY
  #isHeld: boolean

  constructor(platform: Pick<Platform, 'now' | 'after' | 'cancel'>, isHeld: boolean, onWake: () => void) {
    this.#platform = platform
    this.#isHeld = isHeld
    this.#onWake = onWake
  }

  /** Calls `onWake` at a time, or earlier: the protocol then finds nothing to do, and sets the timer again. */
  set(at: number) {
    // Keeping an early timer takes less time than setting another one with every datagram.
    if (this.#isHeld || at >= this.#at) return
    this.#platform.cancel(this.#timer)
    this.#at = at
    const ms = Math.ceil(at - this.#platform.now())
    this.#timer = this.#platform.after(Math.min(Math.max(0, ms), MAX_TIMER_MS), () => {
      this.#at = Number.POSITIVE_INFINITY
      this.#onWake()
    })
  }

  /** Pauses the timer, or continues: then it is set to `at`. */
  hold(isHeld: boolean, at: number) {
    if (isHeld === this.#isHeld) return
    this.#isHeld = isHeld
    this.#platform.cancel(this.#timer)
    this.#at = Number.POSITIVE_INFINITY
    this.set(at)
  }
}
