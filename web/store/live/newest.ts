/** The lab as it is now, whatever instant the page shows. */

import { fold } from '../../../shared/model/fold.ts'
import type { LabState } from '../../../shared/model/lab-state.ts'
import type { Past } from '../../model/time/past.ts'

/** Folded on from where it was last asked for. */
const newest = new WeakMap<Past, LabState>()
/** Further than this, the state is found from a checkpoint. */
const FOLD_AT_MOST = 5_000

/** Returns the state after the newest event that has come. */
export function newestOf(live: Past): LabState {
  const { history } = live
  const before = newest.get(live)
  const isNear = before && before.last >= history.base.last && history.last - before.last < FOLD_AT_MOST
  const lab = isNear ? fold(before, history.between(before.last, history.last)) : history.stateAt(history.last)
  newest.set(live, lab)
  return lab
}
