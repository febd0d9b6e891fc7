/**
 * The newest part of the event stream, bounded, with states in between, so that any of its events can be gone back to.
 * A state kept costs little: it shares what did not change with those before and after.
 *
 * To fold an event costs more than to keep it, and in a burst the nodes need the processor. So it is done later, by
 * `catchUp`, or when somebody asks for a state.
 */
import type { LabEvent } from '../model/event.ts'
import { fold } from '../model/fold.ts'
import { EMPTY_LAB, type LabState } from '../model/lab-state.ts'

/** Events the supervisor keeps for browsers that come back or scrub. */
export const MAX_JOURNAL_EVENTS = 200_000
/** Text in those events, in characters: of messages, command lines and their outputs. */
export const MAX_JOURNAL_CHARS = 64 * 1_024 * 1_024
/** A state is kept every so many events, or so much text in them: what a browser that scrubs back gets at once. */
export const CHECKPOINT_EVENTS = 2_000
const CHECKPOINT_CHARS = 262_144
/** Events in one batch to a browser. */
export const MAX_BROWSER_BATCH = 5_000

/** The oldest tenth is forgotten at a time, because forgetting moves all the rest. */
const FORGET_AT_ONCE = MAX_JOURNAL_EVENTS / 10

/** An origin and its number, as JSON. */
const CHARS_IN_PAIR = 16
/** One direction of a link and its condition, as JSON. */
const CHARS_IN_LINK = 128

export class EventLog {
  #events: LabEvent[] = []
  /** Text in `#events`, in characters. */
  #chars = 0
  /** The fold over the events up to its `last`. */
  #state: LabState = EMPTY_LAB
  /** In order; the first one is the state before the oldest event. */
  #checkpoints: LabState[] = [EMPTY_LAB]
  #charsSinceCheckpoint = 0

  /** The fold over all events. */
  get state(): LabState {
    this.catchUp()
    return this.#state
  }

  /** Number of the newest event; 0 while there is none. */
  get last(): number {
    return this.base.last + this.#events.length
  }

  /** The state before the oldest event that is kept. */
  get base(): LabState {
    return this.#checkpoints[0] ?? EMPTY_LAB
  }

  /** Number of the oldest event that is kept, or of the next one while there is none. */
  get oldest(): number {
    return this.base.last + 1
  }

  push(events: readonly LabEvent[]) {
    for (const event of events) {
      this.#events.push(event)
      this.#chars += charsIn(event)
    }
    if (this.#events.length > MAX_JOURNAL_EVENTS || this.#chars > MAX_JOURNAL_CHARS) this.#forget()
  }

  /** Folds events that are not in the state yet, at most `limit`. */
  catchUp(limit = Number.POSITIVE_INFINITY) {
    const start = this.#state.last - this.base.last
    const end = Math.min(this.#events.length, start + limit)
    let from = start
    for (let at = start; at < end; at += 1) {
      const event = this.#events[at]
      this.#charsSinceCheckpoint += event ? charsIn(event) : 0
      const since = this.base.last + at + 1 - (this.#checkpoints.at(-1)?.last ?? 0)
      if (since < CHECKPOINT_EVENTS && this.#charsSinceCheckpoint < CHECKPOINT_CHARS) continue
      this.#state = fold(this.#state, this.#events.slice(from, at + 1))
      from = at + 1
      this.#checkpoints.push(this.#state)
      this.#charsSinceCheckpoint = 0
    }
    if (from < end) this.#state = fold(this.#state, this.#events.slice(from, end))
  }

  /**
   * Events from number `from` on, at most `limit` and about so much text, but at least one; none when there are none
   * yet. `from` is not below `oldest`.
   */
  read(from: number, limit: number, chars = Number.POSITIVE_INFINITY): readonly LabEvent[] {
    const start = from - this.oldest
    let end = start
    for (let read = 0; end < start + limit && read < chars; end += 1) {
      const event = this.#events[end]
      if (!event) break
      read += charsIn(event)
    }
    return this.#events.slice(start, end)
  }

  /** The state right after an event that is kept. */
  stateAfter(number: number): LabState {
    this.catchUp()
    if (number >= this.#state.last) return this.#state
    const nearest = this.#checkpoints.findLast(({ last }) => last <= number) ?? this.base
    return fold(nearest, this.read(nearest.last + 1, number - nearest.last))
  }

  /** A state that is kept, and number of the last event up to the next one, for the event before `number`. */
  stretchBefore(number: number): { readonly state: LabState; readonly upTo: number } {
    this.catchUp()
    const place = this.#checkpoints.findLastIndex(({ last }) => last < number - 1)
    const state = this.#checkpoints[Math.max(0, place)] ?? EMPTY_LAB
    return { state, upTo: this.#checkpoints[place + 1]?.last ?? this.#state.last }
  }

  /** Up to a checkpoint, of which enough is left. */
  #forget() {
    this.catchUp()
    const events = this.#events.length - MAX_JOURNAL_EVENTS + FORGET_AT_ONCE
    const chars = this.#chars - MAX_JOURNAL_CHARS + MAX_JOURNAL_CHARS / 10
    let count = 0
    for (let forgotten = 0; count < events || forgotten < chars; count += 1) {
      const event = this.#events[count]
      if (!event) break
      forgotten += charsIn(event)
    }
    const upTo = this.base.last + count
    const keep = this.#checkpoints.findIndex(({ last }) => last >= upTo)
    if (keep < 0) this.#checkpoints = [this.#state]
    else this.#checkpoints.splice(0, keep)
    const gone = this.base.last + 1 - (this.#events[0]?.n ?? 1)
    for (const event of this.#events.splice(0, gone)) this.#chars -= charsIn(event)
  }
}

/** About as much as its variable part takes in memory and on its way to a browser; events are small but for this. */
function charsIn(event: LabEvent): number {
  if (event.type === 'stored') return event.text.length + (event.wire?.length ?? 0)
  if (event.type === 'command') return event.output.reduce((sum, line) => sum + line.length, event.line.length)
  if (event.type === 'links') return Object.keys(event.links).length * CHARS_IN_LINK
  const hasContent = event.type === 'sent' || event.type === 'held' || event.type === 'received'
  const content = hasContent ? event.content : undefined
  return content?.kind === 'status' ? content.pairs.length * CHARS_IN_PAIR : 0
}
