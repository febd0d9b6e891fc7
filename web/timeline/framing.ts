/**
 * Keeps a run in sight after it has ended: the view stands still at its end, the diagram shows all of it, and the bar of
 * time shows nothing else. This lasts until the view is live again.
 */
import type { PageStore } from '../store/store.ts'
import type { Player } from '../time/player.ts'
import { type Span, spanShown } from './zoom.ts'

interface Viewed {
  readonly store: PageStore
  readonly player: Player
}

/** Frames a run, unless somebody has chosen another instant to look at. */
export function frameRun({ store, player }: Viewed, run: Span) {
  const { mode, framed, windowMs } = store.getState()
  if (mode !== 'live' && framed === null) return
  const before = framed?.windowMs ?? windowMs
  const { end, windowMs: room } = spanShown(run, store.getState().speed)
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

/** Lets go of the run that is framed, if any: the view is live again. */
export function unframe({ store, player }: Viewed) {
  if (store.getState().framed) player.goLive()
}
