/** What waits for all browsers together is bounded too: viewers that have stopped reading are let go, and may come back. */

import type { Role } from '../../shared/wire/protocol.ts'
import { MAX_WAITING_BYTES } from './bounds.ts'

export interface Reader {
  readonly role: Role
  /** Bytes that wait for it. */
  readonly waiting: number
  /** When it last took some of what waits for it, or nothing waited. */
  readonly tookAt: number
}

/**
 * Whom to let go so that what waits is within the bound: those first that have taken nothing for longest. By what waits
 * for each it would be who has just joined and takes the whole state, and those who take nothing would stay.
 */
export function leastReading<R extends Reader>(browsers: Iterable<R>, most = MAX_WAITING_BYTES): readonly R[] {
  const all = [...browsers]
  let waiting = all.reduce((sum, browser) => sum + browser.waiting, 0)
  const viewers = all.filter((browser) => browser.role === 'viewer' && browser.waiting > 0)
  const found: R[] = []
  for (const viewer of viewers.sort((a, b) => a.tookAt - b.tookAt)) {
    if (waiting <= most) break
    waiting -= viewer.waiting
    found.push(viewer)
  }
  return found
}
