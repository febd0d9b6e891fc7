/** The presenter's page tells where its person points: the latest place, and not more often than anybody can follow. */

import type { Pointing } from '../../shared/wire/protocol.ts'
import { POINTING_EVERY_MS } from '../../shared/wire/rhythm.ts'

export interface Sharing {
  /** Returns what the presenter looks at now. */
  readonly current: () => Pointing
  readonly send: (pointing: Pointing) => void
  readonly later: (run: () => void, ms: number) => void
}

/** Gives what is to be called whenever it may have changed, or somebody has come who knows nothing yet. */
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
