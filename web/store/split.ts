/** Height of the stage as a share of the views, where the person has moved the splitter; this browser remembers it. */
import { createStore, type StoreApi } from 'zustand/vanilla'

export type SplitStore = StoreApi<number | null>

const KEY = 'stage'

/** Null while the stage takes the height that it needs. */
export function createSplit(): SplitStore {
  const store = createStore<number | null>(() => remembered())
  store.subscribe(remember)
  return store
}

/** A browser may forbid storage; then nothing is remembered. */
function remembered(): number | null {
  try {
    const share = Number.parseFloat(localStorage.getItem(KEY) ?? '')
    return share >= 0 && share <= 1 ? share : null
  } catch {
    return null
  }
}

function remember(share: number | null) {
  try {
    if (share === null) localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, share.toFixed(3))
  } catch {
    // See above.
  }
}
