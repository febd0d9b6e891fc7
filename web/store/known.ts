/** Remembers, in this browser, the signs that were explained: each is explained where it first appears, never again. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { remember, remembered } from './storage.ts'

export interface KnownStore extends StoreApi<ReadonlySet<string>> {
  learn(name: string): void
}

const KEY = 'known'

export function createKnown(): KnownStore {
  const store = createStore<ReadonlySet<string>>(() => new Set(remembered(KEY)?.split(' ')))
  store.subscribe((known) => remember(KEY, [...known].join(' ')))
  return { ...store, learn: (name) => store.setState(new Set([...store.getState(), name]), true) }
}
