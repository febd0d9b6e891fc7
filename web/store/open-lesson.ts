/** The running lesson. The tab remembers it, so that a reload restores it. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Pace } from '../model/lessons/pace.ts'
import type { Memo } from '../model/lessons/session-state.ts'
import { createMemory } from './memory.ts'
import type { Arrangement } from './undo/arrangement.ts'

export interface OpenLesson {
  readonly file: string
  readonly pace: Pace
  /** The network of before the first lesson. */
  readonly before: Arrangement | null
  /** Position in the lesson, and the run of the lab; null until there is something to restore. */
  readonly memo: (Memo & { readonly lab: string }) | null
}

/** Zustand replaces this object, and never merges it. */
export type OpenLessonStore = StoreApi<{ readonly open: OpenLesson | null }>

export function createOpenLesson(): OpenLessonStore {
  const memory = createMemory<OpenLesson>('lesson')
  const store = createStore<{ readonly open: OpenLesson | null }>(() => ({ open: memory.read() }))
  store.subscribe(({ open }) => memory.write(open))
  return store
}
