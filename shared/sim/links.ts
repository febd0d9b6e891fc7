/** The condition of each direction of each link in a world, by the ids of its ends. */
import { HEALTHY, type LinkCondition, type Way, wayOf } from '../model/fault.ts'
import { longestInTheAir } from '../node/air.ts'

/** Delay of a link without its own, in ms. */
const LINK_DELAY_MS = 2

export class Links {
  readonly linkDelayMs: number
  #every: LinkCondition
  readonly #own = new Map<Way, Partial<LinkCondition>>()

  constructor(every: Partial<LinkCondition> = {}, linkDelayMs = LINK_DELAY_MS) {
    this.#every = { ...HEALTHY, ...every }
    this.linkDelayMs = linkDelayMs
  }

  /** The maximum time in the air of a datagram and its answer together, in ms, without reordering. */
  get roundTripMs(): number {
    return 2 * longestInTheAir(this.#every, this.linkDelayMs)
  }

  of(from: number, to: number): LinkCondition {
    if (this.#own.size === 0) return this.#every
    const own = this.#own.get(wayOf(from, to))
    return own ? { ...this.#every, ...own } : this.#every
  }

  /** Changes every link; where one direction was changed alone, that change stays in force. */
  changeAll(changes: Partial<LinkCondition>) {
    this.#every = { ...this.#every, ...changes }
  }

  /** Changes one direction; the other stays unchanged. */
  change(from: number, to: number, changes: Partial<LinkCondition>) {
    const way = wayOf(from, to)
    this.#own.set(way, { ...this.#own.get(way), ...changes })
  }

  /** Clears all faults; slow links stay slow. */
  calm() {
    this.#own.clear()
    const { delayMs, jitterMs } = this.#every
    this.#every = { ...HEALTHY, delayMs, jitterMs }
  }
}
