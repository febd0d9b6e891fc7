/**
 * Judges the datagrams of a network of programs, and reports them: a datagram that the gate delivers has reached the
 * socket of its receiver, which may not have read it.
 */
import { createRandom } from '../../../shared/gossip/random.ts'
import type { Release } from '../../../shared/language/command-faults.ts'
import { timeInTheAir } from '../../../shared/node/air.ts'
import { previewOf } from '../../../shared/node/datagram-bytes.ts'
import { Gate, type Passage } from '../../../shared/node/gate.ts'
import type { NodeFaults } from '../../../shared/node/node-faults.ts'
import { plural } from '../../../shared/text/format.ts'
import { now } from '../../platform/clock.ts'
import { Decoder } from './decoder.ts'
import { GateProcess, type SeenDatagram } from './gate-process.ts'
import type { GatedNode, Leaving, Member, Sending } from './gated-member.ts'
import type { MessageNames } from './message-names.ts'
import { OverflowWatch } from './overflow.ts'
import { OwnLinks, type OwnLinksOptions } from './own-links.ts'
import { isReadable, sizeOf, wireHash } from './seen-datagram.ts'
import type { WireDecoder } from './wire-format.ts'

export interface GatedNetworkOptions {
  /** The file of the gate. */
  readonly file: string
  /** UDP port of node 0. */
  readonly rootId: number
  /** UDP ports of our own nodes. They judge and report their datagrams themselves. */
  readonly own: readonly number[]
  readonly env: NodeJS.ProcessEnv
  readonly names: MessageNames
  /** The decoder of the user. */
  readonly wire?: WireDecoder
  /** The gate has ended by itself: no datagram and no command passes any more. */
  readonly onEnd: (why: string) => void
  /** Tells the person at the terminal what the decoder does wrong. */
  readonly complain: (...lines: readonly string[]) => void
}

const OTHER_DICE = 0x5eed

export class GatedNetwork {
  readonly #options: GatedNetworkOptions
  readonly process: GateProcess
  /** Resolves when the last change of a link is in force. */
  inForce: Promise<void> = Promise.resolve()
  readonly #decoder: Decoder
  /** Our own nodes speak the text of the report, whatever the programs do. */
  readonly #textDecoder: Decoder
  readonly #members = new Map<number, Member>()
  /** By id: our own nodes. */
  readonly #owns = new Map<number, OwnLinks>()
  readonly #own: ReadonlySet<number>
  readonly #sending = new Map<number, Sending>()
  #overflow: OverflowWatch | undefined
  #keys = 0
  #unseen = 0

  constructor(options: GatedNetworkOptions) {
    this.#options = options
    this.#decoder = new Decoder(options)
    this.#textDecoder = new Decoder({ names: options.names, rootId: options.rootId })
    const { file, rootId, own, env, onEnd } = options
    this.#own = new Set(own)
    this.process = new GateProcess(
      { file, firstPort: rootId, own, env },
      {
        onSeen: (datagram) => this.#onSeen(datagram),
        onSent: (key, at, wasRefused) => this.#onSent(key, at, wasRefused),
        onUnseen: (count) => {
          this.#unseen += count
          this.#tell(`${this.#unseen} datagrams were not seen: they came faster than the lab could take them`)
        },
        onEnd,
      },
    )
    const { pid } = this.process
    if (pid !== undefined)
      this.#overflow = new OverflowWatch({ pid, onOverflow: (port, lost) => this.#onOverflow(port, lost) })
  }

  close() {
    this.#overflow?.stop()
    this.process.close()
  }

  /** Takes a node that starts now. Its datagrams are reported from now on. */
  async join(node: GatedNode, faults: NodeFaults, linkDelayMs: number): Promise<void> {
    const random = createRandom(node.seed ^ OTHER_DICE)
    const held = new Map<number, Leaving>()
    const gate = new Gate<Leaving>({
      linkOf: ({ to }) => member.faults.to[to],
      onPassage: (leaving, passage) => this.#pass(member, leaving, passage),
      onHeld: (leaving, ticket, copyOf) => this.#hold(member, leaving, ticket, copyOf),
      bytesOf: ({ seen }) => seen.bytes.length,
      random,
    })
    const member: Member = { node, gate, random, held, faults, linkDelayMs }
    this.#members.set(node.id, member)
    await this.process.ready
    await this.#judge()
  }

