/** Height of the stage as a share of the views, if the person has moved the splitter; this browser remembers it. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { remember, remembered } from './storage.ts'

export type SplitStore = StoreApi<number | null>

const KEY = 'stage'

/** Null while the stage takes the height that it needs. */
export function createSplit(): SplitStore {
  const share = Number.parseFloat(remembered(KEY) ?? '')
  const store = createStore<number | null>(() => (share >= 0 && share <= 1 ? share : null))
  store.subscribe((now) => remember(KEY, now?.toFixed(3) ?? null))
  return store
}
