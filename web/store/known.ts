/** Remembers, in this browser, the signs that were explained once: each is explained where it first appears, never again. */
import { createStore, type StoreApi } from 'zustand/vanilla'

export interface KnownStore extends StoreApi<ReadonlySet<string>> {
  learn(name: string): void
}

const KEY = 'known'

export function createKnown(): KnownStore {
  const store = createStore<ReadonlySet<string>>(() => remembered())
  store.subscribe(remember)
  return { ...store, learn: (name) => store.setState(new Set([...store.getState(), name]), true) }
}

/** A browser may forbid storage; then each visit is the first one. */
function remembered(): ReadonlySet<string> {
  try {
    return new Set((localStorage.getItem(KEY) ?? '').split(' ').filter((name) => name !== ''))
  } catch {
    return new Set()
  }
}

function remember(known: ReadonlySet<string>) {
  try {
    localStorage.setItem(KEY, [...known].join(' '))
  } catch {
    // See above.
  }
}