  /** The node has ended. Its held datagrams go with it. */
  leave(id: number) {
    const member = this.#members.get(id)
    this.#members.delete(id)
    for (const { seen } of member?.held.values() ?? []) this.process.end(seen.id)
  }

  /** Takes one of our own nodes, before it starts. */
  async joinOwn(id: number, links: OwnLinksOptions): Promise<void> {
    this.#owns.set(id, new OwnLinks(links))
    await this.process.ready
    await this.#judge()
  }

  leaveOwn(id: number) {
    this.#owns.delete(id)
  }

  async configureOwn(id: number, links: OwnLinksOptions): Promise<void> {
    this.#owns.get(id)?.configure(links)
    await this.#judge()
  }

  async configure(id: number, change: Partial<Pick<Member, 'faults' | 'linkDelayMs'>>): Promise<void> {
    const member = this.#members.get(id)
    if (!member) return
    Object.assign(member, change)
    await this.#judge()
    member.gate.releaseUnheld()
  }

  /** Returns false when no datagram is held under this ticket. */
  release(id: number, ticket: number, how: Release): boolean {
    return this.#members.get(id)?.gate.release(ticket, how) ?? false
  }

  /** Datagrams on healthy links do not wait for the lab. */
  #judge(): Promise<void> {
    const { rootId } = this.#options
    const ports = new Set<number>()
    const add = (id: number, everywhere: boolean, to: readonly number[]) => {
      if (everywhere) for (const neighbour of [id - 1, id + 1]) ports.add(rootId + neighbour)
      for (const port of to) ports.add(port)
    }
    for (const [id, { faults, linkDelayMs }] of this.#members)
      add(id, linkDelayMs > 0, Object.keys(faults.to).map(Number))
    for (const [id, { delays }] of this.#owns) add(id, delays.everywhere, delays.to)
    this.inForce = this.process.judge(ports)
    return this.inForce
  }

  #onSeen(seen: SeenDatagram) {
    const { rootId } = this.#options
    if (this.#own.has(seen.from)) {
      this.#carry(seen)
      return
    }
    const faults: string[] = []
    const { content, sender } = this.#decoder.decode(seen.bytes, (words) => faults.push(words))
    const member = this.#members.get((sender ?? seen.from) - rootId) ?? this.#members.get(seen.from - rootId)
    for (const words of faults) this.#complainOf(member, words)
    const leaving: Leaving = { seen, to: seen.to, content, tickets: new Set() }
    if (!member) this.#passStranger(leaving)
    else if (seen.passedAt !== null) {
      const key = this.#reportSent(member, leaving, {}, seen.at, 0)
      this.#onSent(key, seen.passedAt, seen.wasRefused)
    } else {
      member.gate.pass(leaving)
      this.#endUnlessHeld(leaving)
    }
  }

