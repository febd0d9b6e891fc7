/** Cuts the part of the past that goes into a file. */
import type { LabEvent } from '../../shared/model/event.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import type { Past } from './time/past.ts'

export interface Span {
  /** The state before the first event. */
  readonly base: LabState
  readonly events: readonly LabEvent[]
}

/** Returns all known events. */
export const wholeOf = ({ history }: Past): Span => ({ base: history.base, events: history.events })

/** Returns the newest known events, at most so many. */
export function newestOf(past: Past, most: number): Span {
  const { history } = past
  const before = history.last - most
  if (before <= history.base.last) return wholeOf(past)
  return { base: history.stateAt(before), events: history.between(before, history.last) }
}

/** Returns the events between two instants, in ms of the lab. */
export function spanOf({ history }: Past, from: number, to: number): Span {
  const before = history.numberAt(from)
  return { base: history.stateAt(before), events: history.between(before, history.numberAt(to)) }
}
