/** Keeps the newest part of the event stream in the supervisor, bounded by the number of its events and their bytes. */

import type { LabEvent } from '../model/event.ts'
import { charsIn, pairsIn } from '../model/event-memory.ts'
import { EventHistory } from '../model/history.ts'
import { EMPTY_LAB, type LabState } from '../model/lab-state.ts'
import { PAST_BOUNDS } from '../model/past-bounds.ts'

/**
 * Number of events between two checkpoints, unless their bytes are more: a page that scrubs back gets a checkpoint at
 * once. A large state gets fewer.
 */
export const CHECKPOINT_EVENTS = 2_000
/** Maximum number of events in one batch to a page. */
export const MAX_BROWSER_BATCH = 5_000

/** Size of an origin and its number, as JSON. */
const CHARS_IN_PAIR = 16

export class EventLog extends EventHistory {
  constructor(base: LabState = EMPTY_LAB) {
    super(base, { ...PAST_BOUNDS, checkpointEvents: CHECKPOINT_EVENTS })
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
