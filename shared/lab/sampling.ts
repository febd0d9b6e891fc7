/** Records how many of its datagrams each node has reported, and when: a datagram that was left out is not lost. */

/** Sampling rates are powers of two. */
const MAX_POWER = 16

interface Rate {
  every: number
  /** By power of two: the time until which one in so many or fewer was reported, in ms of the lab. */
  readonly until: number[]
}

export class Sampling {
  readonly #rates = new Map<number, Rate>()

  /** Notes that the node reports one datagram in `every` from `at` on. */
  note(node: number, every: number, at: number) {
    const rate = this.#rates.get(node) ?? { every: 1, until: [] }
    for (let power = 1; 2 ** power <= rate.every; power += 1) rate.until[power] = at
    rate.every = every
    this.#rates.set(node, rate)
  }

  /**
   * Returns a divisor: a datagram whose hash it divides was reported if it arrived after `since`; others may have been
   * left out.
   */
  sparsestSince(node: number, since: number): number {
    const rate = this.#rates.get(node)
    if (!rate) return 1
    for (let power = MAX_POWER; power > 0; power -= 1)
      if (2 ** power <= rate.every || (rate.until[power] ?? Number.NEGATIVE_INFINITY) >= since) return 2 ** power
    return 1
  }

  /** Returns the time until which the node left out datagrams with this hash; at the latest now. */
  leftOutUntil(node: number, hash: number): number {
    const rate = this.#rates.get(node)
    for (let power = 1; rate && power < rate.until.length; power += 1)
      if (hash % 2 ** power !== 0) return rate.until[power] ?? Number.NEGATIVE_INFINITY
    return Number.NEGATIVE_INFINITY
  }

  forget(node: number) {
    this.#rates.delete(node)
  }

  clear() {
    this.#rates.clear()
  }
}
