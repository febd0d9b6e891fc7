/**
 * Asks the lab for what happened before the page came: a little at once, so that the diagram has its arrows, and more
 * when somebody goes there.
 */
import type { LabEvent } from '../../shared/event.ts'
import type { LabState } from '../../shared/lab-state.ts'
import type { PageStore } from '../store/store.ts'
import type { Player } from './player.ts'

export interface Earlier {
  /** The page has joined: number of the oldest event that the lab has. */
  joined(oldest: number): void
  /** What it answered. */
  take(base: LabState, events: readonly LabEvent[], oldest: number): void
  /** Asks where somebody has got to the beginning of what is known. */
  look(): void
}

/** So near to the beginning of what is known one wants to see more, as a share of it. */
const NEAR = 0.01

export function createEarlier(store: PageStore, player: Player, ask: (before: number) => void): Earlier {
  let oldest = 1
  /** What came did not join on: there is no room for it. */
  let full = false

  function begins() {
    const { base } = store.live.history
    const isFirst = base.last === 0 || store.getState().recording !== null
    const beginning = isFirst ? 'all' : base.last + 1 > oldest && !full ? 'more' : 'forgotten'
    if (store.getState().beginning !== beginning) store.setState({ beginning })
    return beginning
  }

  const askMore = () => begins() === 'more' && ask(store.live.history.base.last + 1)

  return {
    joined(known) {
      oldest = known
      full = false
      askMore()
    },
    take(base, events, known) {
      oldest = known
      if (events.length > 0) full = !store.prepend(base, events)
      begins()
      player.refresh()
    },
    look() {
      const beginning = begins()
      const { mode, recording } = store.getState()
      const { from, to } = store.live.history
      if (mode === 'live' || recording !== null || player.at > from + NEAR * (to - from)) return
      if (beginning === 'more') askMore()
      else if (player.at < from) player.seek(from)
    },
  }
}
