/**
 * Every datagram with its end, and the events that begin or end a lane, over the whole history: recorded as they come
 * in, so that going back and forth computes nothing again. Its getters end at the event on screen; a datagram may
 * contain its own end beyond it, and is drawn and described as of the time on screen. The canvases read it each frame,
 * so it is changed in place and is no part of the page's state.
 */

import type { EventOf, LabEvent } from './event.ts'
import type { LabSettings } from './lab-settings.ts'
import type { Datagram, LabState } from './lab-state.ts'
import { GATE_AT, type LostWhy } from './losses.ts'
import { countWhile } from './search.ts'

/** Length of the past that the pictures of time show, in ms of the lab. */
export const TRACE_MS = 120_000
const MAX_SHOWN_DATAGRAMS = 20_000
const MAX_SHOWN_MARKS = 2_000

/** The receiver's comparison of a status with its own, as it reported it. */
export interface Consequence {
  readonly verdict: EventOf<'compared'>['verdict']
  /** The receiver's coin flips for it: the port to which the message went on, or null. */
  readonly coins: readonly EventOf<'coin'>[]
}

export interface TracedDatagram extends Datagram {
  arrivesAt: number
  receivedAt: number | null
  /** Number of its arrival event. */
  receivedIn: number | null
  lostAt: number | null
  lostWhy: LostWhy | null
  consequence: Consequence | null
  /** The first bytes of a datagram of a program, in base64. */
  readonly head?: string
}

export interface Mark {
  /** Number of its event. */
  readonly n: number
  readonly at: number
  readonly node: number
  readonly kind: 'ended' | 'running' | 'silent' | 'stored'
  readonly text: string
}

export interface Trace {
  /** Recently sent ones up to the event on screen, in order of sending. */
  readonly datagrams: readonly TracedDatagram[]
  readonly marks: readonly Mark[]
  /** By number of the `sent` event; undefined if its network is not on screen, or not yet. */
  datagram(number: number): TracedDatagram | undefined
  /** Takes events that come after all earlier ones. */
  take(events: readonly LabEvent[]): void
  /** Number of the event that began the network on screen; 0 when unknown. */
  readonly network: number
  /** Moves to an event: the getters now return datagrams and marks up to it; `time` is its time, in ms of the lab. */
  show(number: number, time: number): void
  /** Forgets everything before an event. */
  forget(before: number): void
}

/** The end of a datagram is unknown. */
export const NO_END = { receivedAt: null, receivedIn: null, lostAt: null, lostWhy: null, consequence: null } as const

