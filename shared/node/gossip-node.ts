/**
 * Connects the protocol to UDP, TCP lines, timers and reports. It carries effects out in the order in which they come.
 */

import { type Effect, Gossip, type Input, type SendEffect } from '../gossip/gossip.ts'
import type { MessageLog } from '../gossip/log.ts'
import { createRandom } from '../gossip/random.ts'
import type { Settings } from '../gossip/settings.ts'
import { bytesOf, stringOf } from '../gossip/text.ts'
import { type Datagram, rumorCount } from '../gossip/wire.ts'
import { parseCommand } from '../language/command.ts'
import type { Release } from '../language/command-faults.ts'
import type { NodeFact } from '../model/event.ts'
import type { Behaviour } from '../model/fault.ts'
import { Misbehaviour } from './behaviours/misbehaviour.ts'
import { contentOf } from './behaviours/trick.ts'
import { ChatLog } from './chat-log.ts'
import { datagramBytes } from './datagram-bytes.ts'
import { Grace } from './grace.ts'
import { LineInterfaces } from './line-interfaces.ts'
import { LinkLayer } from './link-layer.ts'
import type { NodeFaults } from './node-faults.ts'
import type { NodeOptions } from './node-options.ts'
import type { Platform, Timer } from './platform.ts'
import { Reporter } from './reporter.ts'
import { Tally } from './tally.ts'
import { WakeTimer } from './wake-timer.ts'

/** Time that a node gets to end by itself before it is killed, in ms. */
export const NODE_STOP_TIMEOUT_MS = 1_000
/**
 * Time before a lone rumor is acknowledged, in ms. If every hop answered at once, the answers would compete with the
 * message itself for the processor all down the line.
 */
export const ACKNOWLEDGE_AFTER_MS = 10
/**
 * Number of rumors in a burst that are acknowledged together, at once: the sender waits for it to go on. Invariant: at
 * most half a window, or the sender would stop.
 */
const ACKNOWLEDGE_AT_ONCE = 8
/** The lines of an answer, or why there is none. */
export interface Reply {
  readonly lines: readonly string[]
  readonly why?: string
}

const TAKES_NO_LINE = 'crash was typed: the node takes no further line'

export class GossipNode {
  readonly #options: NodeOptions
  readonly #platform: Platform
  readonly #gossip: Gossip
  readonly #chatLog: ChatLog
  readonly #tally: Tally
  readonly #reporter: Reporter | undefined
  readonly #links: LinkLayer
  readonly #misbehaviour: Misbehaviour
  readonly #interfaces: LineInterfaces
  #ackTimer: Timer | undefined
  /** Number of rumors received since the last acknowledgement. */
  #unacknowledged = 0
  readonly #wakeTimer: WakeTimer
  #behaviours: readonly Behaviour[]
  #window: number
  /** Set while the node forwards messages in flight after a typed crash. */
  #grace: Grace | undefined
  #crashed = false

