import type { Origin } from './origin.ts'

/** Collects, until the end of a turn, the rumors to acknowledge and the origins to ask for. */
export interface Owed {
  readonly acknowledge: Set<Origin>
  readonly ask: Set<Origin>
}

export class PendingAcks {
  readonly #byPort = new Map<number, Owed>()

  get size(): number {
    return this.#byPort.size
  }

  has(port: number): boolean {
    return this.#byPort.has(port)
  }

  to(port: number): Owed {
    let owed = this.#byPort.get(port)
    if (!owed) {
      owed = { acknowledge: new Set(), ask: new Set() }
      this.#byPort.set(port, owed)
    }
    return owed
  }

  /** Returns and clears all of them. */
  take(): (readonly [port: number, owed: Owed])[] {
    const all = [...this.#byPort]
    this.#byPort.clear()
    return all
  }
}
