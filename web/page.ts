/** Puts the page's parts together: socket, clock, store, and the loop that moves it all. */
import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { By } from '../shared/protocol.ts'
import { isRecording } from '../shared/recording.ts'
import { type ClassStore, createClass } from './classroom/classroom.ts'
import { createFollower, type Follower } from './classroom/follow.ts'
import { createSharing } from './classroom/share.ts'
import { createFiles, type Files } from './files/files.ts'
import { createSide, type SideStore, scenarioFiles } from './lessons/side.ts'
import { createClock } from './live/clock.ts'
import { connect, type LiveClient, type Reply, type Socket, type SocketEvents } from './live/connection.ts'
import { type Frames, startFrames } from './live/frames.ts'
import { createLag } from './live/lag.ts'
import { createProjector, type ProjectorStore, zoomOf } from './store/projector.ts'
import { createPageStore, type PageState, type PageStore } from './store/store.ts'
import { createTheme, type ThemeStore } from './store/theme.ts'
import { createEarlier } from './time/earlier.ts'
import { createPlayer, type Player } from './time/player.ts'

export interface Page {
  readonly store: PageStore
  readonly theme: ThemeStore
  readonly projector: ProjectorStore
  /** What stands beside the stage. */
  readonly side: SideStore
  readonly frames: Frames
  readonly player: Player
  /** Null where there is no lab behind the page: it was saved as a file. */
  readonly client: LiveClient | null
  readonly files: Files
  readonly classroom: ClassStore
  readonly follower: Follower
  /** Sends a command; what goes wrong is said in the console. */
  act(line: string, by?: By): Promise<Reply>
}

const WATCHING = 'you are watching: only the presenter acts'
const IN_A_RECORDING = 'this is a recording: go back to the live lab to act'

export function startPage(): Page {
  const store = createPageStore()
  const clock = createClock()
  const lag = createLag()
  const player = createPlayer(store)
  const classroom = createClass()
  const follower = createFollower(classroom, store, player)
  /** The lab's time that could be shown. */
  let head = 0
  let connected = false
  const client = connect(
    {
      open: openSocket,
      later(run, ms) {
        const timer = setTimeout(run, ms)
        return () => clearTimeout(timer)
      },
      chance: Math.random,
    },
    {
      connection(connection) {
        connected = connection.phase === 'live'
        store.connect(connection)
        if (connection.phase !== 'live') return
        earlier.joined(connection.oldest)
        classroom.setState({ role: connection.role })
      },
      snapshot(state, anotherLab) {
        if (anotherLab) {
          clock.reset()
          head = 0
        }
        store.snapshot(state)
        if (anotherLab && store.getState().recording === null) player.restart()
        else player.refresh()
      },
      events(events) {
        const [first] = events
        if (first && !document.hidden) lag.came(head - first.at, performance.now())
        store.enqueue(events)
        // A hidden page gets no frames, and what it shows must not grow old behind its back.
        if (document.hidden && store.getState().mode === 'live') store.advance(Number.POSITIVE_INFINITY)
      },
      past(base, events, oldest) {
        earlier.take(base, events, oldest)
        // Perhaps the presenter looks at that.
        follower.again()
      },
      now: (labNow) => clock.sample(labNow, performance.now()),
      pointing: (pointing) => follower.told(pointing),
      audience(viewers) {
        const isMore = viewers > classroom.getState().viewers
        classroom.setState({ viewers })
        if (isMore) sharing.greet()
      },
    },
  )
  const earlier = createEarlier(store, player, client.askPast)
  const files = createFiles(store)
  files.register({
    name: 'a recording',
    fits: isRecording,
    async open(file) {
      // Rarely needed, and it knows what every event must be.
      const { openRecording } = await import('./files/open-recording.ts')
      const opened = await openRecording(file)
      if (!opened.ok) return opened.error
      const { recording, past } = opened
      store.look({ name: file.name, header: recording.header, note: recording.note, past })
      player.restart()
      return null
    },
  })
  const side = createSide()
  files.register(scenarioFiles(side))
  const sharing = createSharing({
    current() {
      const { selection, cursor, mode, speed } = store.getState()
      return { selection, cursor, time: { mode, speed, at: mode === 'live' ? null : player.at } }
    },
    send: (pointing) => client.point(pointing),
    later: (run, ms) => setTimeout(run, ms),
  })
  store.subscribe(({ recording }) => {
    const { role, viewers } = classroom.getState()
    if (role === 'presenter' && viewers > 0 && recording === null) sharing.changed()
  })
  window.addEventListener('online', () => client.retry())
  const frames = startFrames(
    () => {
      const local = performance.now()
      // Without a connection nobody knows what happens: the time that could be shown stands still.
      // A lag that grows holds time up, it does not turn it back.
      if (connected) head = Math.max(head, clock.at(local) - lag.at(local))
      const shown = player.frame(local, head)
      earlier.look()
      return shown
    },
    () => player.glow,
  )
  return {
    store,
    theme: createTheme(),
    projector: createProjector(),
    side,
    frames,
    player,
    client,
    files,
    classroom,
    follower,
    async act(line, by = 'page') {
      if (classroom.getState().role === 'viewer') return { ok: false, error: WATCHING }
      if (store.getState().recording) return { ok: false, error: IN_A_RECORDING }
      // Whoever acts wants to see what comes of it, and that happens now; a scenario may be looked at later.
      if (by !== 'scenario') player.follow()
      const reply = await client.send(line, by)
      const { connection, lab } = store.getState()
      if (!reply.ok && connection.phase !== 'live') store.say({ after: lab.last, line, error: reply.error })
      return reply
    },
  }
}

function openSocket({ opened, said, closed }: SocketEvents): Socket {
  const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/ws`)
  socket.onopen = opened
  socket.onmessage = ({ data }) => said(data)
  socket.onclose = closed
  return socket
}

export const PageContext = createContext<Page | null>(null)

export function usePage(): Page {
  const page = useContext(PageContext)
  if (!page) throw new Error('a view stands outside the page')
  return page
}

export function usePageState<Slice>(pick: (state: PageState) => Slice): Slice {
  return useStore(usePage().store, pick)
}

/** Whether this page's person may act: everybody but viewers. */
export const useMayAct = (): boolean => useStore(usePage().classroom, ({ role }) => role !== 'viewer')

/** How much larger than usual all is drawn. */
export const useZoom = (): number => zoomOf(useStore(usePage().projector))

/** Names the colours that are shown: what reads them from the style sheet reads them again when it changes. */
export function useLook(): string {
  const { theme, projector } = usePage()
  return `${useStore(theme)} ${useStore(projector)}`
}
