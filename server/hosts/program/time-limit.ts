/** Calls a function that may never return, and ends the call when it takes too long. */
import { createContext, Script } from 'node:vm'

/** Most calls within a second that are watched. A watch costs 0.1 ms: a loop mostly shows in the first calls. */
const MOST_WATCHED = 200

export class TimeLimit {
  readonly #limitMs: number
  readonly #script = new Script('call()')
  readonly #context: { call: () => unknown } = { call: () => undefined }
  #second = 0
  #watched = 0

  constructor(limitMs: number) {
    this.#limitMs = limitMs
    createContext(this.#context)
  }

  /**
   * `at` is the time in ms.
   * @throws what `call` throws; TookTooLong if it does not return in time.
   */
  run<T>(call: () => T, at: number): T {
    const second = Math.floor(at / 1_000)
    if (second !== this.#second) this.#watched = 0
    this.#second = second
    this.#watched += 1
    if (this.#watched > MOST_WATCHED) return call()
    this.#context.call = call
    try {
      return this.#script.runInContext(this.#context, { timeout: this.#limitMs })
    } catch (error) {
      if (isTimeout(error)) throw new TookTooLong()
      throw error
    }
  }
}

/** The error is one of the context, and no Error of this one. */
const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'

export class TookTooLong extends Error {}
