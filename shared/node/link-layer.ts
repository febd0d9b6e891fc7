/**
 * Connects the protocol to the wire: datagrams leave through the gate and arrive through the air. It counts them, and
 * reports each stage.
 */

import { longestStatus, MAX_DATAGRAM_BYTES, MAX_SEAL_BYTES } from '../gossip/limits.ts'
import { createRandom, type Random } from '../gossip/random.ts'
import { cannotBeSent } from '../gossip/too-large.ts'
import { type Datagram, parseDatagram, rumorCount } from '../gossip/wire.ts'
import type { Release } from '../language/command-faults.ts'
import type { NodeFact } from '../model/event.ts'
import { HEALTHY } from '../model/fault.ts'
import { MAX_PROCESSES } from '../model/lab-settings.ts'
import { Air, isChancy, longestInTheAir, timeInTheAir } from './air.ts'
import { AnswerCredit } from './answer-credit.ts'
import { contentOf } from './behaviours/trick.ts'
import { previewOf } from './datagram-bytes.ts'
import { Gate, type Passage } from './gate.ts'
import type { NodeFaults } from './node-faults.ts'
import type { NodeMemory } from './node-memory.ts'
import type { Outgoing } from './outgoing.ts'
import type { Platform, Udp } from './platform.ts'
import { RateLimit } from './rate-limit.ts'
import { hashOf, type Reporter } from './reporter.ts'
import { BROKEN_IN_WORDS, type Broken, type Seal, sealOf } from './seal.ts'
import type { Tally } from './tally.ts'

/** One in so many datagrams over a stranger's limit is reported; all are counted. */
const REPORT_OVER_LIMIT_EVERY = 256

export interface LinkLayerOptions {
  readonly port: number
  readonly rootId: number
  readonly linkDelayMs: number
  readonly faults: NodeFaults
  readonly seed: number
  readonly tally: Tally
  readonly reporter: Reporter | undefined
  readonly platform: Platform
  isNeighbour(port: number): boolean
  onDatagram(datagram: Datagram): void
}

/** A datagram as it arrived. */
interface Arriving {
  readonly bytes: Uint8Array
  /** The datagram without its seal, and the port that sealed it. */
  readonly opened?: { readonly bytes: Uint8Array; readonly sender: number }
  /** UDP port that the datagram came from. */
  readonly from: number
  /** Present when its time in the air was reported. */
  readonly delayId?: number
}

/** Shortest time that a datagram stays in the air when a node resumes, in ms: first all nodes must run. */
const SOON_MS = 0.05

/** A separate source of chance, so that link faults do not change the choices of the protocol. */
const OTHER_DICE = 0x5eed

export class LinkLayer {
  readonly #options: LinkLayerOptions
  readonly #random: Random
  readonly #gate: Gate<Outgoing>
  readonly #air: Air
  readonly #rateLimit: RateLimit
  readonly #credit = new AnswerCredit()
  #linkDelayMs: number
  #faults: NodeFaults
  #delayIds = 0
  #udp: Udp | undefined
  #seal: Seal | undefined
  #systemSends = MAX_DATAGRAM_BYTES
  #receives = true
  #closed = false

