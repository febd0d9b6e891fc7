/** Connects the page's parts: the lab or a recording, the store, and the loop that draws each frame. */
import type { By, Role } from '../../shared/wire/protocol.ts'
import { isRecording } from '../../shared/wire/recording.ts'
import { openingOf } from '../model/time/opening.ts'
import type { Past } from '../model/time/past.ts'
import { InWords } from '../model/trouble.ts'
import { hashOf, isAbout, type Place, placeIn, placeOf } from '../store/address.ts'
import type { Behind } from '../store/behind.ts'
import { createClass } from '../store/classroom.ts'
import { createFiles } from '../store/files/files.ts'
import { createFollower } from '../store/follow.ts'
import { joinLab } from '../store/join.ts'
import { createKnown } from '../store/known.ts'
import type { Reply } from '../store/live/connection.ts'
import { startFrameLoop } from '../store/live/frames.ts'
import { createOpenLesson } from '../store/open-lesson.ts'
import { createPlayer } from '../store/player.ts'
import { createProjector } from '../store/projector.ts'
import { createSharing } from '../store/share.ts'
import { createSide, scenarioFiles } from '../store/side.ts'
import { createSplit } from '../store/split.ts'
import { createPageStore, type OpenRecording } from '../store/store.ts'
import { createTheme } from '../store/theme.ts'
import { createUndo } from '../store/undo/undo.ts'
import type { Page } from '../ui/page.ts'

const WATCHING = 'you are watching; only the presenter can control the lab'
const IN_A_RECORDING = 'this is a recording; go back to the live lab to run commands'

/** Interval at which the address is updated, in ms: browsers refuse pages that update it much more often. */
const ADDRESS_EVERY_MS = 1_000

