import { canonically, type Name } from './canonical-order.ts'
import { MAX_AHEAD, MAX_HELD_BACK, MAX_MESSAGES, MAX_ORIGINS } from './limits.ts'
import type { Origin } from './origin.ts'
import type { Pair } from './wire.ts'

/** The outcome of offering a message to a log. */
export type Added = 'new' | 'held' | 'conflict' | 'too far ahead' | 'full'

/** A message that the log now shows, and the port it came from; null for a message typed here. */
export interface Arrival extends Entry {
  readonly from: number | null
}

export interface Entry {
  readonly origin: Origin
  readonly seq: number
  /** The text in its wire form. */
  readonly text: string
}

/** The messages of one origin: a gap-free prefix, and what arrived ahead of a gap. */
interface OriginLog {
  prefix: string[]
  readonly ahead: Map<number, Arrival>
  /** Texts typed here in a life that is suspended, by number, as long as no other text has taken the number. */
  suspended?: Map<number, string>
  /** See `pair`. */
  pair?: Pair
}

/** Follows the changes of a log. */
export interface LogListener {
  /** The log shows a message from now on; calls come in order. */
  stored(arrival: Arrival): void
  /** A message loses its number. If another text takes it, `stored` follows for that text. */
  displaced(entry: Entry): void
}

const NOBODY: LogListener = { stored: () => undefined, displaced: () => undefined }

/**
 * Keeps all messages of one node in memory; a crash loses them.
 *
 * The log keeps a message beyond a gap back until the gap is filled, and only then shows it and counts it in statuses.
 * A status cannot name messages beyond a gap, so nodes could never agree on a message whose predecessor was lost with
 * its last holder.
 */
export class MessageLog {
  readonly #origins = new Map<Origin, OriginLog>()
  #size = 0
  #heldBack = 0
  #revision = 0

  /** Number of messages in memory, those kept back included. */
  get size(): number {
    return this.#size
  }

  /** Changes whenever the shown messages change. */
  get revision(): number {
    return this.#revision
  }

  /** Returns the lowest sequence number not yet seen from an origin; 0 for an unknown one. */
  lowestNotSeen(origin: Origin): number {
    return this.#origins.get(origin)?.prefix.length ?? 0
  }

  /** Returns an origin and its lowest number not seen. The pair is the same object as long as it says the same. */
  pair(origin: Origin): Pair {
    const log = this.#origins.get(origin)
    const low = log?.prefix.length ?? 0
    if (log?.pair?.[1] === low) return log.pair
    const pair = [origin, low] as const
    if (log) log.pair = pair
    return pair
  }

  /** Returns the wire form of a message's text, also of one kept back. */
  text(origin: Origin, seq: number): string | undefined {
    const log = this.#origins.get(origin)
    return log?.prefix[seq] ?? log?.ahead.get(seq)?.text
  }

  /** Returns the gap-free texts of an origin; the index is the number. */
  texts(origin: Origin): readonly string[] {
    return this.#origins.get(origin)?.prefix ?? []
  }

  /** Returns the origins with at least one message in memory. */
  origins(): IterableIterator<Origin> {
    return this.#origins.keys()
  }

  get full(): boolean {
    return this.#size >= MAX_MESSAGES
  }

  /**
   * Stores a message once, and advances the lowest-not-seen over every number already here
   * (report, Logic for handleRumorMessage, 3). The first text of a number stays.
   */
  add(arrival: Arrival, listener: LogListener = NOBODY): Added {
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
    if (ahead === 0) this.#show(log, arrival, listener)
    else this.#keepBack(log, arrival)
    return 'new'
  }

  #keepBack(log: OriginLog, arrival: Arrival) {
    log.ahead.set(arrival.seq, arrival)
    this.#heldBack += 1
    this.#size += 1
  }

  #show(log: OriginLog, first: Arrival, listener: LogListener) {
    this.#revision += 1
    for (let next: Arrival | undefined = first; next; next = log.ahead.get(log.prefix.length)) {
      if (log.ahead.delete(next.seq)) this.#heldBack -= 1
      else this.#size += 1
      const suspended = log.suspended?.get(next.seq)
      log.prefix.push(next.text)
      if (suspended !== undefined) this.#size -= 1
      if (suspended === next.text) continue
      if (suspended !== undefined) this.#displace(log, next, suspended, listener)
      listener.stored(next)
    }
  }

  /**
   * Suspends all messages typed here in a life, because others may have other texts under the same numbers. Chat logs
   * still show them, but statuses no longer count them, so neighbours send the texts that they have.
   */
  suspend(origin: Origin) {
    const log = this.#origins.get(origin)
    if (!log) return
    log.suspended = new Map(log.prefix.entries())
    log.prefix = []
  }

  /** Returns whether the text of a number was typed here in a suspended life. */
  isSuspended({ origin, seq }: Name): boolean {
    return this.#origins.get(origin)?.suspended?.has(seq) ?? false
  }

  /** Removes, in order, the suspended texts that have not come back. */
  dropSuspended(origin: Origin, listener: LogListener) {
    const log = this.#origins.get(origin)
    if (!log?.suspended) return
    for (const [seq, text] of [...log.suspended]) {
      if (seq < log.prefix.length) continue
      this.#size -= 1
      this.#displace(log, { origin, seq }, text, listener)
    }
  }

  /** Replaces the stored text of a number. */
  replace(arrival: Arrival, listener: LogListener) {
    const { origin, seq, text } = arrival
    const log = this.#origins.get(origin)
    if (log?.ahead.has(seq)) log.ahead.set(seq, arrival)
    const present = log?.prefix[seq]
    if (!log || present === undefined) return
    log.prefix[seq] = text
    this.#displace(log, arrival, present, listener)
    listener.stored(arrival)
  }

  #displace(log: OriginLog, { origin, seq }: Name, text: string, listener: LogListener) {
    this.#revision += 1
    log.suspended?.delete(seq)
    listener.displaced({ origin, seq, text })
  }

  /**
   * Returns all shown messages in the canonical order: by generation, then sequence number, then origin port. It keeps
   * each origin's own order, and nodes with the same messages print the same line.
   */
  entries(): Entry[] {
    const entries: Entry[] = []
    for (const [origin, log] of this.#origins) {
      const add = (text: string, seq: number) => entries.push({ origin, seq, text })
      log.prefix.forEach(add)
      log.suspended?.forEach((text, seq) => {
        if (seq >= log.prefix.length) add(text, seq)
      })
    }
    return entries.sort(canonically)
  }
}
