import type { Origin } from './origin.ts'

/** The origins of the rumors to acknowledge to one peer, and the origins to ask it for. */
export interface Owed {
  readonly acknowledge: Set<Origin>
  readonly ask: Set<Origin>
}

/** Collects what a node owes its peers until the end of a turn, by UDP port, so that one status can cover it. */
export class PendingAcks {
  readonly #byPort = new Map<number, Owed>()

  /** Number of peers that wait for a status. */
  get size(): number {
    return this.#byPort.size
  }

  has(port: number): boolean {
    return this.#byPort.has(port)
  }

  /** Returns the entry of a peer; the caller adds to it. */
  to(port: number): Owed {
    let owed = this.#byPort.get(port)
    if (!owed) {
      owed = { acknowledge: new Set(), ask: new Set() }
      this.#byPort.set(port, owed)
    }
    return owed
  }

  /** Returns all entries, and clears them. */
  take(): (readonly [port: number, owed: Owed])[] {
    const all = [...this.#byPort]
    this.#byPort.clear()
    return all
  }
}
