/**
 * Numbers under which two texts go round, because their node lost a life and counted from the beginning again.
 *
 * The node says again, in its next life, what it typed under a number that is disputed. So both texts are held
 * everywhere, and one rule tells every node which of them keeps the number: the one that was not said again.
 *
 * A status does not tell which texts its sender holds. So a node that meets a dispute shows its neighbours what it holds
 * of that origin: some of it with each round of anti-entropy, and several times, because that may be lost.
 */
import type { Arrival, Entry, MessageLog } from './log.ts'
import { generationOf, messageKey, type Origin, portOf } from './origin.ts'

/**
 * Disputed numbers that a node remembers. Past that, a new one takes the place of one that is decided, and is let be where
 * none is. One that nobody has decided stays: it would come back, be shown again, and drive out the next, for ever.
 */
export const MAX_DISPUTES = 1_024
/** How many of them are looked at for one that is decided, at each new one. */
const LOOKED_AT = 16
/** Times that neighbours are shown what is held of a disputed origin. */
const TIMES_SHOWN = 3
/** Messages that they are shown with one round of anti-entropy. */
const SHOWN_PER_ROUND = 128

export class Disputes {
  readonly #log: MessageLog
  /** The text that is not held, by message. */
  readonly #rivals = new Map<string, Arrival>()
  /** How often the neighbours have been shown all of a disputed origin, and from where they are shown it next. */
  readonly #shown = new Map<Origin, { readonly times: number; readonly seq: number }>()

  constructor(log: MessageLog) {
    this.#log = log
  }

  /** Weighs another text against the one that is held under its number. */
  weigh(rival: Arrival, held: string): 'takes the number' | 'is new' | 'is known' {
    const heldGivesWay = this.#log.isSuspended(rival) || this.isSaidAgain({ ...rival, text: held })
    if (heldGivesWay && !this.isSaidAgain(rival)) return 'takes the number'
    const key = messageKey(rival.origin, rival.seq)
    if (this.#rivals.has(key) || !this.#hasRoom()) return 'is known'
    this.#rivals.set(key, rival)
    this.show(rival.origin)
    return 'is new'
  }

  /** Makes room where one of the oldest is decided; those that are not are looked at again after all others. */
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

  /** Takes out the rivals that take their numbers now that a message says again what is held there. */
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

  /** Whether a text is held in a later life of its node as well. */
  isSaidAgain({ origin, text }: Entry): boolean {
    for (const later of this.#log.origins())
      if (isLater(later, origin) && this.#log.texts(later).includes(text)) return true
    return false
  }

  /** The neighbours are to be shown what is held of an origin, from the beginning. */
  show(origin: Origin) {
    this.#shown.set(origin, { times: 0, seq: 0 })
  }

  /** Takes what the neighbours are shown with this round of anti-entropy: both texts where nobody has decided. */
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

/** Whether an origin is a later life of the same node. */
const isLater = (origin: Origin, other: Origin): boolean =>
  portOf(origin) === portOf(other) && generationOf(origin) > generationOf(other)
