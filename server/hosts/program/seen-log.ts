/** Follows the chat log of one life of a program, and says which messages it shows for the first time. */
import { messageKey, type Origin } from '../../../shared/gossip/origin.ts'
import type { MessageName, MessageNames } from './message-names.ts'

/** A message that a chat log shows for the first time. */
export interface Seen extends MessageName {
  readonly text: string
  /** When the log first showed the text, in ms. */
  readonly at: number
  /** The message was stored within this time before `at`, in ms. */
  readonly uncertaintyMs: number
  /** Whether several messages have this text, and only their order says which one this is. */
  readonly isAmbiguous: boolean
}

/** A message that a chat log shows more often than it was given. */
export interface ShownAgain extends MessageName {
  readonly text: string
  readonly times: number
  /** When the log first showed it so often, in ms. */
  readonly at: number
}

/** A look at the chat log. */
export interface Look {
  readonly line: string
  /** When the answer came, in ms. */
  readonly at: number
  /** When the look before was asked for, in ms. */
  readonly before: number
}

/** Time for which a text may precede the report of the node that was given it, in ms. */
const REPORT_PATIENCE_MS = 500

export class SeenLog {
  readonly #names: MessageNames
  readonly #own: Origin
  /** By text: the keys of the messages that the log has shown. */
  readonly #shown = new Map<string, Set<string>>()
  /** Unknown texts, with the look that first showed them. */
  readonly #unknown = new Map<string, Look>()
  /** By text that is shown too often: since when, in ms, and how often; 0 before it is reported. */
  readonly #excess = new Map<string, { readonly since: number; reported: number }>()
  #shownAgain: ShownAgain[] = []
  #line = ''

  /** `own` is the origin of the messages that this life is given. */
  constructor(names: MessageNames, own: Origin) {
    this.#names = names
    this.#own = own
  }

  /** Whether a text waits for a name, so that the same line must be looked at again. */
  get isWaiting(): boolean {
    return this.#unknown.size > 0 || [...this.#excess.values()].some(({ reported }) => reported === 0)
  }

  /** Returns the messages that looks have shown too often since the last call. */
  takeShownAgain(): readonly ShownAgain[] {
    return this.#shownAgain.splice(0)
  }

  /** Returns the messages that a look shows for the first time. */
  take(look: Look): Seen[] {
    if (look.line === this.#line && !this.isWaiting) return []
    this.#line = look.line
    const counts = new Map<string, number>()
    for (const text of this.#names.textsIn(look.line)) counts.set(text, (counts.get(text) ?? 0) + 1)
    return [...counts].flatMap(([text, count]) => this.#newOf(text, count, look))
  }

  /** The same text shown more often than it was given is no further message: see `#checkExcess`. */
  #newOf(text: string, count: number, look: Look): Seen[] {
    const given = this.#names.of(text)
    const shown = this.#shown.get(text) ?? new Set()
    const first = this.#unknown.get(text) ?? look
    const fresh: Seen[] = []
    while (shown.size < count) {
      const name = this.#nextOf(text, given, shown, first, look)
      if (!name) break
      shown.add(messageKey(name.origin, name.seq))
      const uncertaintyMs = Math.max(0, first.at - first.before)
      fresh.push({ ...name, text, at: first.at, uncertaintyMs, isAmbiguous: given.length > 1 })
    }
    if (fresh.length > 0) this.#unknown.delete(text)
    this.#shown.set(text, shown)
    this.#checkExcess(text, given, count, look.at)
    return fresh
  }

  /** The report of a node that was given the same text may still come. */
  #checkExcess(text: string, given: readonly MessageName[], count: number, at: number) {
    const [first] = given
    if (!first || count <= given.length) {
      this.#excess.delete(text)
      return
    }
    const excess = this.#excess.get(text) ?? { since: at, reported: 0 }
    this.#excess.set(text, excess)
    if (excess.reported >= count || at - excess.since < REPORT_PATIENCE_MS) return
    excess.reported = count
    this.#shownAgain.push({ ...first, text, times: count, at: excess.since })
  }

  /** A program stores what it is given at once, so its own message comes first; then the order of giving decides. */
  #nextOf(
    text: string,
    given: readonly MessageName[],
    shown: ReadonlySet<string>,
    first: Look,
    { at }: Look,
  ): MessageName | undefined {
    const left = given.filter(({ origin, seq }) => !shown.has(messageKey(origin, seq)))
    const next = left.find(({ origin }) => origin === this.#own) ?? left[0]
    if (next || shown.size > 0) return next
    if (at - first.at >= REPORT_PATIENCE_MS) return this.#names.strange(text)
    this.#unknown.set(text, first)
    return undefined
  }
}
