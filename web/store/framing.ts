/**
 * Keeps a run visible after it has ended: the view pauses at its end, the diagram shows all of it, and the time bar
 * shows nothing else. This lasts until the view is live again.
 */

import type { Span } from '../model/time/span.ts'
import type { Player } from './player.ts'
import type { PageStore } from './store.ts'
import { spanShown } from './zoom.ts'

/** The address names an instant to a thousandth of a ms, and so perhaps a slightly later one. */
const ADDRESS_ROUNDS_MS = 1

interface Viewed {
  readonly store: PageStore
  readonly player: Player
}

/**
 * Frames a run, unless somebody has chosen another instant. A page that was reloaded while it explained the run is at
 * the run's end already, because its address says so.
 */
export function frameRun({ store, player }: Viewed, run: Span, isResumed = false) {
  const { mode, framed, windowMs } = store.getState()
  const { end, windowMs: room } = spanShown(run, store.getState().speed)
  const isThere = isResumed && player.at >= run.from && player.at < end + ADDRESS_ROUNDS_MS
  if (mode !== 'live' && framed === null && !isThere) return
  const before = framed?.windowMs ?? windowMs
  player.pause()
  player.seek(end)
  const mine = { ...run, windowMs: before }
  store.setState({ framed: mine, windowMs: room })
  const stop = store.subscribe((now) => {
    if (now.framed === mine && now.mode !== 'live') return
    stop()
    if (now.framed === mine) store.setState({ framed: null, windowMs: before })
  })
}

/** Releases the framed run, if any: the view is live again. */
export function unframe({ store, player }: Viewed) {
  if (store.getState().framed) player.goLive()
}
