/**
 * Runs many nodes on a virtual clock and a virtual network. One seed decides everything: the same options and the same
 * calls give the same trace. The world does for all machines what the shell does for one: it carries out sends, wakes
 * in time, and flushes acks at the end of a turn (all arrivals at a node at the same instant are one turn).
 */
import { type Effect, Gossip, type Input } from '../gossip/gossip.ts'
import { longestStatus, MAX_DATAGRAM_BYTES } from '../gossip/limits.ts'
import type { Entry } from '../gossip/log.ts'
import { createRandom, type Random } from '../gossip/random.ts'
import { DEFAULTS, type Settings } from '../gossip/settings.ts'
import { bytesOf, decodeText } from '../gossip/text.ts'
import { encodeDatagram, parseDatagram, type Rumor, rumorsIn } from '../gossip/wire.ts'
import type { LinkCondition } from '../model/fault.ts'
import { Links } from './links.ts'
import { type InTheAir, Network } from './network.ts'
import { PlainNode } from './plain-node.ts'
import { EventQueue } from './queue.ts'
import type { Payload, TraceEvent } from './trace.ts'

export interface WorldOptions {
  readonly seed: number
  /** Ids of each node's neighbours, by id. */
  readonly neighbours: readonly (readonly number[])[]
  readonly settings?: Partial<Settings>
  /** Condition of every link. */
  readonly faults?: Partial<LinkCondition>
  /** Ids of nodes that run the report's plain protocol. */
  readonly plain?: readonly number[]
  /** Maximum datagram size of the system of one of our nodes, in bytes, by id. */
  readonly systemSends?: Readonly<Record<number, number>>
  /** Whether datagrams travel as bytes and are parsed at the other end; slower. */
  readonly bytes?: boolean
  /** Whether each node remembers its generation by itself, and can lose it; otherwise the world counts its lives. */
  readonly standalone?: boolean
  /** Whether a restarted node begins again in generation 0, as the report's program does. */
  readonly reuseGenerations?: boolean
  readonly watch?: (event: TraceEvent) => void
}

/** One node of a world; it has a machine while it lives. */
export interface SimNode {
  readonly id: number
  readonly port: number
  machine: Gossip | undefined
  plain: PlainNode | undefined
  /** Number of starts so far. */
  lives: number
  /** Generation of its next start, as a standalone node remembers it. */
  remembered: number
  /** Whether it sends statuses but keeps every rumor to itself. */
  hoards: boolean
  wakeQueuedAt: number
  flushQueued: boolean
}

type Happening =
  | InTheAir
  | { readonly kind: 'wake' | 'flush-acks'; readonly to: SimNode; readonly life: number }
  | { readonly kind: 'call'; readonly call: () => void }

export class World {
  now = 0
  /** Number of events handled: arrivals, wakes, flushes of acks, and scheduled actions. */
  handled = 0
  /** UDP port of node 0. */
  readonly rootId: number
  readonly nodes: readonly SimNode[]
  readonly links: Links
  readonly network: Network
  settings: Settings
  readonly #options: WorldOptions
  readonly #random: Random
  readonly #queue = new EventQueue<Happening>()

  constructor(options: WorldOptions) {
    const n = options.neighbours.length
    this.#options = options
    this.#random = createRandom(options.seed)
    this.settings = { ...DEFAULTS, ...options.settings }
    this.links = new Links(options.faults)
    this.network = new Network({
      links: this.links,
      random: createRandom(options.seed + 1),
      now: () => this.now,
      mostBytes: (id) => this.#mostBytesOf(id),
      schedule: (datagram, delayMs) => this.#queue.push(this.now + delayMs, datagram),
      onArrival: (to, what) => this.#arrive(to, what),
      onLost: (from, to, what) => this.#watch({ at: this.now, type: 'lost', node: from, to, what }),
    })
    this.rootId = 40_000 + n <= 65_536 ? 40_000 : 1
    this.nodes = options.neighbours.map((_, id) => ({
      id,
      port: this.rootId + id,
      machine: undefined,
      plain: undefined,
      lives: 0,
      remembered: 0,
      hoards: false,
      wakeQueuedAt: Number.POSITIVE_INFINITY,
      flushQueued: false,
    }))
  }

  isAlive(id: number): boolean {
    const node = this.nodes[id]
    return node?.machine !== undefined || node?.plain !== undefined
  }

