/** Creates the history of a page: a page that scrubs back gets its state at once. */
import { EventHistory } from '../../../shared/model/history.ts'
import type { LabState } from '../../../shared/model/lab-state.ts'
import { PAST_BOUNDS } from '../../../shared/model/past-bounds.ts'

const CHECKPOINT_EVENTS = 1_000

/** A recording has a bound of its own, `maxEvents`: the page shows all of a file or none of it. */
export const createHistory = (base: LabState, maxEvents?: number): EventHistory =>
  new EventHistory(base, {
    ...PAST_BOUNDS,
    ...(maxEvents !== undefined && { maxEvents, maxSize: Number.POSITIVE_INFINITY }),
    checkpointEvents: CHECKPOINT_EVENTS,
  })
