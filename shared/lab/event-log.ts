/** Keeps the newest part of the event stream in the supervisor, bounded by the number of its events and their bytes. */

import type { LabEvent } from '../model/event.ts'
import { EventHistory } from '../model/history.ts'
import { EMPTY_LAB, type LabState } from '../model/lab-state.ts'

/** Maximum number of events that the supervisor keeps for pages that come back or scrub. */
export const MAX_JOURNAL_EVENTS = 200_000
/** Maximum memory of those events, in estimated bytes. Checkpoints take at most as much again. */
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
/** Size of an event without its text, its pairs and its links, in bytes. */
const BYTES_OF_EVENT = 400
/** Size of a list entry; the pair itself is shared. */
const BYTES_OF_PAIR = 8
/** Size of one direction of a link and its condition. */
const BYTES_OF_LINK = 128
/** Size of an origin and its number in the vector of a node. */
const BYTES_OF_ENTRY = 32
const BYTES_OF_COPY = 64

export class EventLog extends EventHistory {
  constructor() {
    super(EMPTY_LAB, {
      maxEvents: MAX_JOURNAL_EVENTS,
      maxSize: MAX_JOURNAL_BYTES,
      checkpointEvents: CHECKPOINT_EVENTS,
      checkpointSize: CHECKPOINT_BYTES,
      sizeOf: bytesOfEvent,
      sizeOfState: bytesOfState,
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

/** Returns an estimate of an event's memory, in bytes. */
function bytesOfEvent(event: LabEvent): number {
  return BYTES_OF_EVENT + charsIn(event) + BYTES_OF_PAIR * pairsIn(event)
}

/** Returns an estimate of the memory of a state that shares nothing with another one, in bytes. */
function bytesOfState({ nodes, messages }: LabState): number {
  const entries = nodes.map(({ vector, heard }) => {
    // A node's status is one vector, whatever the number of neighbours that heard it.
    const [first] = Object.values(heard)
    return Object.keys(vector).length + Object.keys(first ?? {}).length
  })
  const copies = messages.length * nodes.length
  return BYTES_OF_ENTRY * entries.reduce((sum, count) => sum + count, 0) + BYTES_OF_COPY * copies
}

/** Returns the number of characters that an event does not share: they also go over the wire. */
function charsIn(event: LabEvent): number {
  if (event.type === 'stored') return event.text.length + (event.wire?.length ?? 0)
  if (event.type === 'command') return event.output.reduce((sum, line) => sum + line.length, event.line.length)
  return event.type === 'links' ? Object.keys(event.links).length * BYTES_OF_LINK : 0
}

function pairsIn(event: LabEvent): number {
  const hasContent = event.type === 'sent' || event.type === 'held' || event.type === 'received'
  return hasContent && event.content?.kind === 'status' ? event.content.pairs.length : 0
}
