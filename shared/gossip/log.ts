import { MAX_AHEAD, MAX_HELD_BACK, MAX_MESSAGES, MAX_ORIGINS } from './limits.ts'
import { generationOf, type Origin, portOf } from './origin.ts'

/** What became of a message offered to a log. */
export type Added = 'new' | 'held' | 'conflict' | 'too far ahead' | 'full'

/** A message that has come to be held, and the port it came from; null when it was typed here. */
export interface Arrival extends Entry {
  readonly from: number | null
}

export interface Entry {
  readonly origin: Origin
  readonly seq: number
  /** In its wire form. */
  readonly text: string
}

/** The messages of one origin: a gap-free prefix, and what arrived ahead of a gap. */
interface OriginLog {
  readonly prefix: string[]
  readonly ahead: Map<number, Arrival>
}

/**
 * Everything one node holds. Its memory; a crash loses it.
 *
 * What arrives ahead of a gap is kept back until the gap is filled, and only then counts as held: a status can tell
 * of nothing beyond a gap, so nodes could never agree on a message whose predecessor went with its last holder.
 */
export class MessageLog {
  readonly #origins = new Map<Origin, OriginLog>()
  #size = 0
  #heldBack = 0

  /** Messages in memory, those kept back included. */
  get size(): number {
    return this.#size
  }

  /** The lowest sequence number not yet seen from an origin; 0 for an unknown one. */
  lowestNotSeen(origin: Origin): number {
    return this.#origins.get(origin)?.prefix.length ?? 0
  }

  /** The wire form of a message's text, also of one kept back. */
  text(origin: Origin, seq: number): string | undefined {
    const log = this.#origins.get(origin)
    return log?.prefix[seq] ?? log?.ahead.get(seq)?.text
  }

  /** Origins of which anything at all is held. */
  origins(): IterableIterator<Origin> {
    return this.#origins.keys()
  }

  get full(): boolean {
    return this.#size >= MAX_MESSAGES
  }

  /**
   * Stores a message once, and advances the lowest-not-seen over every number already here
   * (report, Logic for handleRumorMessage, 3). The first text of a number stays. `shown` is told what is held from
   * now on, in order.
   */
  add(arrival: Arrival, shown: (arrival: Arrival) => void = () => undefined): Added {
    const { origin, seq, text } = arrival
    const present = this.text(origin, seq)
    if (present !== undefined) return present === text ? 'held' : 'conflict'
    if (this.full || (!this.#origins.has(origin) && this.#origins.size >= MAX_ORIGINS)) return 'full'
    const ahead = seq - this.lowestNotSeen(origin)
    if (ahead > MAX_AHEAD || (ahead > 0 && this.#heldBack >= MAX_HELD_BACK)) return 'too far ahead'
    let log = this.#origins.get(origin)
    if (!log) {
      log = { prefix: [], ahead: new Map() }
      this.#origins.set(origin, log)
    }
    if (ahead === 0) this.#show(log, arrival, shown)
    else this.#keepBack(log, arrival)
    return 'new'
  }

  #keepBack(log: OriginLog, arrival: Arrival) {
    log.ahead.set(arrival.seq, arrival)
    this.#heldBack += 1
    this.#size += 1
  }

  #show(log: OriginLog, first: Arrival, shown: (arrival: Arrival) => void) {
    for (let next: Arrival | undefined = first; next; next = log.ahead.get(log.prefix.length)) {
      if (log.ahead.delete(next.seq)) this.#heldBack -= 1
      else this.#size += 1
      log.prefix.push(next.text)
      shown(next)
    }
  }

  /**
   * All messages held, in the canonical order: by generation, then sequence number, then origin port. It keeps each
   * origin's own order, and nodes that hold the same messages print the same line.
   */
  entries(): Entry[] {
    const entries: Entry[] = []
    for (const [origin, log] of this.#origins) {
      log.prefix.forEach((text, seq) => {
        entries.push({ origin, seq, text })
      })
    }
    return entries.sort(canonically)
  }
}

type Name = Pick<Entry, 'origin' | 'seq'>

/** The canonical order of messages. */
export const canonically = (a: Name, b: Name): number =>
  generationOf(a.origin) - generationOf(b.origin) || a.seq - b.seq || portOf(a.origin) - portOf(b.origin)
