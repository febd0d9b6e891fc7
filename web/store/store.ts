/** Holds what the page shows: the lab as of the time that is shown, and the person's choices. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { LabEvent } from '../../shared/model/event.ts'
import { fold } from '../../shared/model/fold.ts'
import { EMPTY_LAB, type LabState } from '../../shared/model/lab-state.ts'
import type { RecordingHeader } from '../../shared/wire/recording.ts'
import { type Delivery, deliveryAfter } from '../model/delivery.ts'
import { newestOf, type Span as Recorded } from '../model/event-span.ts'
import type { Selection } from '../model/selection.ts'
import { createPast, type Past } from '../model/time/past.ts'
import type { Mode } from '../model/time/playhead.ts'
import type { Span } from '../model/time/span.ts'
import type { Trace } from '../model/trace.ts'
import type { Trouble } from '../model/trouble.ts'
import { type LastLabOffer, offerOf } from './last-lab.ts'
import type { Connection } from './live/connection.ts'

const MAX_LOCAL_LINES = 100

/** A line of this console alone, which could not be read or sent. */
export interface LocalLine {
  readonly after: number
  readonly line: string
  readonly error: string
}

/** How the view is bound to a lab: by its connection, or it looks at a recording and to no lab at all. */
export type ViewSource = Connection | { readonly phase: 'recording' }

/** Whether there are events before the first instant that can be shown: none, some in the lab, or some forgotten. */
export type Beginning = 'all' | 'more' | 'forgotten'

/** Names a life of a lab, and says when it began. */
export type LabHeader = Pick<RecordingHeader, 'lab' | 'beganAt'>

/** A recording that is looked at. */
export interface OpenRecording {
  readonly name: string
  readonly header: LabHeader
  /** The reason why it could be opened only so far. */
  readonly note: string | null
  /** At which instant it was opened, in words. */
  readonly opened?: string
}

export interface PageState {
  readonly connection: ViewSource
  /** Whether any state has come yet. */
  readonly loaded: boolean
  readonly lab: LabState
  readonly selection: Selection | null
  /** The instant that somebody points at, in ms of the lab: every view marks it. */
  readonly cursor: number | null
  /** The last datagram that was released or dropped by hand: the views mark what has changed since. */
  readonly step: Delivery | null
  readonly localLines: readonly LocalLine[]
  /** The console's drawer is open. */
  readonly drawer: boolean
  /** The panel of a node shows its process and counters too. */
  readonly nodeDetails: boolean
  /** How the view's time goes, and how fast. See `player.ts`. */
  readonly mode: Mode
  readonly speed: number
  readonly beginning: Beginning
  readonly recording: OpenRecording | null
  /** The lab that the page was connected to last; null before it was. */
  readonly header: LabHeader | null
  /** A lab that the page was connected to before this one, as far as the page keeps it; null where there was none. */
  readonly former: { readonly header: LabHeader; readonly span: Recorded } | null
  /** The recording that the lab before made of itself; null where there is none, and for viewers. */
  readonly lastLab: LastLabOffer | null
  /** A problem that the page says once, such as a file that could not be opened. */
  readonly notice: Trouble | null
  /** How much of the past space-time shows at real speed, in ms. See `zoom.ts`. */
  readonly windowMs: number
  /** The chosen span of the past. */
  readonly span: Span | null
  /** The run that is kept in sight, and what `windowMs` was before. See `timeline/framing.ts`. */
  readonly framed: (Span & { readonly windowMs: number }) | null
}

export interface PageStore extends StoreApi<PageState> {
  /** The past that the page shows: the lab's, or a recording's. */
  readonly past: Past
  /** The lab's, also while a recording is looked at. */
  readonly live: Past
  readonly trace: Trace
  /** The newest that are shown, oldest first; how much a node has counted by then is told in its panel. */
  readonly events: readonly LabEvent[]
  /** Another lab's state makes the past of the lab before `former`. */
  snapshot(state: LabState, isAnother?: boolean): void
  /** Takes the lab's next events; each is shown when the view's time has got to it. */
  enqueue(events: readonly LabEvent[]): void
  /** Takes events before all that are known. Returns false when they do not join on. */
  prepend(base: LabState, events: readonly LabEvent[]): boolean
  /** Shows the lab as it was at `now`, in ms of the lab, or right after an event. */
  advance(now: number): void
  showEvent(number: number): void
  /** The connection to the lab, which goes on also behind a recording. */
  connect(connection: Connection): void
  /** Looks at a recording, or again at the lab. */
  look(recording: (OpenRecording & { readonly past: Past }) | null): void
  select(selection: Selection | null): void
  point(cursor: number | null): void
  /** Adds to what this console alone says. */
  say(line: LocalLine): void
}

/** The past of a lab that was restarted, some 10 MB, until somebody saves or dismisses it. */
export const MOST_FORMER_EVENTS = 50_000

const MAX_LISTED_EVENTS = 10_000

/** Further than this, the state is found from a checkpoint and not by folding on. */
const FOLD_AT_MOST = 5_000

/** In ms of the lab: over how long events are counted, and how often the state is shown where they are more than this. */
const COUNTED_OVER_MS = 250
const RHYTHMS = [
  { above: 400, everyMs: 100 },
  { above: 60, everyMs: 33 },
]