  constructor(options: LinkLayerOptions) {
    this.#options = options
    this.#air = new Air(options.platform)
    this.#linkDelayMs = options.linkDelayMs
    this.#faults = options.faults
    this.#random = createRandom(options.seed ^ OTHER_DICE)
    this.#rateLimit = new RateLimit(options.isNeighbour)
    this.#gate = new Gate({
      linkOf: ({ to }) => this.#faults.to[to],
      onPassage: (datagram, passage) => this.#transmit(datagram, passage),
      onHeld: (datagram, ticket, copyOf) => this.#reportHeld(datagram, ticket, copyOf),
      bytesOf: ({ bytes }) => bytes.length,
      random: this.#random,
    })
  }

  /** @throws (rejects) with the system's error when the port is in use. */
  async open(): Promise<void> {
    const { platform, port } = this.#options
    this.#udp = await platform.openUdp({
      port,
      onDatagram: (bytes, from) => this.#receive({ bytes, from }),
      onError: (error) => this.#dropUnsent(new Uint8Array(), `could not be sent: ${error.message}`),
    })
  }

  /** Measures the largest datagram that the operating system sends; until then every length counts as sendable. */
  async measure(): Promise<void> {
    this.#systemSends = (await this.#udp?.measure()) ?? MAX_DATAGRAM_BYTES
  }

  /** Maximum length of a datagram without its seal, in bytes. */
  get maxDatagramBytes(): number {
    return this.#systemSends - (this.#seal ? MAX_SEAL_BYTES : 0)
  }

  send(datagram: Outgoing) {
    if (this.#closed) return
    const { bytes } = datagram
    if (bytes.length > this.maxDatagramBytes)
      this.#dropUnsent(bytes, cannotBeSent({ bytes: bytes.length, most: this.maxDatagramBytes }))
    else if (this.#mayAnswer(datagram)) this.#gate.pass(datagram)
    else this.#withhold(datagram)
  }

  configure({ linkDelayMs, faults }: { linkDelayMs?: number; faults?: NodeFaults }) {
    this.#linkDelayMs = linkDelayMs ?? this.#linkDelayMs
    if (!faults) return
    this.#faults = faults
    this.#gate.releaseUnheld()
  }

  /** Returns the maximum time in the air of a datagram to a port and its answer together, in ms, without reordering. */
  roundTripMs(port: number): number {
    const { to, from } = this.#faults
    const linkDelayMs = this.#delayOf(port)
    return longestInTheAir(to[port] ?? HEALTHY, linkDelayMs) + longestInTheAir(from[port] ?? HEALTHY, linkDelayMs)
  }

  /** Sets or removes the key. With a key, datagrams are sealed and those without a valid seal are rejected. */
  async shareKey(key: string | undefined): Promise<void> {
    this.#seal = key === undefined ? undefined : await sealOf(key, this.#options.port, this.#options.platform)
  }

  /** Holds and carries what another gate and another air had. */
  resume({ held, inTheAir }: Pick<NodeMemory, 'held' | 'inTheAir'>) {
    this.#gate.resume(held)
    const now = this.#options.platform.now()
    for (const { from, bytes, arrivesAt } of inTheAir)
      this.#air.carry(Math.max(SOON_MS, arrivesAt - now), () => this.#arrive({ bytes, from }))
  }

  /** Returns false when no datagram is held under this ticket. */
  release(ticket: number, how: Release): boolean {
    return this.#gate.release(ticket, how)
  }

  /** Number of datagrams that have come in and are still in the air. */
  get inTheAir(): number {
    return this.#air.size
  }

  /** Stops taking datagrams; those in the air still arrive. */
  stopReceiving() {
    this.#receives = false
  }

  /** Closes the link layer; calls back when all sent datagrams have left this process. */
  close(done: () => void) {
    this.#closed = true
    this.#air.clear()
    if (this.#udp) this.#udp.flush(done)
    else done()
  }

  #transmit(datagram: Outgoing, passage: Passage) {
    const { to, bytes: plain, why, content } = datagram
    // Seals at the last moment: the datagram may have been held at the gate for longer than a seal is valid.
    const bytes = passage.fate === undefined && this.#seal ? this.#seal.close(plain, to) : plain
    const { reporter, tally, platform } = this.#options
    const { ticket, ...end } = passage
    const hash = reporter ? hashOf(bytes, platform) : 0
    // A page that shows a held datagram must learn that it is held no longer.
    const isReported = ticket !== undefined || reporter?.wantsDetail(hash)
    // Takes the time before the send: on a busy machine the datagram may arrive before this process continues.
    const at = isReported ? platform.now() : 0
    // Counts and reports afterwards, because the receiver waits for the datagram.
    if (passage.fate === undefined) this.#udp?.send(to, bytes)
    if (passage.fate !== undefined) tally.sums.datagramsLostAtGate += 1
    // The link makes copies, not the node.
    if (!passage.copy) tally.countSent(content, bytes.length)
    if (!isReported) return
    const delayMs = this.#faults.to[to]?.delayMs ?? this.#delayOf(to)
    const fact = { type: 'sent', to, why, content, bytes: bytes.length, delayMs, hash, ...end } as const
    reporter?.report(ticket === undefined ? fact : { ...fact, ticket }, at)
  }

  #reportHeld({ to, why, bytes, content }: Outgoing, ticket: number, copyOf: number | undefined) {
    const copy = copyOf === undefined ? {} : { copyOf }
    this.#options.reporter?.report({ type: 'held', ticket, to, why, bytes: bytes.length, content, ...copy })
  }

  /** A greeting answers nothing: at start it finds out which neighbours run. */
  #mayAnswer({ to, why, bytes }: Outgoing): boolean {
    return why === 'hello' || this.#options.isNeighbour(to) || this.#credit.spend(to, bytes.length)
  }

  #withhold({ to }: Outgoing) {
    const { tally, reporter } = this.#options
    tally.sums.answersWithheld += 1
    const why = 'the reply would exceed the amplification limit'
    reporter?.reportDetail(tally.samplingKey, () => ({ type: 'refused', from: to, why }))
  }

  #receive(datagram: Arriving) {
    if (!this.#receives) return
    const { from, bytes } = datagram
    if (!this.#rateLimit.admits(from, bytes.length, this.#options.platform.now())) {
      this.#dropOverLimit(datagram)
      return
    }
    const opened = this.#seal?.open(bytes)
    if (opened && 'broken' in opened) this.#dropBroken(datagram, opened.broken)
    else this.#applyDelay(opened ? { ...datagram, opened } : datagram)
  }

  #applyDelay(datagram: Arriving) {
    const { from, bytes } = datagram
    const link = this.#faults.from[from]
    const linkDelayMs = this.#delayOf(from)
    if ((!link && linkDelayMs === 0) || this.#faults.alreadyDelayed?.includes(from)) {
      this.#arrive(datagram)
      return
    }
    const delayMs = timeInTheAir(link, linkDelayMs, this.#random)
    let arriving = datagram
    if (link && isChancy(link)) {
      const delayId = ++this.#delayIds
      arriving = { ...datagram, delayId }
      const hash = hashOf(bytes, this.#options.platform)
      this.#options.reporter?.reportDetail(hash, () => ({ type: 'airborne', from, delayMs, delayId, hash }))
    }
    if (!this.#air.carry(delayMs, () => this.#arrive(arriving))) this.#drop(arriving, 'too many datagrams in the air')
  }

  #arrive(arriving: Arriving) {
    if (this.#closed) return
    const { tally, reporter, onDatagram } = this.#options
    const { opened } = arriving
    const datagram = parseDatagram(opened?.bytes ?? arriving.bytes, longestStatus(this.maxDatagramBytes))
    if (datagram.kind === 'malformed') {
      this.#drop(arriving, datagram.why)
      return
    }
    if (opened && opened.sender !== datagram.sender) {
      this.#dropBroken(arriving, 'forged')
      return
    }
    if (!this.#rateLimit.admitsRumors(arriving.from, rumorCount(datagram), this.#options.platform.now())) {
      this.#dropOverLimit(arriving)
      return
    }
    tally.countReceived(datagram, arriving.bytes.length)
    if (!this.#options.isNeighbour(datagram.sender)) this.#credit.earn(datagram.sender, arriving.bytes.length)
    if (reporter) this.#reportReceived(reporter, datagram, arriving)
    onDatagram(datagram)
  }

  #reportReceived(reporter: Reporter, datagram: Datagram, { bytes, delayId }: Arriving) {
    const hash = hashOf(bytes, this.#options.platform)
    if (!reporter.wantsDetail(hash)) return
    const content = this.#options.isNeighbour(datagram.sender) ? {} : { content: contentOf(datagram) }
    const delayed = delayId === undefined ? {} : { delayId }
    reporter.report({ type: 'received', from: datagram.sender, bytes: bytes.length, hash, ...content, ...delayed })
  }

  #dropBroken(arriving: Arriving, broken: Broken) {
    const { sums } = this.#options.tally
    if (broken === 'unkeyed') sums.datagramsUnkeyed += 1
    else if (broken === 'forged') sums.datagramsForged += 1
    else sums.datagramsReplayed += 1
    this.#drop(arriving, BROKEN_IN_WORDS[broken])
  }

  /** Reports a stranger's flood by samples only. */
  #dropOverLimit(arriving: Arriving) {
    const { tally, isNeighbour } = this.#options
    const isSample = tally.sums.datagramsOverLimit % REPORT_OVER_LIMIT_EVERY === 0
    tally.sums.datagramsOverLimit += 1
    if (isSample || isNeighbour(arriving.from)) this.#drop(arriving, 'its sender exceeds the rate limit')
    else tally.sums.datagramsRejected += 1
  }

  #dropUnsent(bytes: Uint8Array, why: string) {
    this.#drop({ bytes, from: this.#options.port }, why)
  }

  #drop({ bytes, from, delayId }: Arriving, why: string) {
    const { tally, reporter } = this.#options
    tally.sums.datagramsRejected += 1
    if (!reporter) return
    const fact: NodeFact = { type: 'rejected', from, why, bytes: bytes.length, preview: previewOf(bytes) }
    const hash = hashOf(bytes, this.#options.platform)
    const delayed = delayId === undefined ? {} : { delayId }
    if (this.#options.isNeighbour(from)) reporter.reportDetail(hash, () => ({ ...fact, hash, ...delayed }))
    else reporter.reportDetail(tally.samplingKey, () => fact)
  }

  /** Only nodes of the lab are on links; other senders are not. */
  #delayOf(port: number): number {
    const id = port - this.#options.rootId
    const isOfLab = this.#options.isNeighbour(port) || (id >= 0 && id < MAX_PROCESSES)
    return isOfLab ? this.#linkDelayMs : 0
  }
}
