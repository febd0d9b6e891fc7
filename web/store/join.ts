/** Connects the page to its lab: passes received events to the store, and computes up to when they can be shown. */
import type { Role } from '../../shared/wire/protocol.ts'
import type { ClassStore } from './classroom.ts'
import { createEarlier } from './earlier.ts'
import type { Follower } from './follow.ts'
import { createClock } from './live/clock.ts'
import { connect, type LiveClient, type Transport } from './live/connection.ts'
import { createLag } from './live/lag.ts'
import type { Player } from './player.ts'
import type { PageStore } from './store.ts'

/** Slightly longer than `VIEWER_MESSAGE_RATE` allows, in ms. */
const VIEWER_ASKS_EVERY_MS = 250

export interface LiveLab {
  readonly client: LiveClient
  /** Returns, once a frame, the lab's time that could be shown, in ms. */
  head(local: number): number
  /** After each frame. */
  look(): void
  /** Fetches the past from an instant on, in ms, as far as the lab still has it. */
  fetchPast(from: number): Promise<void>
}

export interface Joining {
  readonly transport: Transport
  readonly store: PageStore
  readonly player: Player
  readonly classroom: ClassStore
  readonly follower: Follower
  /** The first state of a lab has come. */
  readonly joined: (lab: string, role: Role) => void
  /** One more viewer has joined. */
  readonly greet: () => void
}

export function joinLab({ transport, store, player, classroom, follower, joined, greet }: Joining): LiveLab {
  const clock = createClock()
  const lag = createLag()
  let head = 0
  let connected = false
  let isAnother = false
  const client = connect(
    {
      ...transport,
      later(run, ms) {
        const timer = setTimeout(run, ms)
        return () => clearTimeout(timer)
      },
      chance: Math.random,
    },
    {
      connection(connection) {
        if (connected) earlier.lost()
        connected = connection.phase === 'live'
        store.connect(connection)
        if (connection.phase !== 'live') {
          // The number of viewers is unknown until the lab is back.
          classroom.setState({ viewers: 0 })
          return
        }
        if (isAnother) joined(connection.lab, connection.role)
        isAnother = false
        earlier.joined(connection.oldest)
        classroom.setState({ role: connection.role })
      },
      snapshot(state, anotherLab) {
        if (anotherLab) {
          clock.reset()
          head = 0
          store.setState({ span: null, cursor: null })
        }
        isAnother ||= anotherLab
        store.snapshot(state, anotherLab)
        if (anotherLab && store.getState().recording === null) player.restart()
        else player.refresh()
      },
      events(events) {
        const [first] = events
        if (first && !document.hidden && clock.rate > 0) lag.came((head - first.at) / clock.rate, performance.now())
        store.enqueue(events)
        // A hidden page gets no frames, and its view must not become stale.
        if (document.hidden && store.getState().mode === 'live') store.advance(Number.POSITIVE_INFINITY)
      },
      past(base, events, oldest) {
        earlier.take(base, events, oldest)
        // The presenter may point at that.
        follower.again()
      },
      now: (labNow, rate) => clock.sample(labNow, performance.now(), rate),
      pointing: (pointing) => follower.told(pointing),
      audience(viewers) {
        const isMore = viewers > classroom.getState().viewers
        classroom.setState({ viewers })
        if (isMore) greet()
      },
    },
  )
  const earlier = createEarlier(store, player, {
    ask: client.askPast,
    // The lab closes a viewer who asks too often.
    pace: (next) => (classroom.getState().role === 'viewer' ? setTimeout(next, VIEWER_ASKS_EVERY_MS) : next()),
  })
  window.addEventListener('online', () => client.retry())
  return {
    client,
    head(local) {
      // Without a connection the present is unknown, so the time that could be shown stops. A growing lag holds time
      // up, but never turns it back. The time of a stopped clock is known exactly.
      if (connected)
        head = clock.rate === 0 ? clock.at(local) : Math.max(head, clock.at(local) - clock.rate * lag.at(local))
      return head
    },
    look: () => earlier.look(),
    fetchPast: (from) => (connected ? earlier.fetch(from) : Promise.resolve()),
  }
}