/** `misread` is told of an event of the lab that the page can make nothing of. */
export function createPageStore(misread: (error: unknown) => void = () => {}): PageStore {
  let live = createPast(EMPTY_LAB)
  let recorded: Past | null = null
  let connection: Connection = { phase: 'connecting' }
  /** The selection; null while the chosen thing is not yet or no longer there. */
  let chosen: Selection | null = null
  /** Number of the event that began the network that is shown; 0 when it is not known. */
  let network = 0
  const past = () => recorded ?? live
  const store = createStore<PageState>(() => ({
    connection,
    loaded: false,
    lab: EMPTY_LAB,
    selection: null,
    cursor: null,
    step: null,
    localLines: [],
    drawer: false,
    nodeDetails: false,
    mode: 'live',
    speed: 1,
    beginning: 'all',
    recording: null,
    header: null,
    former: null,
    lastLab: null,
    windowMs: 3_000,
    span: null,
    framed: null,
    notice: null,
  }))

  function show(lab: LabState, step: Delivery | null = null) {
    const { trace } = past()
    trace.show(lab.last, lab.at)
    const before = store.getState()
    const selection = stillThere(chosen, lab, trace)
    if (before.selection && !selection && lab.last > before.lab.last) chosen = null
    // Begun since what was shown, or gone back before it began: what was chosen was chosen in another network.
    const isAnother = trace.network > before.lab.last || lab.last < network
    network = trace.network
    store.setState({ lab, selection, step, ...(isAnother ? { span: null, cursor: null } : {}) })
  }

  function showEvent(number: number) {
    const { history } = past()
    const { lab, step } = store.getState()
    const wanted = Math.min(history.last, Math.max(history.base.last, number))
    if (wanted === lab.last) return
    const goesOn = wanted > lab.last && lab.last >= history.base.last && wanted - lab.last < FOLD_AT_MOST
    const events = goesOn ? history.between(lab.last, wanted) : []
    let next: LabState
    try {
      next = goesOn ? fold(lab, events) : history.stateAt(wanted)
    } catch (error) {
      history.cut(lab.last)
      misread(error)
      return
    }
    show(next, goesOn ? deliveryAfter(step, lab, events) : null)
  }

  /**
   * Where much happens, what is live need not be shown anew with every frame: datagrams are to move evenly, and in a
   * burst a click is to be answered in between.
   */
  function canWait(number: number, now: number): boolean {
    const { lab, mode } = store.getState()
    if (mode !== 'live' || now < lab.at) return false
    const events = number - past().history.numberAt(now - COUNTED_OVER_MS)
    const everyMs = RHYTHMS.find(({ above }) => events > above)?.everyMs ?? 0
    return now - lab.at < everyMs
  }

  return {
    ...store,
    get past() {
      return past()
    },
    get live() {
      return live
    },
    get trace() {
      return past().trace
    },
    get events() {
      const { last } = store.getState().lab
      return past()
        .history.between(last - MAX_LISTED_EVENTS, last)
        .filter(({ type }) => type !== 'counters')
    },
    snapshot(lab, isAnother = false) {
      const { header, former } = store.getState()
      // A lab that nobody used, as one that starts again and again, does not take the place of one that was used.
      if (isAnother && header && (former === null || isUsed(live)))
        store.setState({ former: { header, span: newestOf(live, MOST_FORMER_EVENTS) } })
      live = createPast(lab)
      store.setState({ loaded: true })
      if (!recorded) show(lab)
    },
    enqueue(events) {
      live.append(events)
    },
    prepend(base, events) {
      if (!live.prepend(base, events)) return false
      const { lab, step } = store.getState()
      if (!recorded) show(lab, step)
      return true
    },
    advance(now) {
      const number = past().history.numberAt(now)
      if (!canWait(number, now)) showEvent(number)
    },
    showEvent,
    connect(next) {
      connection = next
      if (next.phase === 'live') {
        const { lab, beganAt, lastLab } = next
        store.setState({ header: { lab, beganAt }, lastLab: offerOf(lastLab) })
      }
      if (!recorded) store.setState({ connection })
    },
    look(recording) {
      recorded = recording?.past ?? null
      chosen = null
      const { history } = past()
      store.setState({
        connection: recording ? { phase: 'recording' } : connection,
        recording: recording && recordingOf(recording),
        cursor: null,
        span: null,
      })
      if (recording) store.setState({ loaded: true })
      show(recording ? history.base : history.state)
    },
    select(selection) {
      chosen = selection
      store.setState({ selection })
    },
    point(cursor) {
      if (cursor !== store.getState().cursor) store.setState({ cursor })
    },
    say(line) {
      store.setState(({ localLines }) => ({ localLines: [...localLines, line].slice(-MAX_LOCAL_LINES) }))
    },
  }
}

/** Without its past, which the page's state does not hold. */
const recordingOf = ({ past: _, ...recording }: OpenRecording & { readonly past: Past }): OpenRecording => recording

/** Whether anything was said or done in it. */
function isUsed({ history }: Past): boolean {
  const { messages, commands } = history.state
  return messages.length > 0 || commands.length > 0
}

/** A new network has none of what was selected before. */
function stillThere(selection: Selection | null, lab: LabState, trace: Trace): Selection | null {
  switch (selection?.kind) {
    case 'node':
      return lab.nodes[selection.id] ? selection : null
    case 'message':
      return lab.places[selection.origin]?.[selection.seq] === undefined ? null : selection
    case 'datagram':
      return trace.datagram(selection.id) ? selection : null
    case 'link':
      return lab.nodes[selection.a] && lab.nodes[selection.b] ? selection : null
    case 'held':
      return lab.held[selection.number] ? selection : null
    case undefined:
      return null
  }
}
