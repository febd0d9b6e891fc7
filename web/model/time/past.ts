/** The known past of one lab: its history, and the indexes for pictures and people. */
import type { LabEvent } from '../../../shared/model/event.ts'
import type { EventHistory } from '../../../shared/model/history.ts'
import type { LabState } from '../../../shared/model/lab-state.ts'
import { SharedPairs } from '../../../shared/model/shared-pairs.ts'
import { createTrace, type Trace } from '../../../shared/model/trace.ts'
import { createHistory } from './history.ts'
import { createLandmarks, type Landmarks } from './landmarks.ts'

export interface Past {
  readonly history: Omit<EventHistory, 'append' | 'prepend'>
  readonly trace: Trace
  readonly landmarks: Landmarks
  append(events: readonly LabEvent[]): void
  /** Takes earlier events. Returns false when they do not connect. */
  prepend(base: LabState, events: readonly LabEvent[]): boolean
}

export function createPast(base: LabState, maxEvents?: number): Past {
  const history = createHistory(base, maxEvents)
  const pairs = new SharedPairs()
  let trace = createTrace(base)
  let landmarks = createLandmarks(base)
  return {
    history,
    get trace() {
      return trace
    },
    get landmarks() {
      return landmarks
    },
    append(events) {
      const { last, base: before } = history
      const fresh = events.filter(({ n }) => n > last)
      pairs.shareAll(fresh)
      history.append(fresh)
      history.checkpoint()
      trace.take(fresh)
      landmarks.take(fresh)
      if (history.base === before) return
      trace.forget(history.base.last)
      landmarks.forget(history.base.last)
    },
    prepend(earlier, events) {
      pairs.shareAll(events)
      if (!history.prepend(earlier, events)) return false
      trace = createTrace(earlier)
      landmarks = createLandmarks(earlier)
      trace.take(history.events)
      landmarks.take(history.events)
      return true
    },
  }
}
