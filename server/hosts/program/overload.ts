/** Tells whether the machine is too busy for a program, which is then late through no fault of its own. */
import { waitedMsOf } from '../../platform/proc.ts'

/** Share of the time that a program waits for a processor above which the machine is too busy, and below which it is not. */
const BUSY_SHARE = 0.2
const CALM_SHARE = 0.1
/** Time for which it must be calm, in ms. */
const CALM_MS = 3_000

export class Overload {
  /** By process: its waiting until the last look, in ms. */
  #waited = new Map<number, number>()
  #at: number
  #busyAt = Number.NEGATIVE_INFINITY
  #isBusy = false

  /** `at` and all other times are in ms. */
  constructor(at: number) {
    this.#at = at
  }

  get isBusy(): boolean {
    return this.#isBusy
  }

  /** Looks at the processes of the program. `lateMs` says how much later than planned this look is. */
  look(at: number, pids: readonly number[], lateMs = 0, waitedMs = waitedMsOf) {
    const waited = new Map(pids.map((pid) => [pid, waitedMs(pid)]))
    const news = [...waited].map(([pid, ms]) => ms - (this.#waited.get(pid) ?? ms))
    const share = Math.max(lateMs, ...news) / Math.max(1, at - this.#at)
    this.#waited = waited
    this.#at = at
    if (share >= (this.#isBusy ? CALM_SHARE : BUSY_SHARE)) this.#busyAt = at
    this.#isBusy = at - this.#busyAt < CALM_MS
  }
}
