/** Follows a network from event to event, as far as findings need it: less, and faster, than the fold of its state. */
import type { Origin } from '../gossip/origin.ts'
import type { MessageId } from '../model/content.ts'
import type { EventOf, LabEvent } from '../model/event.ts'
import { changeLinks, conditionOf, type LinkConditions, wayOf } from '../model/fault.ts'
import type { LabSettings } from '../model/lab-settings.ts'
import type { LabState, NodeState } from '../model/lab-state.ts'
import { UNKNOWN_PORT } from '../model/names.ts'
import { neighboursOf } from '../model/topology.ts'

export interface KnownNode {
  readonly id: number
  isProgram: boolean
  isRunning: boolean
  hasEnded: boolean
  /** Number of the event that began its life. */
  life: number
  /** Whether the lab knows each datagram that it sends and receives. */
  isVisible: boolean
  /** Time since which it has run and answered, in ms; Infinity while it does not. */
  steadySince: number
}

export interface KnownMessage extends MessageId {
  readonly text: string
  /** By node that has it now: when it first had it, in ms. */
  readonly holders: Map<number, number>
}

/** Anti-entropy period that a program is expected to have, in ms: that of the report. */
export const PROGRAM_PERIOD_MS = 10_000

/** Factor of all times that a node gets while the machine is too busy for a program. */
const PATIENCE_WHEN_BUSY = 4

export class KnownNetwork {
  readonly #programPeriodMs: number
  #settings: LabSettings | null
  #links: LinkConditions
  #timersHeld: boolean
  #neighbours: readonly (readonly number[])[] = []
  /** Time of the last change of links or timers, in ms. */
  #changedAt = 0
  nodes: KnownNode[]
  /** Nodes for which the machine is too busy, and when it last was for any, in ms. */
  readonly #overloaded = new Set<number>()
  #busyUntil = Number.NEGATIVE_INFINITY
  /** By origin and sequence number. */
  readonly #messages = new Map<Origin, Map<number, KnownMessage>>()
  /** Number of the event that began it; 0 when unknown. */
  began = 0
  /** Whether a node has sent a status: a protocol may do without. */
  hasStatus = false

  constructor({ settings, links, timersHeld, nodes, messages, at, last }: LabState, programPeriodMs: number) {
    this.#programPeriodMs = programPeriodMs
    this.#settings = settings
    this.#links = links
    this.#timersHeld = timersHeld
    this.#changedAt = at
    this.nodes = nodes.map((node) => knownNode(node, at, last))
    for (const { id, overloaded } of nodes) if (overloaded) this.#overloaded.add(id)
    this.#resize()
    for (const { origin, seq, text, copies } of messages) {
      const holders = Object.entries(copies).flatMap(([id, copy]) =>
        copy.lostAt === null ? [[Number(id), copy.at] as const] : [],
      )
      this.#messageOf({ origin, seq, text }, new Map(holders))
    }
  }

  get rootId(): number {
    return this.#settings?.rootId ?? 0
  }

  /** Returns the node of a UDP port; undefined for a stranger. */
  nodeAt(port: number): KnownNode | undefined {
    return this.nodes[port - this.rootId]
  }