  /** Our own node has judged and reported it: it is only delayed here. */
  #carry(seen: SeenDatagram) {
    const { from, to, bytes, at, id } = seen
    const { delayMs, isChancy } = this.#owns.get(from - this.#options.rootId)?.delayTo(to) ?? HEALTHY
    const key = ++this.#keys
    const hash = wireHash(bytes)
    const reported = seen.passedAt === null && isChancy
    const { content } = this.#textDecoder.decode(bytes, () => {})
    this.#sending.set(key, { from, to, bytes, hash, content, ...(reported ? { delayId: key } : {}) })
    if (reported) {
      const fact = { type: 'airborne', from, delayMs, delayId: key, hash, inferred: true } as const
      this.#members.get(to - this.#options.rootId)?.node.report(fact, at)
    }
    if (seen.passedAt !== null) this.#onSent(key, seen.passedAt, seen.wasRefused)
    else {
      this.process.send(id, at + delayMs, key)
      this.process.end(id)
    }
  }

  #complainOf(member: Member | undefined, words: string) {
    this.#options.complain(words)
    if (member) member.node.onTrouble(words)
    else this.#tell(words)
  }

  /** No node is known to have sent it: it is on no link. */
  #passStranger({ seen, content }: Leaving) {
    this.#keys += 1
    const { from, to, bytes } = seen
    this.#sending.set(this.#keys, { from, to, bytes, hash: this.#keys, content, isStrange: true })
    if (seen.passedAt !== null) this.#onSent(this.#keys, seen.passedAt, seen.wasRefused)
    else {
      this.process.send(seen.id, 0, this.#keys)
      this.process.end(seen.id)
    }
  }

  #pass(member: Member, leaving: Leaving, passage: Passage) {
    const { ticket, fate } = passage
    if (ticket !== undefined) {
      member.held.delete(ticket)
      leaving.tickets.delete(ticket)
    }
    const at = ticket === undefined ? leaving.seen.at : now()
    const delayMs = timeInTheAir(member.faults.to[leaving.to], member.linkDelayMs, member.random)
    const key = this.#reportSent(member, leaving, passage, at, delayMs)
    if (fate === undefined) this.process.send(leaving.seen.id, at + delayMs, key)
    if (ticket !== undefined) this.#endUnlessHeld(leaving)
  }

  #hold({ node, held }: Member, leaving: Leaving, ticket: number, copyOf: number | undefined) {
    leaving.tickets.add(ticket)
    held.set(ticket, leaving)
    const { to, seen, content } = leaving
    const copy = copyOf === undefined ? {} : { copyOf }
    const at = copyOf === undefined ? seen.at : now()
    node.report({ type: 'held', ticket, to, why: 'program', content, ...sizeOf(seen), ...copy, inferred: true }, at)
  }

  #endUnlessHeld({ seen, tickets }: Leaving) {
    if (tickets.size === 0) this.process.end(seen.id)
  }

  /** Returns the key of the datagram. */
  #reportSent({ node }: Member, { seen, to, content }: Leaving, passage: Passage, at: number, delayMs: number): number {
    const key = ++this.#keys
    // Our own node reports its arrival, under the hash of its bytes.
    const hash = this.#own.has(to) ? wireHash(seen.bytes) : key
    const from = this.#options.rootId + node.id
    if (passage.fate === undefined) this.#sending.set(key, { from, to, bytes: seen.bytes, hash, content })
    const fact = { type: 'sent', to, why: 'program', content, ...sizeOf(seen), delayMs, hash } as const
    node.report({ ...fact, ...passage, inferred: true }, at)
    return key
  }

  #onSent(key: number, at: number, wasRefused: boolean) {
    const sending = this.#sending.get(key)
    this.#sending.delete(key)
    const receiver = sending && this.#members.get(sending.to - this.#options.rootId)
    if (!receiver) return
    const { from, bytes: data, content, isStrange, hash, delayId } = sending
    const delayed = delayId === undefined ? {} : { delayId }
    const arrival = { from, bytes: data.length, hash, inferred: true, ...delayed } as const
    if (wasRefused)
      receiver.node.report(
        { type: 'rejected', why: 'no program listened on the port', preview: previewOf(data), ...arrival },
        at,
      )
    else {
      receiver.node.bringers.note(content, from)
      const shown = isStrange && isReadable(content) ? { content } : {}
      receiver.node.report({ type: 'received', ...arrival, ...shown }, at)
    }
  }

  #onOverflow(port: number, lost: number) {
    const words = `${plural(lost, 'datagram')} that arrived at its UDP port ${lost === 1 ? 'is' : 'are'} lost: its receive buffer was full`
    this.#members.get(port - this.#options.rootId)?.node.onTrouble(words)
  }

  #tell(why: string) {
    for (const { node } of this.#members.values()) node.onTrouble(why)
  }
}

const HEALTHY = { delayMs: 0, isChancy: false }
