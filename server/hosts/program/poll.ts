/**
 * Decides when to read a chat log again: soon after anything may have changed, ever more seldom while nothing does, and
 * never so often that reading costs more than its share of a processor.
 */

/** Shortest and longest time between two looks, in ms. */
const SHORTEST_MS = 25
const LONGEST_MS = 1_000
/** Longest time after a look that failed, in ms. */
const LONGEST_FAILED_MS = 5_000
const GROWTH = 1.5
/** Share of a processor that all looks of a lab may take. */
const SHARE = 0.01

export interface PollOptions {
  /** Reads the chat log. Resolves with whether it has changed; rejects when the program did not answer. */
  readonly look: () => Promise<boolean>
  /** Returns the processor time that a look takes in the lab, in ms. */
  readonly costMs: () => number
  /** Returns how many programs are looked at. */
  readonly count: () => number
}

export class Poll {
  readonly #options: PollOptions
  #interval = SHORTEST_MS
  #timer: NodeJS.Timeout | undefined
  #isLooking = false
  #isWoken = false
  #isOver = false

  constructor(options: PollOptions) {
    this.#options = options
  }

  start() {
    this.#schedule()
  }

  /** Something may have changed: looks soon. */
  wake() {
    this.#isWoken = true
    if (this.#isLooking || this.#isOver || this.#timer === undefined) return
    this.#interval = SHORTEST_MS
    this.#schedule()
  }

  stop() {
    this.#isOver = true
    clearTimeout(this.#timer)
  }

  #schedule() {
    clearTimeout(this.#timer)
    const { costMs, count } = this.#options
    const least = (costMs() * count()) / SHARE
    if (!this.#isOver) this.#timer = setTimeout(() => void this.#look(), Math.max(this.#interval, least))
  }

  async #look() {
    this.#isLooking = true
    this.#isWoken = false
    let longest = LONGEST_MS
    let hasChanged = false
    try {
      hasChanged = await this.#options.look()
    } catch {
      longest = LONGEST_FAILED_MS
    }
    this.#isLooking = false
    const isSoon = (hasChanged || this.#isWoken) && longest === LONGEST_MS
    this.#interval = isSoon ? SHORTEST_MS : Math.min(longest, GROWTH * this.#interval)
    this.#schedule()
  }
}
