/**
 * Makes a viewer's page follow the presenter's: the same selection, the same pointed instant, the same time on screen.
 * It receives only the latest state, so it applies all of it each time.
 */
import type { Pointing } from '../../shared/wire/protocol.ts'
import type { ClassStore } from './classroom.ts'
import type { Player } from './player.ts'
import type { PageStore } from './store.ts'

/** Tolerated difference of the times while both play, in ms of the person. */
const DRIFT_MS = 400
/** While paused, equal instants are equal to a microsecond. */
const SAME_MS = 0.001

export interface Follower {
  /** The presenter's present focus. */
  told(pointing: Pointing): void
  /** More is known: perhaps an instant that could not be shown before. */
  again(): void
  follow(): void
  leave(): void
}

export function createFollower(classroom: ClassStore, store: PageStore, player: Player): Follower {
  let latest: Pointing | null = null
  const isFollowing = () => {
    const { role, following } = classroom.getState()
    return role === 'viewer' && following && store.getState().recording === null
  }

  function imitate() {
    if (!latest || !isFollowing()) return
    const { selection, cursor, time } = latest
    if (JSON.stringify(selection) !== JSON.stringify(store.getState().selection)) store.select(selection)
    store.point(cursor)
    imitateTime(time)
  }

  function imitateTime({ mode, speed, at }: Pointing['time']) {
    const mine = store.getState().mode
    if (mode === 'live' || at === null) {
      if (mine !== 'live') player.goLive()
      return
    }
    if (mode === 'paused') {
      if (mine !== 'paused') player.pause()
      if (Math.abs(player.at - at) > SAME_MS) player.seek(at)
      return
    }
    if (mine !== 'playing') player.play()
    if (store.getState().speed !== speed) player.setSpeed(speed)
    if (Math.abs(player.at - at) > DRIFT_MS * speed) player.seek(at)
  }

  return {
    told(pointing) {
      latest = pointing
      imitate()
    },
    again: imitate,
    follow() {
      classroom.setState({ following: true })
      if (latest) imitate()
      else player.goLive()
    },
    leave() {
      if (isFollowing()) classroom.setState({ following: false })
    },
  }
}
