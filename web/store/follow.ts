/**
 * A viewer's page that does as the presenter's does: the same selection, the same instant pointed at, the same time
 * shown. It is told the latest only, so each time it makes all of it so.
 */
import type { Pointing } from '../../shared/wire/protocol.ts'
import type { ClassStore } from './classroom.ts'
import type { Player } from './player.ts'
import type { PageStore } from './store.ts'

/** While both play, the times may differ by so much, in ms of the person. */
const DRIFT_MS = 400
/** Paused, the same instant is the same to a microsecond. */
const SAME_MS = 0.001

export interface Follower {
  /** Where the presenter points now. */
  told(pointing: Pointing): void
  /** More is known: perhaps what could not be shown before. */
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
