/** Sends the focus of the presenter's page: the latest one, and not more often than others can follow. */

import type { Pointing } from '../../shared/wire/protocol.ts'
import { POINTING_EVERY_MS } from '../../shared/wire/rhythm.ts'

export interface Sharing {
  /** Returns the presenter's present focus. */
  readonly current: () => Pointing
  readonly send: (pointing: Pointing) => void
  readonly later: (run: () => void, ms: number) => void
}

/** Returns a function to call whenever the focus may have changed, or a viewer has joined. */
export function createSharing({ current, send, later }: Sharing): { changed(): void; greet(): void } {
  let said = ''
  let waits = false
  function say() {
    const pointing = current()
    const text = JSON.stringify(pointing)
    if (text === said) return
    said = text
    send(pointing)
    waits = true
    later(() => {
      waits = false
      say()
    }, POINTING_EVERY_MS)
  }
  return {
    changed() {
      if (!waits) say()
    },
    greet() {
      said = ''
      if (!waits) say()
    },
  }
}
