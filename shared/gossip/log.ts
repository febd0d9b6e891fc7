import { MAX_AHEAD, MAX_MESSAGES, MAX_ORIGINS } from './limits.ts'
import { generationOf, type Origin, portOf } from './origin.ts'

/** What became of a message offered to a log. */
export type Added = 'new' | 'held' | 'conflict' | 'too far ahead' | 'full'

export interface Entry {
  readonly origin: Origin
  readonly seq: number
  readonly text: string
}

/** The messages of one origin: a gap-free prefix, and what arrived ahead of a gap. */
interface OriginLog {
  readonly prefix: string[]
  readonly ahead: Map<number, string>
}

/** Everything one node holds. Its memory; a crash loses it. */
export class MessageLog {
  readonly #origins = new Map<Origin, OriginLog>()
  #size = 0

  get size(): number {
    return this.#size
  }

  /** The lowest sequence number not yet seen from an origin; 0 for an unknown one. */
  lowestNotSeen(origin: Origin): number {
    return this.#origins.get(origin)?.prefix.length ?? 0
  }

  text(origin: Origin, seq: number): string | undefined {
    const log = this.#origins.get(origin)
    return log?.prefix[seq] ?? log?.ahead.get(seq)
  }

  /** Origins of which anything at all is held. */
  origins(): IterableIterator<Origin> {
    return this.#origins.keys()
  }

  get full(): boolean {
    return this.#size >= MAX_MESSAGES
  }

  /**
   * Stores a message once, and advances the lowest-not-seen over every number already held
   * (report, Logic for handleRumorMessage, 3). The first text of a number stays.
   */
  add({ origin, seq, text }: Entry): Added {
    const held = this.text(origin, seq)
    if (held !== undefined) return held === text ? 'held' : 'conflict'
    if (this.full || (!this.#origins.has(origin) && this.#origins.size >= MAX_ORIGINS)) return 'full'
    if (seq - this.lowestNotSeen(origin) > MAX_AHEAD) return 'too far ahead'
    let log = this.#origins.get(origin)
    if (!log) {
      log = { prefix: [], ahead: new Map() }
      this.#origins.set(origin, log)
    }
    if (seq === log.prefix.length) append(log, text)
    else log.ahead.set(seq, text)
    this.#size += 1
    return 'new'
  }

  /**
   * All messages in the canonical order: by generation, then sequence number, then origin port. It keeps each
   * origin's own order, and nodes that hold the same messages print the same line.
   */
  entries(): Entry[] {
    const entries: Entry[] = []
    for (const [origin, log] of this.#origins) {
      log.prefix.forEach((text, seq) => {
        entries.push({ origin, seq, text })
      })
      for (const [seq, text] of log.ahead) entries.push({ origin, seq, text })
    }
    return entries.sort(canonically)
  }
}

function append(log: OriginLog, text: string) {
  log.prefix.push(text)
  for (;;) {
    const next = log.ahead.get(log.prefix.length)
    if (next === undefined) return
    log.ahead.delete(log.prefix.length)
    log.prefix.push(next)
  }
}

type Name = Pick<Entry, 'origin' | 'seq'>

/** The canonical order of messages. */
export const canonically = (a: Name, b: Name): number =>
  generationOf(a.origin) - generationOf(b.origin) || a.seq - b.seq || portOf(a.origin) - portOf(b.origin)
