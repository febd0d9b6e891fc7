/** The newest part of the event stream as the supervisor keeps it: bounded by the number of its events and by their text. */

import type { LabEvent } from '../model/event.ts'
import { EventHistory } from '../model/history.ts'
import { EMPTY_LAB } from '../model/lab-state.ts'

/** Events the supervisor keeps for browsers that come back or scrub. */
export const MAX_JOURNAL_EVENTS = 200_000
/** Text in those events, in characters: of messages, command lines and their outputs. */
export const MAX_JOURNAL_CHARS = 64 * 1_024 * 1_024
/** A state is kept every so many events, or so much text in them: what a browser that scrubs back gets at once. */
export const CHECKPOINT_EVENTS = 2_000
const CHECKPOINT_CHARS = 262_144
/** Events in one batch to a browser. */
export const MAX_BROWSER_BATCH = 5_000

/** An origin and its number, as JSON. */
const CHARS_IN_PAIR = 16
/** One direction of a link and its condition, as JSON. */
const CHARS_IN_LINK = 128

export class EventLog extends EventHistory {
  constructor() {
    super(EMPTY_LAB, {
      maxEvents: MAX_JOURNAL_EVENTS,
      maxSize: MAX_JOURNAL_CHARS,
      checkpointEvents: CHECKPOINT_EVENTS,
      checkpointSize: CHECKPOINT_CHARS,
      sizeOf: charsIn,
    })
  }

  /** Number of the oldest event that is kept, or of the next one while there is none. */
  get oldest(): number {
    return this.base.last + 1
  }

  /**
   * Returns events from number `from` on, at most `limit` and about so much text, but at least one; none when there are
   * none yet. `from` is not below `oldest`.
   */
  read(from: number, limit: number, chars = Number.POSITIVE_INFINITY): readonly LabEvent[] {
    let end = from
    for (let read = 0; end < from + limit && read < chars; end += 1) {
      const event = this.event(end)
      if (!event) break
      read += charsIn(event)
    }
    return this.between(from - 1, end - 1)
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
