/**
 * Follows each datagram from its sender to its receiver or its loss. A loss gets a cause only if something shows it:
 * the life of the receiver, or the counter of its socket. Otherwise the cause is unknown, or it is unknown whether
 * there was a loss at all.
 */

import type { EventOf, LabFact, LossReason, NodeReport } from '../model/event.ts'
import type { LabSettings } from '../model/lab-settings.ts'
import type { Datagram, LabState } from '../model/lab-state.ts'
import { DatagramMatcher, type Open } from './datagram-matcher.ts'
import { type Life, Lives } from './lives.ts'
import type { UdpSocket, UdpSockets } from './node-host.ts'
import { Sampling } from './sampling.ts'

/** Time that the report of a datagram's arrival waits for the report of its sending, in ms. */
export const MATCH_PATIENCE_MS = 500
/** Time after its due arrival at which a datagram counts as lost, in ms. */
export const LOST_AFTER_MS = 2_000

type ReportOf<Type extends NodeReport['type']> = Extract<NodeReport, { type: Type }>

/** The fields of an arrival that identify its datagram. */
type Arrival = Pick<ReportOf<'received'>, 'from' | 'hash' | 'delayId'>

/**
 * Time after a datagram's due arrival for which its receiver must have been seen running before the datagram counts as
 * lost, in ms.
 */
const SEEN_TO_RUN_MS = 1_000

export interface DeliveriesOptions {
  readonly sockets: Pick<UdpSockets, 'at'>
  /** Returns whether a program outside the lab has a UDP port. */
  readonly isStranger: (port: number) => Promise<boolean>
  /** Returns the time after an instant for which a node has been seen running without a pause, in ms. */
  readonly responsiveFor: (node: number, since: number) => number
  /** Reports a lost datagram, at a time of the lab; now by default. */
  readonly onLost: (datagram: number, why: LossReason, at?: number) => void
}

export class Deliveries {
  readonly #options: DeliveriesOptions
  readonly #matcher = new DatagramMatcher()
  readonly #lives = new Lives()
  readonly #sampling = new Sampling()
  /** By port: drops of a socket that are already the cause of a loss. */
  readonly #explained = new Map<number, UdpSocket>()
  #settings: LabSettings | undefined

  constructor(options: DeliveriesOptions) {
    this.#options = options
  }