  /** Whether nodes can lose the lives that they count in. */
  get isStandalone(): boolean {
    return this.#options.standalone ?? false
  }

  /** Returns whether it runs the report's plain protocol. */
  isPlain(id: number): boolean {
    return this.#options.plain?.includes(id) ?? false
  }

  neighboursOf(id: number): readonly number[] {
    return this.#options.neighbours[id] ?? []
  }

  /** Returns the messages of a node, in the canonical order. */
  held(id: number): Entry[] {
    const node = this.nodes[id]
    return node?.machine?.log.entries() ?? node?.plain?.entries() ?? []
  }

  start(id: number) {
    const node = this.nodes[id]
    if (!node || this.isAlive(id)) return
    const { reuseGenerations, standalone } = this.#options
    const generation = reuseGenerations || this.isPlain(id) ? 0 : standalone ? node.remembered : node.lives
    const seed = this.#random.below(2 ** 32)
    const neighbours = this.neighboursOf(id).map((other) => this.rootId + other)
    node.lives += 1
    node.remembered = generation + 1
    node.wakeQueuedAt = Number.POSITIVE_INFINITY
    node.flushQueued = false
    this.network.open(id)
    this.#watch({ at: this.now, type: 'started', node: id, generation })
    if (this.isPlain(id)) {
      node.plain = new PlainNode(node.port, neighbours, seed)
      this.#sendPlain(node, node.plain.start(this.now))
    } else {
      const generationIs = standalone ? 'remembered' : 'counted'
      node.machine = new Gossip({ port: node.port, generation, generationIs, seed, neighbours }, this.settings)
      const bytes = this.#options.systemSends?.[id]
      if (bytes !== undefined) this.#step(node, { kind: 'limit', bytes })
      this.#step(node, { kind: 'start' })
    }
  }

  /** Erases a node's memory of its generations. */
  forget(id: number) {
    const node = this.nodes[id]
    if (node) node.remembered = 0
  }

  startAll() {
    for (const { id } of this.nodes) this.start(id)
  }

  type(id: number, text: string) {
    const node = this.nodes[id]
    if (!node || !this.isAlive(id)) return
    this.#watch({ at: this.now, type: 'typed', node: id, text })
    if (node.plain) this.#typePlain(node, node.plain, text)
    else this.#step(node, { kind: 'message', text })
  }

  /** Ends a node; its memory is lost. With its final sendings this is the crash command, without them a kill. */
  end(id: number, lastWords: boolean) {
    const node = this.nodes[id]
    if (!node || !this.isAlive(id)) return
    if (lastWords && node.machine) this.#step(node, { kind: 'crash' })
    node.machine = undefined
    node.plain = undefined
    this.network.close(id)
    this.#watch({ at: this.now, type: 'ended', node: id })
  }

  configure(settings: Settings) {
    this.settings = settings
    for (const node of this.nodes) if (node.machine) this.#step(node, { kind: 'configure', settings })
  }

  /** Changes every link; as in a lab, nodes learn of changed delays. */
  changeFaults(faults: Partial<LinkCondition>) {
    const before = this.links.roundTripMs
    this.links.changeAll(faults)
    const { roundTripMs } = this.links
    if (roundTripMs === before) return
    for (const node of this.nodes)
      for (const port of node.machine?.neighbours ?? []) this.#step(node, { kind: 'link-changed', port, roundTripMs })
  }

  /** Delivers a datagram from outside at once. */
  inject(id: number, what: Payload) {
    this.#queue.push(this.now, { kind: 'arrival', to: id, what, sentAt: this.now })
  }

  /** Schedules an action. */
  at(time: number, call: () => void) {
    this.#queue.push(time, { kind: 'call', call })
  }

  /** Runs until a time, or until `done` returns true after an event. */
  run(until: number, done?: () => boolean) {
    while (this.#queue.nextAt <= until) {
      this.now = this.#queue.nextAt
      const happening = this.#queue.pop()
      if (happening) this.#happen(happening)
      this.handled += 1
      if (done?.()) return
    }
    this.now = until
  }

