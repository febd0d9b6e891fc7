/** Keeps the newest part of the event stream in the supervisor, bounded by the number of its events and their bytes. */

import type { LabEvent } from '../model/event.ts'
import { EventHistory } from '../model/history.ts'
import { EMPTY_LAB } from '../model/lab-state.ts'
import { charsIn, memoryOf, memoryOfState, pairsIn } from './event-memory.ts'

/** Maximum number of events that the supervisor keeps for pages that come back or scrub. */
export const MAX_JOURNAL_EVENTS = 200_000
/** Maximum memory of those events, in estimated bytes. Checkpoints take about a third as much. */
export const MAX_JOURNAL_BYTES = 96 * 1_024 * 1_024
/**
 * Number of events, or of their bytes, between two checkpoints: a page that scrubs back gets a checkpoint at once. A
 * large state gets fewer.
 */
export const CHECKPOINT_EVENTS = 2_000
const CHECKPOINT_BYTES = 1_048_576
/** Maximum number of events in one batch to a page. */
export const MAX_BROWSER_BATCH = 5_000

/** Size of an origin and its number, as JSON. */
const CHARS_IN_PAIR = 16
/** Minimum bytes of events for each byte of a checkpoint. */
const EVENTS_PER_CHECKPOINT = 3

export class EventLog extends EventHistory {
  constructor() {
    super(EMPTY_LAB, {
      maxEvents: MAX_JOURNAL_EVENTS,
      maxSize: MAX_JOURNAL_BYTES,
      checkpointEvents: CHECKPOINT_EVENTS,
      checkpointSize: CHECKPOINT_BYTES,
      sizeOf: memoryOf,
      sizeOfState: (state, earlier) => EVENTS_PER_CHECKPOINT * memoryOfState(state, earlier),
    })
  }

  /** Number of the oldest event, or of the next one if there is none. */
  get oldest(): number {
    return this.base.last + 1
  }

  /**
   * Returns events from number `from` on, at most `limit` and about so much text, but at least one if there is any.
   * Precondition: `from` is not below `oldest`.
   */
  read(from: number, limit: number, chars = Number.POSITIVE_INFINITY): readonly LabEvent[] {
    let end = from
    for (let read = 0; end < from + limit && read < chars; end += 1) {
      const event = this.event(end)
      if (!event) break
      read += charsIn(event) + CHARS_IN_PAIR * pairsIn(event)
    }
    return this.between(from - 1, end - 1)
  }
}
