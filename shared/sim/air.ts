import type { Random } from '../gossip/random.ts'

/** Faults of the network for every datagram. Probabilities are from 0 to 1, times in ms. */
export interface Faults {
  readonly loss: number
  readonly duplicate: number
  /** Probability that a datagram takes `lateMs` more, so that later ones overtake it. */
  readonly reorder: number
  readonly lateMs: number
  readonly delayMs: number
  /** Maximum extra time beyond `delayMs`, evenly distributed; it reorders datagrams too. */
  readonly jitterMs: number
}

export const CALM: Faults = { loss: 0, duplicate: 0, reorder: 0, lateMs: 0, delayMs: 2, jitterMs: 0 }

/** The network between the nodes, by id: which directions are cut, and when a datagram arrives. */
export class Air {
  faults: Faults
  readonly #random: Random
  readonly #cuts = new Set<string>()
  readonly #toLose = new Map<string, number>()

  constructor(faults: Faults, random: Random) {
    this.faults = faults
    this.#random = random
  }

  /** Cuts one direction; the other stays open. */
  cut(from: number, to: number) {
    this.#cuts.add(way(from, to))
  }

  heal(from: number, to: number) {
    this.#cuts.delete(way(from, to))
  }

  /** Loses the next `count` datagrams of a direction; golden scenarios use it in place of chance. */
  loseNext(from: number, to: number, count: number) {
    this.#toLose.set(way(from, to), count)
  }

  /** Clears all faults; slow links stay slow. */
  calm() {
    this.faults = { ...this.faults, loss: 0, duplicate: 0, reorder: 0 }
    this.#cuts.clear()
    this.#toLose.clear()
  }

  /** Returns the time in the air of each copy of a datagram, in ms; empty when it is lost. */
  delays(from: number, to: number): number[] {
    const { loss, duplicate } = this.faults
    if (this.#cuts.size > 0 && this.#cuts.has(way(from, to))) return []
    if (this.#toLose.size > 0 && this.#loses(way(from, to))) return []
    if (loss > 0 && this.#random.next() < loss) return []
    if (duplicate > 0 && this.#random.next() < duplicate) return [this.delay(), this.delay()]
    return [this.delay()]
  }

  /** Returns the time in the air of one datagram, in ms. */
  delay(): number {
    const { delayMs, jitterMs, reorder, lateMs } = this.faults
    const jitter = jitterMs > 0 ? this.#random.next() * jitterMs : 0
    const late = reorder > 0 && this.#random.next() < reorder ? lateMs : 0
    return delayMs + jitter + late
  }

  #loses(key: string): boolean {
    const left = this.#toLose.get(key) ?? 0
    if (left > 0) this.#toLose.set(key, left - 1)
    return left > 0
  }
}

/** Returns the name of one direction of a link. */
export const way = (from: number, to: number) => `${from}>${to}`