  /** Continues from a state. `hashOf` is called for each datagram in flight. */
  resume({ settings, nodes, inFlight }: LabState, hashOf: (datagram: Datagram) => number) {
    this.#settings = settings ?? undefined
    for (const { id, startedAt, endedAt, end } of nodes) {
      if (startedAt === null) continue
      this.#lives.start(id, startedAt, true)
      this.#lives.listen(id, startedAt)
      if (end) this.#lives.end(id, endedAt ?? startedAt, end.how)
    }
    for (const datagram of Object.values(inFlight)) {
      const { id, from, sentAt, arrivesAt, ...sent } = datagram
      const event = { ...sent, n: id, at: sentAt, type: 'sent', delayMs: arrivesAt - sentAt } as const
      this.send({ ...event, node: from - this.#portOf(0) }, hashOf(datagram))
    }
  }

  /** Takes a fact of the lab. */
  note(fact: LabFact, at: number) {
    switch (fact.type) {
      case 'network':
        this.#matcher.clear()
        this.#lives.clear()
        this.#sampling.clear()
        this.#explained.clear()
        this.#settings = fact.settings
        break
      case 'settings':
        this.#settings = fact.settings
        break
      case 'starting':
        // A gate reports the datagrams of a program.
        this.#lives.start(fact.node, at, fact.program === undefined || fact.gate === true)
        this.#sampling.forget(fact.node)
        break
      case 'running':
        this.#lives.listen(fact.node, at)
        break
      case 'ended':
        this.#lives.end(fact.node, at, fact.end.how)
        this.#sampling.forget(fact.node)
        for (const open of this.#matcher.take(({ to }) => to === this.#portOf(fact.node)))
          this.#options.onLost(open.datagram, this.#reasonAtEnd(open, fact.node), at)
        break
      default:
    }
  }

  /** Notes that a node's socket takes datagrams from `at` on. */
  listen(node: number, at: number) {
    this.#lives.listen(node, at)
  }

  /** Notes that a node reports one datagram in `every` from `at` on. */
  sample(node: number, every: number, at: number) {
    this.#sampling.note(node, every, at)
  }

  /** Takes a datagram that left its sender. */
  send(event: EventOf<'sent'>, hash: number) {
    const { n, at, to, delayMs } = event
    const receiver = this.#nodeAt(to)
    const endedAt = receiver === undefined ? undefined : this.#lives.of(receiver, at)?.endedAt
    if (endedAt !== undefined && endedAt <= at) void this.#loseToPort(n, to)
    // Its sender reported it late.
    else if (endedAt !== undefined && endedAt < at + delayMs) this.#options.onLost(n, 'gone', at)
    else if (!this.#matcher.send(this.#portOf(event.node), hash, event)) this.#options.onLost(n, 'unreported', at)
  }

  /** Returns the number of the event that sent a received datagram; undefined when it is not known (yet). */
  receive(arrival: Arrival, node: number, at: number): number | undefined {
    return this.#matcher.receive(arrival, this.#portOf(node), at, this.#reportsSince(arrival, node, at))
  }

  /** Does the same for a datagram that has reached its receiver, which keeps it in the air for `delayMs` more. */
  matchDelayed(arrival: Arrival, node: number, at: number, delayMs: number): number | undefined {
    return this.#matcher.matchDelayed(arrival, this.#portOf(node), at, this.#reportsSince(arrival, node, at), delayMs)
  }

  /**
   * Returns whether, at `until`, the sending of a datagram that arrived at `at` may still be reported: strangers, and
   * programs of others without a gate, never report, and dead nodes have reported everything.
   */
  mayBeReported(from: number, at: number, until: number): boolean {
    const sender = this.#nodeAt(from)
    if (sender === undefined || until >= at + MATCH_PATIENCE_MS) return false
    const life = this.#lives.of(sender, at)
    return life?.reports === true && life.endedAt === Number.POSITIVE_INFINITY
  }

  /** Gives up overdue datagrams. Scans all datagrams in flight. */
  giveUp(until: number) {
    const unexplained = new Map<number, Open[]>()
    for (const open of this.#matcher.take((open) => this.#isOver(open, until))) {
      const why = this.#reasonOf(open)
      const alike = unexplained.get(open.to)
      if (why !== undefined) this.#options.onLost(open.datagram, why, until)
      else if (alike) alike.push(open)
      else unexplained.set(open.to, [open])
    }
    for (const [port, lost] of unexplained) void this.#explain(port, lost)
  }

  #isOver({ to, sentAt, arrivesAt }: Open, until: number): boolean {
    const node = this.#nodeAt(to)
    if (node === undefined) return until > arrivesAt + LOST_AFTER_MS
    const life = this.#lives.of(node, sentAt)
    if (!life?.reports || life.endedAt < Number.POSITIVE_INFINITY) return until > arrivesAt + MATCH_PATIENCE_MS
    // The node itself reports when it began to listen.
    if (sentAt < life.listensAt) return until > Math.max(arrivesAt, life.listensAt) + MATCH_PATIENCE_MS
    // A datagram in the queue of a node that is stopped, or gets no processor, is not lost.
    const isSeen = this.#options.responsiveFor(node, arrivesAt) >= SEEN_TO_RUN_MS
    return until > arrivesAt + LOST_AFTER_MS && isSeen
  }

  /** Returns why a datagram is lost; undefined if only the counter of the receiver's socket may tell. */
  #reasonOf(open: Open): LossReason | undefined {
    const node = this.#nodeAt(open.to)
    if (node === undefined) return 'unreported'
    const life = this.#lives.of(node, open.sentAt)
    if (life?.reports === false && life.endedAt === Number.POSITIVE_INFINITY) return 'unreported'
    if (!life || open.sentAt < life.listensAt) return 'early'
    if (life.endedAt < Number.POSITIVE_INFINITY) return this.#reasonAtEnd(open, node)
    return open.hash % this.#sampling.sparsestSince(node, open.sentAt) === 0 ? undefined : 'unreported'
  }

  /** Returns why a datagram in flight did not arrive when its receiver ended. */
  #reasonAtEnd({ sentAt, arrivesAt }: Open, node: number): LossReason {
    const life = this.#lives.of(node, sentAt)
    if (!life || sentAt < life.listensAt) return 'early'
    return arrivesAt > life.endedAt || reportsAll(life) ? 'gone' : 'unreported'
  }

  /** Reports a datagram to a receiver that has ended. Another program may listen on the port now. */
  async #loseToPort(datagram: number, port: number) {
    const isStranger = await this.#options.isStranger(port)
    this.#options.onLost(datagram, isStranger ? 'unreported' : 'gone')
  }

  /** Reports losses at one port. Each drop that the system has counted there is the cause of one of them. */
  async #explain(port: number, lost: readonly Open[]) {
    const socket = await this.#options.sockets.at(port)
    const known = this.#explained.get(port)
    let explained = socket?.inode === known?.inode ? (known?.drops ?? 0) : 0
    for (const { datagram } of lost) {
      const isDrop = socket !== undefined && explained < socket.drops
      if (isDrop) explained += 1
      this.#options.onLost(datagram, isDrop ? 'overflow' : 'unknown')
    }
    if (socket) this.#explained.set(port, { inode: socket.inode, drops: explained })
  }

  /** Returns the time since which the node has reported all datagrams with this hash. */
  #reportsSince({ hash }: Arrival, node: number, at: number): number {
    const listensAt = this.#lives.of(node, at)?.listensAt ?? Number.NEGATIVE_INFINITY
    return Math.max(listensAt, this.#sampling.leftOutUntil(node, hash))
  }

  #portOf(node: number): number {
    return (this.#settings?.rootId ?? 0) + node
  }

  /** Returns the lab's node on a UDP port. */
  #nodeAt(port: number): number | undefined {
    if (!this.#settings) return undefined
    const node = port - this.#settings.rootId
    return node >= 0 && node < this.#settings.n ? node : undefined
  }
}

/** A node that crashes by command has reported all that it received; a kill discards its last reports. */
const reportsAll = ({ how, reports }: Life): boolean => reports && how === 'crashed'
