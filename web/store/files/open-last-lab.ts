/** Opens the recording that the previous lab made automatically, or the one that the command line names. */
import { seenOf } from '../last-lab.ts'
import type { PageStore } from '../store.ts'
import type { Files } from './files.ts'

/** Loads it, and opens it in the page as a dropped file. */
export async function openLastLab(store: PageStore, files: Files, name = 'the last lab'): Promise<void> {
  store.setState({ notice: { words: 'Loading the recording …' } })
  try {
    const response = await fetch('/api/last-lab')
    if (!response.ok) throw new Error((await response.json()).error)
    await files.open(new File([await response.blob()], name))
    dismissLastLab(store)
  } catch (error) {
    const technical = error instanceof Error ? error.message : String(error)
    store.setState({ notice: { words: 'The recording could not be loaded.', technical } })
  }
}

/** It is no longer offered automatically. */
export function dismissLastLab(store: PageStore) {
  const { lastLab } = store.getState()
  if (lastLab) store.setState({ lastLab: seenOf(lastLab) })
}
