/** Defines the bounds of the past that a lab and each of its pages keep: equal, so a page has room for what its lab has. */
import { memoryOf, memoryOfState } from './event-memory.ts'
import type { HistoryOptions } from './history.ts'

/** Maximum number of events. */
export const MAX_PAST_EVENTS = 200_000
/** Maximum memory of those events, in estimated bytes. Checkpoints take about a third as much. */
export const MAX_PAST_BYTES = 96 * 1_024 * 1_024

/** Minimum bytes of events for each byte of a checkpoint. */
const EVENTS_PER_CHECKPOINT = 3
/** Bytes of events between two checkpoints. */
const CHECKPOINT_BYTES = 1_048_576

/** Bounds in events and in estimated bytes, for events whose statuses share their pairs. */
export const PAST_BOUNDS = {
  maxEvents: MAX_PAST_EVENTS,
  maxSize: MAX_PAST_BYTES,
  checkpointSize: CHECKPOINT_BYTES,
  sizeOf: memoryOf,
  sizeOfState: (state, earlier) => EVENTS_PER_CHECKPOINT * memoryOfState(state, earlier),
} satisfies Partial<HistoryOptions>
