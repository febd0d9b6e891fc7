/** Bounds the unread bytes of all clients together: viewers that have stopped reading are closed, and may come back. */

import type { Role } from '../../shared/wire/protocol.ts'
import { MAX_WAITING_BYTES } from './bounds.ts'

export interface Reader {
  readonly role: Role
  /** Number of its unread bytes. */
  readonly waiting: number
  /** When it last took some of its unread bytes, or had none. */
  readonly tookAt: number
}

/**
 * Returns the clients to close so that the unread bytes are within the bound: first those that have taken nothing for
 * longest. An order by unread bytes would choose those that have just joined and take the whole state, and keep those
 * that take nothing.
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
