/**
 * What happened lately, for the pictures of time: every datagram with its end, and what ended or began a lane. The
 * canvases read it each frame, so it is changed in place and is no part of the page's state.
 */
import type { EventOf, LabEvent } from '../../shared/event.ts'
import type { Fate } from '../../shared/fault.ts'
import type { Arrow, LabState } from '../../shared/lab-state.ts'
import { GATE_AT } from '../stage/flight.ts'

/** How long a datagram is remembered after it was sent, in ms of the lab. */
export const TRACE_MS = 120_000
const MAX_TRACED_ARROWS = 20_000
const MAX_MARKS = 2_000
const MAX_EVENTS = 10_000

/** What the receiver made of a status, as it reported it. */
export interface Consequence {
  readonly verdict: EventOf<'compared'>['verdict']
  /** The coins it tossed for it: port the message went on to, or null. */
  readonly coins: readonly EventOf<'coin'>[]
}

/** Also what its sender's gate did to it, and that its receiver would not take it. */
export type LostWhy = EventOf<'lost'>['why'] | Fate | 'refused'

export interface TracedArrow extends Arrow {
  arrivesAt: number
  receivedAt: number | null
  lostAt: number | null
  lostWhy: LostWhy | null
  consequence: Consequence | null
}

export interface Mark {
  readonly at: number
  readonly node: number
  readonly kind: 'ended' | 'running' | 'silent' | 'stored'
  readonly text: string
}

export interface Trace {
  /** In the order in which they were sent. */
  readonly arrows: readonly TracedArrow[]
  readonly marks: readonly Mark[]
  /** The newest events, oldest first. */
  readonly events: readonly LabEvent[]
  arrow(number: number): TracedArrow | undefined
  /** Takes events after they were folded into `lab`. */
  take(events: readonly LabEvent[], lab: LabState): void
  /** Begins anew from a state of which the history is not known. */
  restart(lab: LabState): void
}

export function createTrace(): Trace {
  let arrows: TracedArrow[] = []
  let marks: Mark[] = []
  let events: LabEvent[] = []
  const byNumber = new Map<number, TracedArrow>()
  /** By receiver and sender: the status that the next `compared` is about. */
  const lastHeard = new Map<string, TracedArrow>()
  const lastCompared = new Map<number, TracedArrow>()

  function add(arrow: Arrow): TracedArrow {
    const traced: TracedArrow = { ...arrow, receivedAt: null, lostAt: null, lostWhy: null, consequence: null }
    arrows.push(traced)
    byNumber.set(arrow.arrow, traced)
    return traced
  }

  function mark(at: number, node: number, kind: Mark['kind'], text: string) {
    marks.push({ at, node, kind, text })
  }

  function send(event: EventOf<'sent'>, lab: LabState) {
    const { n, node, at, to, why, bytes, delayMs, content, fate } = event
    const from = lab.nodes[node]?.port
    if (from === undefined) return
    const traced = add({ arrow: n, from, to, sentAt: at, arrivesAt: at + delayMs, why, bytes, content })
    // It ended at its sender's gate; to be seen it gets half-way.
    if (fate !== undefined) Object.assign(traced, { lostAt: at + delayMs * GATE_AT, lostWhy: fate })
  }

  function receive({ node, from, arrow, at }: EventOf<'received'>) {
    const traced = arrow === null ? undefined : byNumber.get(arrow)
    if (!traced) return
    traced.receivedAt = at
    if (traced.content.kind === 'status') lastHeard.set(`${node} ${from}`, traced)
  }

  /** Where nobody can tell, it counts as arrived: a cross would claim what nobody knows. */
  function lose(traced: TracedArrow, { at, why }: EventOf<'lost'>) {
    traced.lostWhy = why
    if (why === 'unreported') traced.receivedAt = traced.arrivesAt
    else traced.lostAt = at
  }

  function apply(event: LabEvent, lab: LabState) {
    switch (event.type) {
      case 'network':
        clear()
        break
      case 'sent':
        send(event, lab)
        break
      case 'received':
        receive(event)
        break
      case 'lost': {
        const traced = byNumber.get(event.arrow)
        if (traced) lose(traced, event)
        break
      }
      case 'airborne': {
        const traced = byNumber.get(event.arrow)
        if (traced) traced.arrivesAt = event.at + event.delayMs
        break
      }
      case 'dropped': {
        const traced = event.arrow === undefined ? undefined : byNumber.get(event.arrow)
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
        mark(event.at, event.node, 'silent', 'ack timeout')
        break
      case 'stored':
        if (event.from === null) mark(event.at, event.node, 'stored', event.text)
        break
      case 'running':
        mark(event.at, event.node, 'running', `${event.node} starts`)
        break
      case 'ended':
        mark(event.at, event.node, 'ended', `${event.node} ${ENDINGS[event.end.how]}`)
        break
      default:
    }
  }

  function clear() {
    arrows = []
    marks = []
    events = []
    byNumber.clear()
    lastHeard.clear()
    lastCompared.clear()
  }

  function forget(before: number) {
    const keep = arrows.findIndex(({ sentAt }) => sentAt >= before)
    const old = Math.max(keep < 0 ? arrows.length : keep, arrows.length - MAX_TRACED_ARROWS)
    // Not with every batch: cutting off the head of an array costs as much as what stays.
    if (old < 1_000 && old < arrows.length / 4) return
    for (const { arrow } of arrows.splice(0, old)) byNumber.delete(arrow)
    marks = marks.filter(({ at }) => at >= before).slice(-MAX_MARKS)
  }

  return {
    get arrows() {
      return arrows
    },
    get marks() {
      return marks
    },
    get events() {
      return events
    },
    arrow: (number) => byNumber.get(number),
    take(fresh, lab) {
      for (const event of fresh) {
        apply(event, lab)
        // How much a node has counted by now is told in its panel.
        if (event.type !== 'counters') events.push(event)
      }
      if (events.length > 1.2 * MAX_EVENTS) events = events.slice(-MAX_EVENTS)
      forget(lab.at - TRACE_MS)
    },
    restart(lab) {
      clear()
      for (const arrow of Object.values(lab.inFlight)) add(arrow)
      for (const { id, end, endedAt } of lab.nodes)
        if (end && endedAt !== null) mark(endedAt, id, 'ended', `${id} ${ENDINGS[end.how]}`)
    },
  }
}

const ENDINGS = { crashed: 'crashes', stopped: 'stops', killed: 'is killed', failed: 'fails' }