  constructor(options: NodeOptions) {
    const { platform } = options
    this.#options = options
    this.#platform = platform
    this.#tally = new Tally(options.memory?.counters)
    this.#gossip = new Gossip(options, options.settings)
    this.#chatLog = new ChatLog(this.#gossip.log, platform.now)
    this.#wakeTimer = new WakeTimer(platform, options.faults.timersHeld, () => this.#step({ kind: 'wake' }))
    this.#behaviours = options.faults.behaviours
    this.#window = options.settings.window
    this.#reporter = options.deliver && new Reporter(platform, options.deliver, this.#tally, options.reportsAtOnce)
    this.#interfaces = new LineInterfaces(platform, {
      onLine: (line) => this.#takeLine(line),
      onBadLine: (why, start) => this.#refuseLine(start, why),
    })
    const gossip = this.#gossip
    this.#links = new LinkLayer({
      ...options,
      tally: this.#tally,
      reporter: this.#reporter,
      isNeighbour: (port) => gossip.neighbours.includes(port),
      onDatagram: (datagram) => this.#arrive(datagram),
    })
    const knowledge = {
      port: options.port,
      get neighbours() {
        return gossip.neighbours
      },
      vector: () => gossip.vector(),
      text: (origin: number, seq: number) => gossip.log.text(origin, seq),
    }
    this.#misbehaviour = new Misbehaviour(knowledge, createRandom(~options.seed), platform, (made) =>
      this.#links.send(made),
    )
  }

  /** The messages of the node. */
  get log(): Pick<MessageLog, 'entries' | 'text'> {
    return this.#gossip.log
  }

  /** Number of lines and datagrams that have come in. */
  get inputs(): number {
    return this.#tally.inputs
  }

  /**
   * Opens the sockets and begins to gossip.
   * @throws (rejects) with the system's error when a port is in use.
   */
  async start(tcp: readonly number[]): Promise<void> {
    await this.shareKey(this.#options.key)
    // Must come first, because the node gossips a line that arrives at once.
    await this.#links.open()
    const { memory } = this.#options
    if (!memory) this.#reporter?.report({ type: 'listening' })
    await Promise.all([this.#links.measure(), ...tcp.map((port) => this.listen(port))])
    this.#tellLimit()
    this.#misbehaviour.configure(this.#behaviours)
    if (memory) this.#links.resume(memory)
    this.#step(memory ? { kind: 'resume', memory } : { kind: 'start' })
  }

  /**
   * Opens one more TCP interface. While this life is ending, only the next life listens there. That ends the grace,
   * because neighbours send messages in flight to the next life.
   */
  listen(port: number): Promise<void> {
    if (!this.#grace && !this.#crashed) return this.#interfaces.listen(port)
    this.crash()
    return new Promise(() => {})
  }

  unlisten(port: number) {
    this.#interfaces.unlisten(port)
  }

  configure(changes: { neighbours?: readonly number[]; settings?: Settings; linkDelayMs?: number }) {
    this.#window = changes.settings?.window ?? this.#window
    this.#step({ kind: 'configure', ...changes })
    this.#changeLinks(changes)
  }

  /** Replaces the faults of the node. */
  fail(faults: NodeFaults) {
    // Faults may come while the node starts.
    this.#behaviours = faults.behaviours
    this.#misbehaviour.configure(faults.behaviours)
    this.#changeLinks({ faults })
    this.#wakeTimer.hold(faults.timersHeld, this.#gossip.wakeAt)
  }

  /** Tells the protocol which links have changed their delay, so that it drops their round-trip samples. */
  #changeLinks(changes: { linkDelayMs?: number; faults?: NodeFaults }) {
    const before = this.#gossip.neighbours.map((port) => [port, this.#links.roundTripMs(port)] as const)
    this.#links.configure(changes)
    for (const [port, ms] of before) {
      const roundTripMs = this.#links.roundTripMs(port)
      if (roundTripMs !== ms) this.#step({ kind: 'link-changed', port, roundTripMs })
    }
  }

  /** Resolves when the key is in force. */
  async shareKey(key: string | undefined): Promise<void> {
    await this.#links.shareKey(key)
    this.#tellLimit()
  }

  #tellLimit() {
    this.#step({ kind: 'limit', bytes: this.#links.maxDatagramBytes })
  }

  /** Returns false when no datagram is held at the gate under this ticket. */
  release(ticket: number, how: Release): boolean {
    return !this.#crashed && this.#links.release(ticket, how)
  }

  neighbourUp(port: number, generation: number) {
    this.#step({ kind: 'neighbour-up', port, generation })
  }

  /** Carries out a line from the proxy (report, ProxyThread). */
  carryOut(line: string): Reply {
    if (this.#takesNoLine) return this.#refuse(TAKES_NO_LINE)
    // The id is arbitrary: a standalone node may have one that no lab has.
    const parsed = parseCommand(`0 ${line}`)
    if (!parsed.ok) return this.#refuse(parsed.error)
    switch (parsed.command.kind) {
      case 'msg':
        return this.msg(parsed.command.text)
      case 'chatLog':
        return this.chatLog()
      case 'crash':
        this.#tally.sums.linesRead += 1
        // A script that has just read all messages of the node does not wait for more.
        if (this.#chatLog.isJustRead) this.crash()
        else this.crashInGrace()
        return { lines: [] }
      default:
        return this.#refuse('a node does msg, get chatLog and crash')
    }
  }

  /** Takes a message from a person. */
  msg(text: string): Reply {
    const why = this.#takesNoLine ? TAKES_NO_LINE : this.#gossip.problemOf(text)
    if (why !== undefined) return this.#refuse(why)
    this.#tally.sums.linesRead += 1
    // Copies the text: a slice of the line would keep the whole line in memory, for as long as the message is stored.
    this.#step({ kind: 'message', text: stringOf(bytesOf(text)) })
    return { lines: [] }
  }

  chatLog(): Reply {
    if (this.#takesNoLine) return this.#refuse(TAKES_NO_LINE)
    this.#tally.sums.linesRead += 1
    return { lines: [this.#chatLog.line] }
  }

  get #takesNoLine(): boolean {
    return this.#grace !== undefined || this.#crashed
  }

  #refuse(why: string): Reply {
    this.#tally.sums.linesRead += 1
    return { lines: [], why }
  }

  /** Takes no further line, forwards messages in flight, and crashes. */
  crashInGrace() {
    if (this.#grace || this.#crashed) return
    this.#interfaces.unlistenAll()
    this.#reporter?.report({ type: 'ending' })
    this.#step({ kind: 'crash' })
    this.#grace = new Grace(this.#links, this.#platform, () => this.crash())
  }

  /**
   * Stops at once, without a goodbye to the neighbours. Lines typed before, and their datagrams, have been carried out.
   */
  crash() {
    if (this.#crashed) return
    this.#crashed = true
    this.#grace?.cancel()
    this.#step({ kind: 'crash' })
    const end = this.#options.onCrash
    this.#links.close(() => {
      if (!this.#reporter) return end()
      // A supervisor that does not read its reports must not keep a crashed node alive.
      this.#platform.after(NODE_STOP_TIMEOUT_MS / 2, end)
      this.#reporter.close(end)
    })
  }

  #arrive(datagram: Datagram) {
    this.#grace?.noteArrival()
    const before = this.#gossip.log.size
    this.#step({ kind: 'datagram', datagram })
    const rumors = rumorCount(datagram)
    const changed = Math.abs(this.#gossip.log.size - before)
    this.#tally.sums.rumorsRedundant += Math.max(0, rumors - changed)
    this.#unacknowledged += rumors
    if (this.#unacknowledged >= Math.min(ACKNOWLEDGE_AT_ONCE, this.#window / 2)) this.#flushAcks()
  }

  #step(input: Input) {
    if (this.#crashed && input.kind !== 'crash') return
    const { watch } = this.#options
    const at = this.#platform.now()
    watch?.onInput(input)
    for (const effect of this.#gossip.step(input, at)) {
      watch?.onEffect(effect)
      this.#carryOutEffect(effect, at)
    }
    this.#wakeTimer.set(this.#gossip.wakeAt)
    if (this.#gossip.owesAcks) this.#ackTimer ??= this.#platform.after(ACKNOWLEDGE_AFTER_MS, () => this.#flushAcks())
  }

  /** Every pending acknowledgement goes out. */
  #flushAcks() {
    this.#platform.cancel(this.#ackTimer)
    this.#ackTimer = undefined
    this.#unacknowledged = 0
    this.#step({ kind: 'flush-acks' })
  }

  #carryOutEffect(effect: Effect, at: number) {
    if (this.#misbehaviour.withholds(effect)) return
    if (effect.kind === 'send') this.#send(effect)
    else if (effect.kind === 'report') this.#note(effect.fact, at)
    else if (effect.kind === 'new-life') this.#options.onNewLife?.(effect.generation, effect.shownBy)
  }

  #send({ to, why, datagram }: SendEffect) {
    const outgoing = { to, why, bytes: datagramBytes(datagram, this.#platform.encode), content: contentOf(datagram) }
    this.#links.send(outgoing)
    this.#misbehaviour.note(outgoing)
  }

  /** The time of the decision, which comes before any datagram is sent for it. */
  #note(fact: Extract<Effect, { kind: 'report' }>['fact'], at: number) {
    if (fact.type === 'refused') this.#tally.sums.datagramsRefused += 1
    if (fact.type === 'oversized') this.#tally.sums.messagesOversized += 1
    if (fact.type === 'compared' || fact.type === 'coin' || fact.type === 'refused') this.#detail(fact, at)
    else this.#reporter?.report(fact, at)
  }

  #detail(fact: NodeFact, at?: number) {
    if (this.#reporter?.wantsDetail(this.#tally.samplingKey)) this.#reporter.report(fact, at)
  }

  #takeLine(line: string): readonly string[] {
    this.#reporter?.reportDetail(this.#tally.sums.linesRead, () => ({ type: 'line', line }))
    const { lines, why } = this.carryOut(line)
    if (why !== undefined) this.#refuseLine(line, why)
    return lines
  }

  #refuseLine(line: string, why: string) {
    this.#tally.sums.linesRefused += 1
    this.#detail({ type: 'line-refused', line: line.slice(0, 200), why })
  }
}
