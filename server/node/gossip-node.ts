/** The shell round the protocol: UDP, TCP lines, timers and reports. It carries effects out in the order they come. */
import type { Server } from 'node:net'
import { parseCommand } from '../../shared/command.ts'
import type { Content, NodeFact } from '../../shared/event.ts'
import { type Effect, Gossip, type Identity, type Input, type SendEffect } from '../../shared/gossip/gossip.ts'
import type { Entry } from '../../shared/gossip/log.ts'
import type { Settings } from '../../shared/gossip/settings.ts'
import { type Datagram, encodeDatagram, parseDatagram } from '../../shared/gossip/wire.ts'
import { MAX_INTERFACES, MAX_NODES, NODE_STOP_TIMEOUT_MS } from '../../shared/limits.ts'
import { now } from '../clock.ts'
import { Air } from './air.ts'
import { openLineInterface } from './line-interface.ts'
import { type Deliver, hashOf, Reporter } from './reporter.ts'
import { Tally } from './tally.ts'
import { openUdp, type Udp } from './udp.ts'

/**
 * A lone rumor is acknowledged a moment later, in ms: were every hop to answer at once, the answers would compete with
 * the message itself for the processor all down the line.
 */
const ACKNOWLEDGE_AFTER_MS = 2
/** In a burst this many rumors are acknowledged together, at once: the sender waits for it to go on. */
const ACKNOWLEDGE_AT_ONCE = 8

export interface NodeOptions extends Identity {
  readonly id: number
  readonly rootId: number
  readonly settings: Settings
  readonly linkDelayMs: number
  /** Where reports go; none when nobody supervises. */
  readonly deliver?: Deliver
  /** The crash command: everything before it has left the process. */
  readonly onCrash: () => void
}

export class GossipNode {
  readonly #options: NodeOptions
  readonly #gossip: Gossip
  readonly #tally = new Tally()
  readonly #reporter: Reporter | undefined
  readonly #air = new Air()
  readonly #interfaces = new Map<number, Server>()
  #linkDelayMs: number
  #udp: Udp | undefined
  #settling: NodeJS.Timeout | undefined
  /** Rumors received since the last acknowledgement. */
  #unacknowledged = 0
  #timer: NodeJS.Timeout | undefined
  #timerAt = Number.POSITIVE_INFINITY
  #crashing = false

  constructor(options: NodeOptions) {
    this.#options = options
    this.#gossip = new Gossip(options, options.settings)
    this.#linkDelayMs = options.linkDelayMs
    this.#reporter = options.deliver && new Reporter(options.deliver, this.#tally)
  }

