/** What the page shows: the lab as of the time that is shown, and what its person has chosen. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { LabEvent } from '../../shared/event.ts'
import type { Origin } from '../../shared/gossip/origin.ts'
import { EMPTY_LAB, fold, type LabState } from '../../shared/lab-state.ts'
import type { Connection } from '../live/connection.ts'
import { createTrace, type Trace } from './trace.ts'

/** Events that wait for their time; past it they are shown early, because a page that was asleep must not hoard. */
export const MAX_WAITING_EVENTS = 50_000

const MAX_LOCAL_LINES = 100

export type Selection =
  | { readonly kind: 'node'; readonly id: number }
  | { readonly kind: 'message'; readonly origin: Origin; readonly seq: number }
  /** By number of the event that sent it. */
  | { readonly kind: 'datagram'; readonly arrow: number }
  | { readonly kind: 'link'; readonly a: number; readonly b: number }

/** What this console alone says: a line that could not be read or could not be sent. */
export interface LocalLine {
  readonly after: number
  readonly line: string
  readonly error: string
}

export interface PageState {
  readonly connection: Connection
  /** Whether any state has come yet. */
  readonly loaded: boolean
  readonly lab: LabState
  readonly selection: Selection | null
  /** The instant that somebody points at, in ms of the lab: every view marks it. */
  readonly cursor: number | null
  readonly localLines: readonly LocalLine[]
  /** The console's drawer is open. */
  readonly drawer: boolean
}

export interface PageStore extends StoreApi<PageState> {
  readonly trace: Trace
  snapshot(state: LabState): void
  /** Events to come; they are folded in when the time that is shown has got to them. */
  enqueue(events: readonly LabEvent[]): void
  /** Folds in what happened up to `now`, in ms of the lab. */
  advance(now: number): void
  select(selection: Selection | null): void
  point(cursor: number | null): void
  /** Adds to what this console alone says. */
  say(line: LocalLine): void
}

export function createPageStore(): PageStore {
  const trace = createTrace()
  let waiting: LabEvent[] = []
  const store = createStore<PageState>(() => ({
    connection: { phase: 'connecting' },
    loaded: false,
    lab: EMPTY_LAB,
    selection: null,
    cursor: null,
    localLines: [],
    drawer: false,
  }))

  function takeIn(events: readonly LabEvent[]) {
    if (events.length === 0) return
    const { lab: before, selection } = store.getState()
    const lab = fold(before, events)
    trace.take(events, lab)
    store.setState({ lab, selection: stillThere(selection, lab, trace) })
  }

  return {
    ...store,
    trace,
    snapshot(lab) {
      waiting = []
      trace.restart(lab)
      store.setState(({ selection }) => ({ lab, loaded: true, selection: stillThere(selection, lab, trace) }))
    },
    enqueue(events) {
      waiting.push(...events)
      if (waiting.length > MAX_WAITING_EVENTS) takeIn(waiting.splice(0, waiting.length - MAX_WAITING_EVENTS))
    },
    advance(now) {
      const later = waiting.findIndex(({ at }) => at > now)
      takeIn(waiting.splice(0, later < 0 ? waiting.length : later))
    },
    select(selection) {
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

/** A new network has none of what was selected before. */
function stillThere(selection: Selection | null, lab: LabState, trace: Trace): Selection | null {
  switch (selection?.kind) {
    case 'node':
      return lab.nodes[selection.id] ? selection : null
    case 'message':
      return lab.places[selection.origin]?.[selection.seq] === undefined ? null : selection
    case 'datagram':
      return trace.arrow(selection.arrow) ? selection : null
    case 'link':
      return lab.nodes[selection.a] && lab.nodes[selection.b] ? selection : null
    case undefined:
      return null
  }
}
