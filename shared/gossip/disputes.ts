/**
 * Remembers numbers under which two texts circulate, because their node lost a life and counted from 0 again.
 *
 * In its next life the node sends again, under a new number, the message that it typed under a disputed number. So
 * every node gets both texts, and one rule tells each of them which text keeps the number: the one that was not sent
 * again.
 *
 * A status does not say which texts its sender has. So a node that meets a dispute sends its neighbours the messages
 * that it has of that origin: some with each round of anti-entropy, and several times, because datagrams may be lost.
 */
import type { Arrival, Entry, MessageLog } from './log.ts'
import { generationOf, messageKey, type Origin, portOf } from './origin.ts'

/**
 * Maximum number of disputes that a node remembers. Past it, a new dispute replaces a decided one, or is ignored if
 * none is decided. An undecided dispute stays: otherwise it would come back, be shown again, and push out the next one,
 * for ever.
 */
export const MAX_DISPUTES = 1_024
/** Number of old disputes checked for a decided one, at each new dispute. */
const LOOKED_AT = 16
/** Number of times that the neighbours are sent the messages of a disputed origin. */
const TIMES_SHOWN = 3
/** Number of those messages sent with one round of anti-entropy. */
const SHOWN_PER_ROUND = 128

export class Disputes {
  readonly #log: MessageLog
  /** The text that is not stored, by message. */
  readonly #rivals = new Map<string, Arrival>()
  /** By disputed origin: how often the neighbours have been sent all of it, and the number to send next. */
  readonly #shown = new Map<Origin, { readonly times: number; readonly seq: number }>()

  constructor(log: MessageLog) {
    this.#log = log
  }

  /** Compares another text with the stored one of the same number, and decides between them if it can. */
  weigh(rival: Arrival, held: string): 'takes the number' | 'is new' | 'is known' {
    const heldGivesWay = this.#log.isSuspended(rival) || this.isSaidAgain({ ...rival, text: held })
    if (heldGivesWay && !this.isSaidAgain(rival)) return 'takes the number'
    const key = messageKey(rival.origin, rival.seq)
    if (this.#rivals.has(key) || !this.#hasRoom()) return 'is known'
    this.#rivals.set(key, rival)
    this.show(rival.origin)
    return 'is new'
  }

  /** Makes room if one of the oldest is decided; undecided ones move to the back of the queue. */
  #hasRoom(): boolean {
    if (this.#rivals.size < MAX_DISPUTES) return true
    let looked = 0
    for (const [key, rival] of this.#rivals) {
      if (looked === LOOKED_AT) return false
      looked += 1
      this.#rivals.delete(key)
      if (this.isSaidAgain(rival)) return true
      this.#rivals.set(key, rival)
    }
    return false
  }

  /** Removes and returns the rivals that take their numbers, now that a message repeats the stored text. */
  takeDecidedBy({ origin, text }: Entry): Arrival[] {
    const decided: Arrival[] = []
    for (const [key, rival] of this.#rivals) {
      if (!isLater(origin, rival.origin) || this.#log.text(rival.origin, rival.seq) !== text) continue
      if (this.isSaidAgain(rival)) continue
      this.#rivals.delete(key)
      decided.push(rival)
    }
    return decided
  }

  /** Returns whether a text is also stored under a later life of its node. */
  isSaidAgain({ origin, text }: Entry): boolean {
    for (const later of this.#log.origins())
      if (isLater(later, origin) && this.#log.texts(later).includes(text)) return true
    return false
  }

  /** Schedules all stored messages of an origin to be sent to the neighbours, from number 0. */
  show(origin: Origin) {
    this.#shown.set(origin, { times: 0, seq: 0 })
  }

  /**
   * Returns the messages that go to the neighbours with this round of anti-entropy: both texts of undecided numbers.
   */
  takeToShow(): Entry[] {
    const entries: Entry[] = []
    for (const [origin, { times, seq: start }] of this.#shown) {
      if (entries.length >= SHOWN_PER_ROUND) break
      const texts = this.#log.texts(origin)
      const end = Math.min(start + SHOWN_PER_ROUND - entries.length, texts.length)
      for (let seq = start; seq < end; seq += 1) {
        entries.push({ origin, seq, text: texts[seq] ?? '' })
        const rival = this.#rivals.get(messageKey(origin, seq))
        if (rival && !this.isSaidAgain(rival)) entries.push(rival)
      }
      if (end < texts.length) this.#shown.set(origin, { times, seq: end })
      else if (times + 1 < TIMES_SHOWN) this.#shown.set(origin, { times: times + 1, seq: 0 })
      else this.#shown.delete(origin)
    }
    return entries
  }
}

/** Returns whether an origin is a later life of the same node. */
const isLater = (origin: Origin, other: Origin): boolean =>
  portOf(origin) === portOf(other) && generationOf(origin) > generationOf(other)
