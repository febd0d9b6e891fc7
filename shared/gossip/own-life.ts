/**
 * Knows the current life of a node, and decides which evidence of other lives to believe.
 *
 * A node that alone remembers its generation can lose it, and then begins a life that existed before. Its neighbours
 * show it: one knows more of the present life than the node does, or a later life, or another text under a number of
 * the node's own. Then the node continues in a generation above all known ones.
 *
 * A forged datagram looks the same. Therefore a node whose lives a supervisor counts believes no evidence. Any other
 * node believes only its neighbours, only once a period of anti-entropy, and never beyond half of all generations.
 */
import { isMineFromNowOn } from './compare.ts'
import type { Identity } from './effects.ts'
import { MAX_GENERATION } from './limits.ts'
import type { MessageLog } from './log.ts'
import { generationOf, type Origin, originOf } from './origin.ts'
import type { Rumor, Status } from './wire.ts'

/** Latest generation that a node begins on the word of others. */
const MAX_GENERATION_ON_HEARSAY = Math.floor(MAX_GENERATION / 2)

export class OwnLife {
  readonly #port: number
  readonly #isRemembered: boolean
  #origin: Origin
  #believesFrom = Number.NEGATIVE_INFINITY
  /** The latest life that was shown too early to be believed. */
  #waiting: Shown | undefined

  constructor({ port, generation, generationIs }: Identity) {
    this.#port = port
    this.#isRemembered = generationIs === 'remembered'
    this.#origin = originOf(port, generation)
  }

  /** The origin of messages typed in this life. */
  get origin(): Origin {
    return this.#origin
  }

  /** Whether only this node knows its current life. */
  get isRemembered(): boolean {
    return this.#isRemembered
  }

  /** Returns whether a rumor falsely claims to be from this life, or from a later one. */
  isContradictedBy({ origin, seq, text }: Rumor, log: MessageLog): boolean {
    if (!isMineFromNowOn(origin, this.#origin)) return false
    return origin !== this.#origin || log.text(origin, seq) !== text
  }

  /** Returns the latest credible life of which a status names more messages than the log has, or undefined. */
  lifeShownBy({ pairs }: Status, log: MessageLog): number | undefined {
    if (!this.#isRemembered) return undefined
    let latest: number | undefined
    for (const [origin, low] of pairs) {
      if (!isMineFromNowOn(origin, this.#origin)) continue
      if (origin === this.#origin && low <= log.lowestNotSeen(origin)) continue
      if (isCredible(generationOf(origin))) latest = Math.max(latest ?? 0, generationOf(origin))
    }
    return latest
  }

  /**
   * Begins the life after one that a neighbour has shown. Returns false when the evidence is not credible, or not yet.
   */
  goBeyond(shown: Shown, now: number, antiEntropyMs: number): boolean {
    if (!this.#isRemembered || !isCredible(shown.generation)) return false
    if (now < this.#believesFrom) {
      if (shown.generation >= (this.#waiting?.generation ?? 0)) this.#waiting = shown
      return false
    }
    this.#origin = originOf(this.#port, shown.generation + 1)
    this.#believesFrom = now + antiEntropyMs
    this.#waiting = undefined
    return true
  }

  /** Returns evidence that came too early and can be believed now: the neighbour may not show it again. */
  shownBefore(now: number): Shown | undefined {
    if (now < this.#believesFrom || !this.#waiting) return undefined
    return this.#waiting.generation >= generationOf(this.#origin) ? this.#waiting : undefined
  }
}

/** A life of this node that a neighbour has shown. */
export interface Shown {
  readonly generation: number
  /** The neighbour's port. */
  readonly by: number
}

const isCredible = (generation: number): boolean => generation < MAX_GENERATION_ON_HEARSAY
