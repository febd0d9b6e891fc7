/**
 * Fetches the past before the page joined: a little at once, so that the diagram has its datagrams, more when somebody
 * goes there, and all of it when somebody exports it.
 */
import type { LabEvent } from '../../shared/model/event.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import type { Player } from './player.ts'
import type { PageStore } from './store.ts'

export interface Earlier {
  /** The page has joined: number of the oldest event that the lab has. */
  joined(oldest: number): void
  /** Takes the lab's answer. */
  take(base: LabState, events: readonly LabEvent[], oldest: number): void
  /** Fetches more when somebody comes near the beginning of the known past. */
  look(): void
  /**
   * Fetches until the events from `from` on are known, in ms of the lab, or all that the lab still has and for which
   * there is room. Resolves then, and when the connection is lost.
   */
  fetch(from: number): Promise<void>
  /** The connection is lost: no answer will come. */
  lost(): void
}

/** Distance to the beginning of the known past at which more is fetched, as a share of it. */
const NEAR = 0.01

/** A fetch from an instant on, and its waiting callers. Its parts join the past together: joining takes long. */
interface Fetching {
  readonly from: number
  readonly done: () => void
  base: LabState
  parts: (readonly LabEvent[])[]
}

export interface Asking {
  /** Asks for the past before an event, unless an answer is still to come. */
  ask(before: number): void
  /** Calls back when the next question is allowed, after an answer. */
  pace(next: () => void): void
}

export function createEarlier(store: PageStore, player: Player, { ask, pace }: Asking): Earlier {
  let oldest = 1
  /** The part was refused: there is no room for it. */
  let full = false
  let fetching: Fetching | null = null
  const base = () => fetching?.base ?? store.live.history.base

  function begins() {
    const { base } = store.live.history
    const isFirst = base.last === 0 || store.getState().recording !== null
    const beginning = isFirst ? 'all' : base.last + 1 > oldest && !full ? 'more' : 'forgotten'
    if (store.getState().beginning !== beginning) store.setState({ beginning })
    return beginning
  }

  const askMore = () => begins() === 'more' && ask(base().last + 1)

  function join(earlier: LabState, events: readonly LabEvent[]) {
    if (events.length > 0) full = !store.prepend(earlier, events)
    begins()
    player.refresh()
  }

  function endFetching() {
    const ended = fetching
    fetching = null
    if (!ended) return
    join(ended.base, ended.parts.reverse().flat())
    ended.done()
  }

  /** Takes a part that ends where the fetched past begins; any other is an answer to an earlier question. */
  function collect(into: Fetching, earlier: LabState, events: readonly LabEvent[]) {
    const part = events.filter(({ n }) => n <= into.base.last)
    const hasRoom = store.live.history.hasRoomFor([part, ...into.parts].flat())
    if (part.length > 0 && part.at(-1)?.n === into.base.last && hasRoom) {
      into.base = earlier
      into.parts.push(part)
    } else if (part.length === 0 || !hasRoom) return endFetching()
    if (into.base.last + 1 <= oldest || into.base.at <= into.from) endFetching()
    else pace(() => fetching === into && ask(into.base.last + 1))
  }

  return {
    joined(known) {
      // The fetched part belongs to another past.
      fetching?.done()
      fetching = null
      oldest = known
      full = false
      askMore()
    },
    take(earlier, events, known) {
      oldest = known
      if (fetching) collect(fetching, earlier, events)
      else join(earlier, events)
    },
    look() {
      const beginning = begins()
      const { mode, recording } = store.getState()
      const { from, to } = store.live.history
      if (mode === 'live' || recording !== null || player.at > from + NEAR * (to - from)) return
      if (beginning === 'more') askMore()
      else if (player.at < from) player.seek(from)
    },
    fetch(from) {
      endFetching()
      const { base } = store.live.history
      if (begins() !== 'more' || base.at <= from) return Promise.resolve()
      return new Promise((done) => {
        fetching = { from, done, base, parts: [] }
        ask(base.last + 1)
      })
    },
    lost: endFetching,
  }
}