  /**
   * Opens the sockets and begins to gossip.
   * @throws (rejects) with the system's error when a port is taken.
   */
  async start(tcp: readonly number[]): Promise<void> {
    // First, because a line that comes in at once is to be gossiped.
    this.#udp = await openUdp(
      this.#options.port,
      (bytes, from) => this.#receive(bytes, from),
      (error) => this.#drop(this.#options.port, `could not be sent: ${error.message}`, new Uint8Array()),
    )
    await Promise.all(tcp.map((port) => this.listen(port)))
    this.#step({ kind: 'start' })
  }

  /** One more TCP interface. Listening twice on one port is listening once. Whoever asks a crashed node hears its end. */
  async listen(port: number): Promise<void> {
    if (this.#crashing) return new Promise(() => {})
    if (this.#interfaces.has(port)) return
    if (this.#interfaces.size >= MAX_INTERFACES) throw new Error(`a node listens on at most ${MAX_INTERFACES} ports`)
    const server = await openLineInterface(port, {
      onLine: (line) => {
        this.#reporter?.reportDetail(this.#tally.sums.linesRead, { type: 'line', line })
        const { lines, why } = this.carryOut(line)
        if (why !== undefined) this.#refuseLine(line, why)
        return lines
      },
      onBadLine: (why, start) => this.#refuseLine(start, why),
    })
    this.#interfaces.set(port, server)
  }

  unlisten(port: number) {
    this.#interfaces.get(port)?.close()
    this.#interfaces.delete(port)
  }

  configure(changes: { neighbours?: readonly number[]; settings?: Settings; linkDelayMs?: number }) {
    this.#linkDelayMs = changes.linkDelayMs ?? this.#linkDelayMs
    this.#step({ kind: 'configure', ...changes })
  }

  neighbourUp(port: number, generation: number) {
    this.#step({ kind: 'neighbour-up', port, generation })
  }

  /** Carries out a line as the proxy sends it (report, ProxyThread); gives the answer, or why there is none. */
  carryOut(line: string): { lines: readonly string[]; why?: string } {
    this.#tally.sums.linesRead += 1
    if (this.#crashing) return { lines: [], why: 'the node has crashed' }
    // Any id will do: a node that runs by itself may have one that no lab has.
    const parsed = parseCommand(`0 ${line}`)
    if (!parsed.ok) return { lines: [], why: parsed.error }
    switch (parsed.command.kind) {
      case 'msg':
        this.#step({ kind: 'message', text: parsed.command.text })
        return { lines: [] }
      case 'chatLog':
        return { lines: [formatChatLog(this.#gossip.log.entries())] }
      case 'crash':
        this.#crash()
        return { lines: [] }
      default:
        return { lines: [], why: 'a node does msg, get chatLog and crash' }
    }
  }

  /** Stops at once: no goodbye to the neighbours. What was typed before, and its datagrams, is carried out. */
  #crash() {
    this.#crashing = true
    this.#step({ kind: 'crash' })
    this.#air.clear()
    const end = this.#options.onCrash
    this.#udp?.flush(() => {
      if (!this.#reporter) return end()
      // A supervisor that does not read its reports must not keep a crashed node alive.
      setTimeout(end, NODE_STOP_TIMEOUT_MS / 2)
      this.#reporter.close(end)
    })
  }

  #receive(bytes: Uint8Array, from: number) {
    const carried = this.#air.carry(this.#delayOf(from), () => this.#arrive(bytes, from))
    if (!carried) this.#drop(from, 'too many datagrams in the air', bytes)
  }

  #arrive(bytes: Uint8Array, from: number) {
    if (this.#crashing) return
    const datagram = parseDatagram(bytes)
    if (datagram.kind === 'malformed') {
      this.#drop(from, datagram.why, bytes)
      return
    }
    this.#tally.countReceived(datagram.kind, bytes.length)
    if (this.#reporter) this.#reportReceived(this.#reporter, datagram, bytes)
    const before = this.#gossip.log.size
    this.#step({ kind: 'datagram', datagram })
    if (datagram.kind === 'rumor') this.#unacknowledged += 1
    if (this.#unacknowledged >= ACKNOWLEDGE_AT_ONCE) this.#settle()
    if (datagram.kind === 'rumor' && this.#gossip.log.size === before) this.#tally.sums.rumorsRedundant += 1
  }

  #reportReceived(reporter: Reporter, datagram: Datagram, bytes: Uint8Array) {
    const hash = hashOf(bytes)
    const content = this.#gossip.neighbours.includes(datagram.sender) ? {} : { content: contentOf(datagram) }
    reporter.reportDetail(hash, { type: 'received', from: datagram.sender, bytes: bytes.length, hash, ...content })
  }

  #step(input: Input) {
    if (this.#crashing && input.kind !== 'crash') return
    for (const effect of this.#gossip.step(input, now())) this.#carryOutEffect(effect)
    this.#setTimer()
    if (this.#gossip.unsettled) this.#settling ??= setTimeout(() => this.#settle(), ACKNOWLEDGE_AFTER_MS)
  }

  /** Everybody who is owed an answer gets it. */
  #settle() {
    clearTimeout(this.#settling)
    this.#settling = undefined
    this.#unacknowledged = 0
    this.#step({ kind: 'settle' })
  }

  #carryOutEffect(effect: Effect) {
    if (effect.kind === 'send') this.#send(effect)
    else this.#note(effect.fact)
  }

  #send({ to, why, datagram }: SendEffect) {
    const bytes = Buffer.from(encodeDatagram(datagram))
    this.#udp?.send(to, bytes)
    this.#tally.countSent(datagram.kind, bytes.length)
    if (!this.#reporter) return
    const hash = hashOf(bytes)
    const sent = { to, why, bytes: bytes.length, delayMs: this.#delayOf(to), content: contentOf(datagram), hash }
    this.#reporter.reportDetail(hash, { type: 'sent', ...sent })
  }

  #note(fact: Extract<Effect, { kind: 'report' }>['fact']) {
    if (fact.type === 'refused') this.#tally.sums.datagramsRefused += 1
    if (fact.type === 'compared' || fact.type === 'coin' || fact.type === 'refused') this.#detail(fact)
    else this.#reporter?.report(fact)
  }

  /** Details that are about no datagram at both ends: spread over the samples by count. */
  #detail(fact: NodeFact) {
    const { sums } = this.#tally
    this.#reporter?.reportDetail(sums.statusesReceived + sums.datagramsRefused + sums.datagramsDropped, fact)
  }

  #drop(from: number, why: string, bytes: Uint8Array) {
    this.#tally.sums.datagramsDropped += 1
    const preview = Buffer.from(bytes.subarray(0, 60)).toString('latin1')
    this.#detail({ type: 'dropped', from, why, bytes: bytes.length, preview })
  }

  #refuseLine(line: string, why: string) {
    this.#tally.sums.linesRefused += 1
    this.#detail({ type: 'line-refused', line: line.slice(0, 200), why })
  }

  /** Links are between nodes of the lab; whoever else speaks to us is not on one. */
  #delayOf(port: number): number {
    const id = port - this.#options.rootId
    return id >= 0 && id < MAX_NODES ? this.#linkDelayMs : 0
  }

  #setTimer() {
    const at = this.#gossip.wakeAt
    if (at === this.#timerAt) return
    clearTimeout(this.#timer)
    this.#timerAt = at
    if (at === Number.POSITIVE_INFINITY) return
    this.#timer = setTimeout(() => this.#wake(), Math.min(Math.max(0, Math.ceil(at - now())), 2 ** 31 - 1))
  }

  #wake() {
    this.#timerAt = Number.POSITIVE_INFINITY
    this.#step({ kind: 'wake' })
  }
}

const contentOf = (datagram: Datagram): Content =>
  datagram.kind === 'rumor'
    ? { kind: 'rumor', origin: datagram.origin, seq: datagram.seq }
    : { kind: 'status', pairs: datagram.pairs }

/** What would break the line, or its split at commas, goes out percent-encoded. */
const forChatLog = (text: string) => text.replace(/[%,\p{Cc}]/gu, encodeURIComponent)

/** An empty answer breaks the proxy (report, get chatLog Handle). */
export function formatChatLog(entries: readonly Entry[]): string {
  return `chatLog ${entries.length === 0 ? '<empty>' : entries.map(({ text }) => forChatLog(text)).join(',')}`
}