/** Begins with a state whose history is unknown. */
export function createTrace(base: LabState): Trace {
  const datagrams: TracedDatagram[] = []
  let marks: Mark[] = []
  /** Numbers of the events that began a new network: it has no datagrams of the one before. */
  let networks: number[] = []
  let settings: Pick<LabSettings, 'n' | 'rootId'> | null = base.settings
  let shown = { number: base.last, time: base.at }
  let window: { readonly datagrams: readonly TracedDatagram[]; readonly marks: readonly Mark[] } | null = null
  const byNumber = new Map<number, TracedDatagram>()
  /** By receiver and sender: the status of the next `compared`. */
  const lastHeard = new Map<string, TracedDatagram>()
  const lastCompared = new Map<number, TracedDatagram>()

  function add(datagram: Datagram & Pick<TracedDatagram, 'head'>): TracedDatagram {
    const traced: TracedDatagram = { ...datagram, ...NO_END }
    datagrams.push(traced)
    byNumber.set(datagram.id, traced)
    return traced
  }

  function mark({ n, at }: Pick<LabEvent, 'n' | 'at'>, node: number, kind: Mark['kind'], text: string) {
    marks.push({ n, at, node, kind, text })
  }

  function send(event: EventOf<'sent'>) {
    const { n, node, at, to, why, bytes, delayMs, content, fate, head } = event
    if (!settings || node >= settings.n) return
    const from = settings.rootId + node
    const sent = { id: n, from, to, sentAt: at, arrivesAt: at + delayMs, why, bytes, content }
    const traced = add(head === undefined ? sent : { ...sent, head })
    // It ended at its sender's gate, and is drawn half-way.
    if (fate !== undefined) Object.assign(traced, { lostAt: at + delayMs * GATE_AT, lostWhy: fate })
  }

  function receive({ n, node, from, datagram, at }: EventOf<'received'>) {
    const traced = datagram === null ? undefined : byNumber.get(datagram)
    if (!traced) return
    traced.receivedAt = at
    traced.receivedIn = n
    if (traced.content.kind === 'status') lastHeard.set(`${node} ${from}`, traced)
  }

  /** An unknown end counts as an arrival: a cross would claim a loss. */
  function lose(traced: TracedDatagram, { at, why }: EventOf<'lost'>) {
    traced.lostWhy = why
    if (why === 'unreported') traced.receivedAt = traced.arrivesAt
    else traced.lostAt = at
  }

  function apply(event: LabEvent) {
    switch (event.type) {
      case 'network':
        networks.push(event.n)
        lastHeard.clear()
        lastCompared.clear()
        settings = event.settings
        break
      case 'settings':
        settings = event.settings
        break
      case 'sent':
        send(event)
        break
      case 'received':
        receive(event)
        break
      case 'lost': {
        const traced = byNumber.get(event.datagram)
        if (traced) lose(traced, event)
        break
      }
      case 'airborne': {
        const traced = byNumber.get(event.datagram)
        if (traced) traced.arrivesAt = event.at + event.delayMs
        break
      }
      case 'rejected': {
        const traced = event.datagram === undefined ? undefined : byNumber.get(event.datagram)
        if (traced) Object.assign(traced, { lostAt: event.at, lostWhy: 'refused' })
        break
      }
      case 'compared': {
        const traced = lastHeard.get(`${event.node} ${event.with}`)
        if (!traced) break
        traced.consequence = { verdict: event.verdict, coins: [] }
        lastCompared.set(event.node, traced)
        break
      }
      case 'coin': {
        const traced = lastCompared.get(event.node)
        if (traced?.consequence)
          traced.consequence = { ...traced.consequence, coins: [...traced.consequence.coins, event] }
        break
      }
      case 'silent':
        lastCompared.delete(event.node)
        mark(event, event.node, 'silent', 'ack timeout')
        break
      case 'stored':
        // Without its datagram, a copy in a chat log is a point in time.
        if (event.from === null || event.inferred) mark(event, event.node, 'stored', event.text)
        break
      case 'running':
        mark(event, event.node, 'running', 'starts')
        break
      case 'ended':
        mark(event, event.node, 'ended', ENDINGS[event.end.how])
        break
      default:
    }
  }

  /** Number of the event that began the network on screen. */
  const networkShown = () => networks[countWhile(networks, (n) => n <= shown.number) - 1] ?? 0

  function look() {
    const { number, time } = shown
    const network = networkShown()
    const isOld = ({ id, sentAt }: TracedDatagram) => id < network || sentAt < time - TRACE_MS
    const end = countWhile(datagrams, ({ id }) => id <= number)
    const start = Math.max(countWhile(datagrams, isOld), end - MAX_SHOWN_DATAGRAMS)
    const markEnd = countWhile(marks, ({ n }) => n <= number)
    const markStart = Math.max(
      countWhile(marks, ({ n }) => n < network),
      markEnd - MAX_SHOWN_MARKS,
    )
    return { datagrams: datagrams.slice(start, end), marks: marks.slice(markStart, markEnd) }
  }

  for (const datagram of Object.values(base.inFlight)) add(datagram)
  for (const { id, end, endedAt } of base.nodes)
    if (end && endedAt !== null) mark({ n: base.last, at: endedAt }, id, 'ended', ENDINGS[end.how])

  return {
    get datagrams() {
      window ??= look()
      return window.datagrams
    },
    get marks() {
      window ??= look()
      return window.marks
    },
    get network() {
      return networkShown()
    },
    datagram(number) {
      return number <= shown.number && number > networkShown() ? byNumber.get(number) : undefined
    },
    take(events) {
      for (const event of events) apply(event)
      window = null
    },
    show(number, time) {
      if (number === shown.number) return
      shown = { number, time }
      window = null
    },
    forget(before) {
      const old = countWhile(datagrams, ({ id }) => id < before)
      for (const { id } of datagrams.splice(0, old)) byNumber.delete(id)
      marks = marks.filter(({ n }) => n >= before)
      networks = networks.filter((n) => n >= before)
      window = null
    },
  }
}

const ENDINGS = { crashed: 'crashes', stopped: 'stops', killed: 'is killed', failed: 'fails' }
