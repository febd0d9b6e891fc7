/** Bounds of the past that a page keeps. */
import { EventHistory } from '../../../shared/model/history.ts'
import type { LabState } from '../../../shared/model/lab-state.ts'

/** Maximum number of events; past it the oldest are forgotten. */
export const MAX_HISTORY_EVENTS = 200_000

const CHECKPOINT_EVENTS = 1_000

export const createHistory = (base: LabState, maxEvents = MAX_HISTORY_EVENTS): EventHistory =>
  new EventHistory(base, { maxEvents, checkpointEvents: CHECKPOINT_EVENTS })
