/**
 * Projector mode: everything 1.3 times as large and with more contrast, for the last row of a hall. The style sheet
 * does the rest. The tab remembers it, so that a reload in front of a class keeps it.
 */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { createMemory } from './memory.ts'

export interface ProjectorStore extends StoreApi<boolean> {
  toggle(): void
}

/** Beside `--zoom` in the style sheet. */
const ZOOM = 1.3
export const zoomOf = (projector: boolean): number => (projector ? ZOOM : 1)

export function createProjector(): ProjectorStore {
  const memory = createMemory<true>('projector')
  const store = createStore<boolean>(() => memory.read() ?? false)
  const show = (on: boolean) => {
    document.documentElement.dataset.projector = `${on}`
  }
  show(store.getState())
  store.subscribe((on) => {
    show(on)
    memory.write(on ? true : null)
  })
  return { ...store, toggle: () => store.setState(!store.getState(), true) }
}