  #happen(happening: Happening) {
    switch (happening.kind) {
      case 'call':
        happening.call()
        return
      case 'arrival':
        this.network.arrive(happening)
        return
      case 'flush-acks':
      case 'wake':
        this.#turn(happening.to, happening.kind, happening.life)
    }
  }

  #arrive(id: number, what: Payload) {
    const node = this.nodes[id]
    if (node?.machine) {
      const longest = longestStatus(this.#mostBytesOf(id))
      const datagram = typeof what === 'string' ? parseDatagram(bytesOf(what), longest) : what
      if (datagram.kind === 'malformed') return
      for (const rumor of rumorsIn(datagram)) this.#watchContradiction(node, rumor)
      this.#step(node, { kind: 'datagram', datagram })
    } else if (node?.plain) {
      this.#sendPlain(node, node.plain.receive(typeof what === 'string' ? what : encodeDatagram(what)))
    }
  }

  #mostBytesOf(id: number): number {
    return this.#options.systemSends?.[id] ?? MAX_DATAGRAM_BYTES
  }

  #watchContradiction({ id, machine }: SimNode, { origin, seq, text }: Rumor) {
    const held = machine?.log.text(origin, seq)
    if (held !== undefined && held !== text) this.#watch({ at: this.now, type: 'contradicted', node: id, origin, seq })
  }

  #turn(node: SimNode, kind: 'flush-acks' | 'wake', life: number) {
    if (node.lives !== life || !this.isAlive(node.id)) return
    if (kind === 'flush-acks') node.flushQueued = false
    else node.wakeQueuedAt = Number.POSITIVE_INFINITY
    if (node.plain) this.#sendPlain(node, node.plain.wake(this.now))
    else if (kind === 'flush-acks' || (node.machine && node.machine.wakeAt <= this.now)) this.#step(node, { kind })
    else this.#queueTurns(node)
  }

  #step(node: SimNode, input: Input) {
    if (!node.machine) return
    for (const effect of node.machine.step(input, this.now)) this.#carryOut(node, effect)
    this.#queueTurns(node)
  }

  /**
   * Queues the next wake and flush of acks. A wake that is queued too early finds nothing to do and queues the next.
   */
  #queueTurns(node: SimNode) {
    const wakeAt = node.machine?.wakeAt ?? node.plain?.wakeAt ?? Number.POSITIVE_INFINITY
    if (wakeAt < node.wakeQueuedAt) {
      node.wakeQueuedAt = wakeAt
      this.#queue.push(wakeAt, { kind: 'wake', to: node, life: node.lives })
    }
    if (!node.flushQueued && node.machine?.owesAcks) {
      node.flushQueued = true
      this.#queue.push(this.now, { kind: 'flush-acks', to: node, life: node.lives })
    }
  }

  #carryOut(node: SimNode, effect: Effect) {
    if (effect.kind === 'report') {
      this.#watch({ at: this.now, type: 'fact', node: node.id, fact: effect.fact })
      return
    }
    if (effect.kind === 'new-life') {
      const { generation, shownBy } = effect
      node.remembered = generation + 1
      this.#watch({ at: this.now, type: 'new-life', node: node.id, generation, shownBy: shownBy - this.rootId })
      return
    }
    if (effect.kind === 'displaced') {
      const { origin, seq } = effect
      this.#watch({ at: this.now, type: 'displaced', node: node.id, origin, seq })
      return
    }
    const { to, why, datagram } = effect
    this.#watch({ at: this.now, type: 'sent', node: node.id, to: to - this.rootId, why, what: datagram })
    if (node.hoards && datagram.kind !== 'status') return
    this.network.send(node.id, to - this.rootId, this.#options.bytes ? encodeDatagram(datagram) : datagram)
  }

  /** A plain node reports nothing: the world watches what it stores. */
  #typePlain(node: SimNode, plain: PlainNode, wire: string) {
    const seq = plain.typed
    const datagrams = plain.type(wire)
    const fact = { type: 'stored', origin: node.port, seq, text: decodeText(wire), wire, from: null } as const
    this.#watch({ at: this.now, type: 'fact', node: node.id, fact })
    this.#sendPlain(node, datagrams)
  }

  #sendPlain(node: SimNode, datagrams: readonly { readonly to: number; readonly text: string }[]) {
    for (const { to, text } of datagrams) {
      this.#watch({ at: this.now, type: 'sent', node: node.id, to: to - this.rootId, why: 'new', what: text })
      this.network.send(node.id, to - this.rootId, text)
    }
    this.#queueTurns(node)
  }

  #watch(event: TraceEvent) {
    this.#options.watch?.(event)
  }
}
