/**
 * Makes the state of the lab from its events: a pure fold, the same in server and page. It never changes the state that
 * it is given. One call copies each part at most once, so folding a batch costs only as much as the parts that it
 * changes.
 */
import { apply } from './apply.ts'
import { Draft } from './draft.ts'
import type { LabEvent } from './event.ts'
import type { LabState } from './lab-state.ts'

/** Folds events, in the order of their numbers, into a state. Ignores an event that was folded in before. */
export function fold(state: LabState, events: readonly LabEvent[]): LabState {
  let { last, at } = state
  const fresh = events.filter((event) => {
    if (event.n <= last) return false
    last = event.n
    // The latest time stays: an event that was reported late is older than those before it.
    at = Math.max(at, event.at)
    return true
  })
  if (fresh.length === 0) return state
  const draft = new Draft(state)
  for (const event of fresh) apply(draft, event)
  return draft.finish(last, at)
}
