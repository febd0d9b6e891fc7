/** Keeps the state of the page: the lab at the time on screen, and the person's choices. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { LabEvent } from '../../shared/model/event.ts'
import { fold } from '../../shared/model/fold.ts'
import { EMPTY_LAB, type LabState } from '../../shared/model/lab-state.ts'
import type { Trace } from '../../shared/model/trace.ts'
import type { RecordingHeader } from '../../shared/wire/recording.ts'
import { type Delivery, deliveryAfter } from '../model/delivery.ts'
import { newestOf, type Span as Recorded } from '../model/event-span.ts'
import type { Selection } from '../model/selection.ts'
import { createPast, type Past } from '../model/time/past.ts'
import type { Mode } from '../model/time/playhead.ts'
import type { Span } from '../model/time/span.ts'
import type { Trouble } from '../model/trouble.ts'
import { type LastLabOffer, offerOf } from './last-lab.ts'
import type { Connection } from './live/connection.ts'

const MAX_LOCAL_LINES = 100

/** A line of this console alone, which could not be parsed or sent. */
export interface LocalLine {
  readonly after: number
  readonly line: string
  readonly error: string
}

/** The view's binding to a lab: by its connection, or to a recording and to no lab at all. */
export type ViewSource = Connection | { readonly phase: 'recording' }

/** Whether there are events before the first instant that can be shown: none, some in the lab, or some forgotten. */
export type Beginning = 'all' | 'more' | 'forgotten'

/** Identifies a run of a lab, and says when it began. */
export type LabHeader = Pick<RecordingHeader, 'lab' | 'beganAt' | 'opensAt'>

/** A recording on screen. */
export interface OpenRecording {
  readonly name: string
  readonly header: LabHeader
  /** Reason why it could be opened only so far. */
  readonly note: string | null
  /** The instant at which it was opened, in words. */
  readonly opened?: string
}

export interface PageState {
  readonly connection: ViewSource
  /** Whether any state has come yet. */
  readonly loaded: boolean
  readonly lab: LabState
  readonly selection: Selection | null
  /** The instant under the pointer, in ms of the lab: every view highlights it. */
  readonly cursor: number | null
  /** The last datagram that was released or dropped by hand: the views highlight the changes since. */
  readonly step: Delivery | null
  readonly localLines: readonly LocalLine[]
  /** Whether the console's drawer is open. */
  readonly drawer: boolean
  /** Whether the panel of a node shows its process and counters too. */
  readonly nodeDetails: boolean
  /** The state of the view's time, and its speed. See `player.ts`. */
  readonly mode: Mode
  readonly speed: number
  readonly beginning: Beginning
  readonly recording: OpenRecording | null
  /** The lab that the page was last connected to; null before the first. */
  readonly header: LabHeader | null
  /** A lab that the page was connected to before this one, as far as the page keeps it; null if there was none. */
  readonly former: { readonly header: LabHeader; readonly span: Recorded } | null
  /** The automatic recording of the previous lab; null if there is none, and for viewers. */
  readonly lastLab: LastLabOffer | null
  /** A problem that the page reports once, such as a file that could not be opened. */
  readonly notice: Trouble | null
  /** Number of findings about programs at the instant on screen. */
  readonly findings: number
  /** Length of the past that space-time shows at real speed, in ms. See `zoom.ts`. */
  readonly windowMs: number
  /** The chosen span of the past. */
  readonly span: Span | null
  /** The framed run, and the previous `windowMs`. See `timeline/framing.ts`. */
  readonly framed: (Span & { readonly windowMs: number }) | null
}

export interface PageStore extends StoreApi<PageState> {
  /** The past on screen: the lab's, or a recording's. */
  readonly past: Past
  /** The lab's, also while a recording is on screen. */
  readonly live: Past
  readonly trace: Trace
  /** The newest events on screen, oldest first; the node's panel shows its counters as of then. */
  readonly events: readonly LabEvent[]
  /** Takes another lab's state: the past of the lab before becomes `former`. */
  snapshot(state: LabState, isAnother?: boolean): void
  /** Takes the lab's next events; each is shown when the view's time has reached it. */
  enqueue(events: readonly LabEvent[]): void
  /** Prepends events. Returns false when they do not connect. */
  prepend(base: LabState, events: readonly LabEvent[]): boolean
  /** Shows the lab at `now`, in ms of the lab, or right after an event. */
  advance(now: number): void
  showEvent(number: number): void
  /** The connection to the lab, which goes on also behind a recording. */
  connect(connection: Connection): void
  /** Shows a recording, or the lab again. */
  look(recording: (OpenRecording & { readonly past: Past }) | null): void
  select(selection: Selection | null): void
  point(cursor: number | null): void
  /** Adds to the lines of this console alone. */
  say(line: LocalLine): void
}

/** The past of a restarted lab, some 10 MB, until somebody saves or dismisses it. */
export const MOST_FORMER_EVENTS = 50_000

const MAX_LISTED_EVENTS = 10_000

/** Number of events beyond which the state comes from a checkpoint and not from further folding. */
const FOLD_AT_MOST = 5_000

/** In ms of people: the window in which events are counted, and the interval of states if there are more than this. */
const COUNTED_OVER_MS = 250
const RHYTHMS = [
  { above: 400, everyMs: 100 },
  { above: 60, everyMs: 33 },
]

/** `misread` is called for an event of the lab that the page cannot apply. */
export function createPageStore(misread: (error: unknown) => void = () => {}): PageStore {
  let live = createPast(EMPTY_LAB)
  let recorded: Past | null = null
  let connection: Connection = { phase: 'connecting' }
  /** Returns the selection; null while its subject does not exist yet or no longer. */
  let chosen: Selection | null = null
  /** Number of the event that began the network on screen; 0 when unknown. */
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
    findings: 0,
  }))

  function show(lab: LabState, step: Delivery | null = null) {
    const { trace } = past()
    trace.show(lab.last, lab.at)
    const before = store.getState()
    const selection = stillThere(chosen, lab, trace)
    if (before.selection && !selection && lab.last > before.lab.last) chosen = null
    // A network has begun since the last state, or the view went back before its beginning: the selection belongs to
    // another one.
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
   * Under load, a live view skips frames of the state: datagrams must move evenly, and a click in a burst must be
   * answered in between.
   */
  function canWait(number: number, now: number): boolean {
    const { lab, mode, speed } = store.getState()
    if (mode !== 'live' || now < lab.at) return false
    const events = number - past().history.numberAt(now - COUNTED_OVER_MS * speed)
    const everyMs = RHYTHMS.find(({ above }) => events > above)?.everyMs ?? 0
    return now - lab.at < everyMs * speed
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
      // An unused lab, such as one that restarts again and again, does not replace one that was used.
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

/** Without its past, which the page's state does not contain. */
const recordingOf = ({ past: _, ...recording }: OpenRecording & { readonly past: Past }): OpenRecording => recording

/** Returns whether it had any message or action. */
function isUsed({ history }: Past): boolean {
  const { messages, commands } = history.state
  return messages.length > 0 || commands.length > 0
}

/** A new network has nothing that was selected before. */
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