  neighboursOf(id: number): readonly KnownNode[] {
    return (this.#neighbours[id] ?? []).flatMap((other) => this.nodes[other] ?? [])
  }

  /** Returns a message that somebody gave to a node of the lab. */
  message({ origin, seq }: MessageId): KnownMessage | undefined {
    return origin === UNKNOWN_PORT ? undefined : this.#messages.get(origin)?.get(seq)
  }

  *messages(): Iterable<KnownMessage> {
    for (const ofOrigin of this.#messages.values()) yield* ofOrigin.values()
  }

  /** Returns the anti-entropy period of a node, in ms. */
  periodOf({ isProgram }: KnownNode): number {
    return isProgram ? this.#programPeriodMs : (this.#settings?.gossip.antiEntropyMs ?? this.#programPeriodMs)
  }

  /**
   * Returns the time since which both nodes could gossip undisturbed over their link, in ms; Infinity while they cannot.
   */
  calmSince(a: KnownNode, b: KnownNode): number {
    const isCalm = !this.#timersHeld && this.#isCalm(a.id, b.id) && this.#isCalm(b.id, a.id)
    return isCalm ? Math.max(a.steadySince, b.steadySince, this.#changedAt) : Number.POSITIVE_INFINITY
  }

  /** Whether the machine was too busy for a program at any time after `since`, in ms. */
  wasBusyAfter(since: number): boolean {
    return this.#overloaded.size > 0 || this.#busyUntil > since
  }

  /** Returns the time from `since` on that a node gets, in ms, if it is `ms` on a machine with time for all. */
  patience(ms: number, since: number): number {
    return this.wasBusyAfter(since) ? PATIENCE_WHEN_BUSY * ms : ms
  }

  take(event: LabEvent) {
    switch (event.type) {
      case 'network':
        this.#overloaded.clear()
        this.#busyUntil = Number.NEGATIVE_INFINITY
        this.#settings = event.settings
        this.#links = {}
        this.#timersHeld = false
        this.#changedAt = event.at
        this.nodes = []
        this.#messages.clear()
        this.began = event.n
        this.hasStatus = false
        this.#resize()
        break
      case 'settings':
        this.#settings = event.settings
        this.#changedAt = event.at
        this.#resize()
        break
      case 'links':
        this.#links = changeLinks(this.#links, event.links)
        this.#changedAt = event.at
        break
      case 'timers':
        this.#timersHeld = event.held
        this.#changedAt = event.at
        break
      case 'given':
        this.#messageOf(event)
        break
      case 'stored':
        this.#store(event)
        break
      case 'sent':
      case 'held':
        this.hasStatus ||= event.content.kind === 'status'
        break
      default:
        if ('node' in event) this.#live(event)
    }
  }

  #isCalm(from: number, to: number): boolean {
    const { cut, loss, hold } = conditionOf(this.#links, wayOf(from, to))
    return !cut && loss === 0 && !hold
  }

  #resize() {
    const { topology, n, seed } = this.#settings ?? { topology: 'line', n: 0, seed: 0 }
    if (this.#neighbours.length !== n || this.nodes.length === 0) this.#neighbours = neighboursOf(topology, n, seed)
    this.nodes.length = Math.min(this.nodes.length, n)
    for (let id = this.nodes.length; id < n; id += 1) this.nodes.push(absentNode(id))
  }

  #live(event: Extract<LabEvent, { node: number }>) {
    const node = this.nodes[event.node]
    if (!node) return
    switch (event.type) {
      case 'starting':
        this.#lose(node, event.at)
        node.isProgram = event.program === true
        node.isVisible = !node.isProgram || event.gate === true
        node.hasEnded = false
        node.life = event.n
        break
      case 'running':
        node.isRunning = true
        node.steadySince = event.at
        break
      case 'answering':
        node.steadySince = event.answers && node.isRunning ? event.at : Number.POSITIVE_INFINITY
        break
      case 'sampling':
        node.isVisible = event.every === 1
        node.steadySince = Math.max(node.steadySince, event.at)
        break
      case 'behaves':
        node.steadySince = Math.max(node.steadySince, event.at)
        break
      case 'overloaded':
        this.#overload(event)
        break
      case 'ending':
        node.steadySince = Number.POSITIVE_INFINITY
        break
      case 'ended':
        this.#lose(node, event.at)
        node.hasEnded = true
        break
      default:
    }
  }

  #overload({ node, overloaded, at }: Pick<EventOf<'overloaded'>, 'node' | 'overloaded' | 'at'>) {
    if (overloaded) this.#overloaded.add(node)
    else if (this.#overloaded.delete(node)) this.#busyUntil = at
  }

  /** A node loses its memory with its life. */
  #lose(node: KnownNode, at: number) {
    this.#overload({ node: node.id, overloaded: false, at })
    node.isRunning = false
    node.steadySince = Number.POSITIVE_INFINITY
    for (const { holders } of this.messages()) holders.delete(node.id)
  }

  #messageOf(
    { origin, seq, text }: MessageId & { readonly text: string },
    holders = new Map<number, number>(),
  ): KnownMessage {
    const ofOrigin = this.#messages.get(origin) ?? new Map<number, KnownMessage>()
    this.#messages.set(origin, ofOrigin)
    const message = ofOrigin.get(seq) ?? { origin, seq, text, holders }
    ofOrigin.set(seq, message)
    return message
  }

  /** A report that comes after the end of its node stores nothing. */
  #store(event: EventOf<'stored'>) {
    const message = this.#messageOf(event)
    const node = this.nodes[event.node]
    if (node && !node.hasEnded && !message.holders.has(node.id)) message.holders.set(node.id, event.at)
  }
}

const absentNode = (id: number): KnownNode => ({
  id,
  isProgram: false,
  isRunning: false,
  hasEnded: false,
  life: 0,
  isVisible: true,
  steadySince: Number.POSITIVE_INFINITY,
})

function knownNode({ id, program, gate, status, answers, ending, sampling }: NodeState, at: number, last: number) {
  const isRunning = status === 'running'
  const isProgram = program === true
  return {
    id,
    isProgram,
    isRunning,
    hasEnded: !isRunning && status !== 'starting' && status !== 'absent',
    life: last,
    isVisible: sampling === 1 && (!isProgram || gate === true),
    steadySince: isRunning && answers && !ending ? at : Number.POSITIVE_INFINITY,
  }
}