export function startPage({ transport, clock, experiment, embedded, goOn }: Behind): Page {
  const store = createPageStore((error) => lab?.client.giveUp(error))
  const player = createPlayer(store, clock)
  const classroom = createClass()
  const follower = createFollower(classroom, store, player)
  let wanted = placeIn(location.hash)

  /** Goes to the place in the address, if it names this lab. `labId` identifies a run of the lab. */
  function land(labId: string) {
    if (!isAbout(wanted, labId)) return
    if (wanted.t !== null) {
      player.pause()
      player.seek(wanted.t, wanted.event)
    }
    if (wanted.selection) store.select(wanted.selection)
  }

  function open(recording: OpenRecording & { readonly past: Past }) {
    const isLinked = wanted.t !== null && isAbout(wanted, recording.header.lab)
    const { event, words } = openingOf(recording.past, recording.header.opensAt)
    store.look(isLinked ? recording : { ...recording, opened: words })
    player.restart()
    if (!isLinked) player.seek(recording.past.history.timeOf(event), event)
    land(recording.header.lab)
  }

  const files = createFiles(store)
  files.register({
    name: 'a recording',
    fits: isRecording,
    async open(file) {
      // Loads on demand: few visits need it, and it contains the schema of every event.
      const { openRecording } = await import('../store/files/open-recording.ts').catch(() => {
        throw new InWords('the lab does not respond. Open the file again when the lab is back')
      })
      const opened = await openRecording(file)
      if (!opened.ok) return opened
      const { recording, past } = opened
      open({ name: file.name, header: recording.header, note: recording.note, past })
      return null
    },
  })
  const side = createSide()
  // Clears the selection, because its panel would cover the one that was opened.
  side.subscribe(({ kind }) => {
    if (kind !== 'inspector') store.select(null)
  })
  files.register(scenarioFiles(side))
  const lesson = createOpenLesson()
  const undo = createUndo({
    now: () => store.live.history.state,
    act: (lines) => act(lines),
    isLessonOpen: () => lesson.getState().open !== null,
  })
  store.subscribe(() => undo.newestNetwork(store.live.trace.network))
  const sharing = createSharing({
    current() {
      const { selection, cursor, mode, speed } = store.getState()
      return { selection, cursor, time: { mode, speed, at: mode === 'live' ? null : player.at } }
    },
    send: (pointing) => lab?.client.point(pointing),
    later: (run, ms) => setTimeout(run, ms),
  })
  store.subscribe(({ recording }) => {
    const { role, viewers } = classroom.getState()
    if (role === 'presenter' && viewers > 0 && recording === null) sharing.changed()
  })

  async function act(lines: string | readonly string[], by: By = 'page'): Promise<Reply> {
    let reply: Reply = { ok: true, output: [] }
    const given = typeof lines === 'string' ? [lines] : lines
    if (classroom.getState().role === 'viewer') return { ok: false, error: WATCHING }
    if (!lab || store.getState().recording) {
      store.say({ after: store.getState().lab.last, line: given.join('; '), error: IN_A_RECORDING })
      return { ok: false, error: IN_A_RECORDING }
    }
    // A person who acts wants to see the result, which is live. A scenario leaves the view where it is.
    if (by !== 'scenario') player.follow()
    // The waits of a scenario need the clock of its lab.
    else if (player.driven && store.getState().mode !== 'live') player.goLive()
    const before = undo.concerns(given, by) ? store.live.history.state : null
    const done: string[] = []
    for (const line of given) {
      reply = await lab.client.send(line, by)
      const { connection, lab: shown } = store.getState()
      if (!reply.ok && connection.phase !== 'live') store.say({ after: shown.last, line, error: reply.error })
      if (!reply.ok) break
      done.push(line)
    }
    // Without a lab there is nothing to undo.
    if (before) void undo.did(done, by, before).catch(() => {})
    return reply
  }

  let wasJoined = false
  /** Called with the first state of each lab that the page joins. */
  function joined(id: string, role: Role) {
    undo.joined(id)
    // A reload in the middle of a lesson restores it.
    if (!wasJoined && role === 'presenter' && lesson.getState().open) side.setState({ kind: 'lessons' }, true)
    if (!wasJoined) void openNamed()
    wasJoined = true
    land(id)
  }

  /** Opens the recording that the command line of the lab names. */
  async function openNamed() {
    const name = store.getState().lastLab?.opens
    if (name === undefined) return
    const { openLastLab } = await import('../store/files/open-last-lab.ts')
    await openLastLab(store, files, name)
  }

  const lab = embedded
    ? null
    : joinLab({ transport, store, player, classroom, follower, joined, greet: () => sharing.greet() })
  if (embedded) open(embedded)
  const frames = startFrameLoop(
    () => {
      const local = performance.now()
      const shown = player.frame(local, lab?.head(local) ?? 0)
      lab?.look()
      return shown
    },
    () => player.glow,
  )
  const addressOf = (place: Place) => {
    const parts = [experiment(), hashOf(place).slice(1)].filter((part) => part !== '')
    return parts.length === 0 ? '' : `#${parts.join('&')}`
  }
  setInterval(() => rename(addressOf(placeOf(store.getState(), player.at, player.event))), ADDRESS_EVERY_MS)
  window.addEventListener('hashchange', ({ newURL }) => {
    // The address may have been changed since: the event comes a moment later.
    wanted = placeIn(new URL(newURL).hash)
    const { recording, connection } = store.getState()
    const id = recording?.header.lab ?? (connection.phase === 'live' ? connection.lab : null)
    if (id !== null) land(id)
  })

  return {
    store,
    theme: createTheme(),
    projector: createProjector(),
    split: createSplit(),
    known: createKnown(),
    side,
    lesson,
    undo,
    frames,
    easel: { paint: null },
    player,
    client: lab?.client ?? null,
    goOn,
    isAlone: clock !== null,
    addressOf,
    files,
    classroom,
    follower,
    async fetchPast(from) {
      if (store.getState().recording === null) await lab?.fetchPast(from)
    },
    act,
  }
}

/** Sets the hash of the address, unless it contains the presenter's key. */
function rename(hash: string) {
  if (hash === location.hash || /[#&]key=/.test(location.hash)) return
  try {
    history.replaceState(null, '', hash === '' ? location.pathname + location.search : hash)
  } catch {
    // Some browsers forbid it for a page that is a file. Its address then stays as it is.
  }
}
