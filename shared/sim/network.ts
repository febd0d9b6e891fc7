/**
 * Carries datagrams between machines of the bare protocol on a virtual clock. The gate and the time in the air are those
 * of a node in a lab (`shared/node`), so that a fault has one model. One contract suite runs against both
 * (server/node/transport.test.ts).
 */
import { MAX_DATAGRAM_BYTES } from '../gossip/limits.ts'
import type { Random } from '../gossip/random.ts'
import { byteLength } from '../gossip/text.ts'
import { encodeDatagram } from '../gossip/wire.ts'
import type { Release } from '../language/command-faults.ts'
import { type LinkCondition, type Way, wayOf } from '../model/fault.ts'
import { timeInTheAir } from '../node/air.ts'
import { Gate, type GateOptions } from '../node/gate.ts'
import type { Links } from './links.ts'
import type { Payload } from './trace.ts'

export interface NetworkOptions {
  readonly links: Links
  readonly random: Random
  now(): number
  /** Returns the maximum datagram size of a node's system, in bytes. */
  mostBytes(id: number): number
  /** Calls `arrive` with the datagram after so many ms. */
  schedule(datagram: InTheAir, delayMs: number): void
  onArrival(to: number, what: Payload): void
  onLost(from: number, to: number, what: Payload): void
}

/** A datagram between its sender's gate and its receiver. */
export interface InTheAir {
  readonly kind: 'arrival'
  readonly to: number
  readonly what: Payload
  readonly sentAt: number
}

interface Leaving {
  readonly from: number
  readonly to: number
  readonly what: Payload
}

interface Port {
  readonly gate: Gate<Leaving>
  readonly openedAt: number
}

export class Network {
  readonly #options: NetworkOptions
  readonly #gateOptions: GateOptions<Leaving>
  /** Ports of live nodes, by id. */
  readonly #ports: (Port | undefined)[] = []
  /** Number of datagrams still to be lost, by direction. */
  readonly #toLose = new Map<Way, number>()

  constructor(options: NetworkOptions) {
    const { links, random } = options
    this.#options = options
    this.#gateOptions = {
      random,
      linkOf: ({ from, to }) => links.of(from, to),
      onPassage: (datagram, { fate }) => (fate === undefined ? this.#carry(datagram) : this.#lose(datagram)),
    }
  }

  /** Lets a node send and receive, with an empty gate. */
  open(id: number) {
    this.#ports[id] = { gate: new Gate(this.#gateOptions), openedAt: this.#options.now() }
  }

  /** Takes a node from the network; datagrams at its gate, and those in the air to it, are lost. */
  close(id: number) {
    this.#ports[id] = undefined
  }

  send(from: number, to: number, what: Payload) {
    const { mostBytes, onLost } = this.#options
    if (isTooLong(what, mostBytes(from))) onLost(from, to, what)
    else this.#ports[from]?.gate.pass({ from, to, what })
  }

  /** Changes one direction of a link. Datagrams leave when the link holds them no longer. */
  change(from: number, to: number, changes: Partial<LinkCondition>) {
    this.#options.links.change(from, to, changes)
    this.#ports[from]?.gate.releaseUnheld()
  }

  cut(from: number, to: number) {
    this.change(from, to, { cut: true })
  }

  heal(from: number, to: number) {
    this.change(from, to, { cut: false })
  }

  /** Clears all faults; slow links stay slow. */
  calm() {
    this.#options.links.calm()
    this.#toLose.clear()
    for (const port of this.#ports) port?.gate.releaseUnheld()
  }

  /** Loses the next `count` datagrams in one direction: chance for golden scenarios. */
  loseNext(from: number, to: number, count: number) {
    this.#toLose.set(wayOf(from, to), count)
    this.change(from, to, { loss: 100 })
  }

  /** Returns false when no datagram is held at the sender's gate under this ticket. */
  release(from: number, ticket: number, how: Release): boolean {
    return this.#ports[from]?.gate.release(ticket, how) ?? false
  }

  /** Delivers a datagram at the end of its time in the air, unless its receiver ended or restarted meanwhile. */
  arrive({ to, what, sentAt }: InTheAir) {
    const port = this.#ports[to]
    if (port && port.openedAt <= sentAt) this.#options.onArrival(to, what)
  }

  #carry({ from, to, what }: Leaving) {
    const { links, random, now, schedule } = this.#options
    const delayMs = timeInTheAir(links.of(from, to), links.linkDelayMs, random)
    schedule({ kind: 'arrival', to, what, sentAt: now() }, delayMs)
  }

  #lose({ from, to, what }: Leaving) {
    this.#options.onLost(from, to, what)
    if (this.#toLose.size === 0) return
    const way = wayOf(from, to)
    const left = (this.#toLose.get(way) ?? 0) - 1
    if (left > 0) this.#toLose.set(way, left)
    else if (this.#toLose.delete(way)) this.change(from, to, { loss: 0 })
  }
}

/** A machine's own datagrams fit into the largest size, so only text and smaller systems need a check. */
function isTooLong(what: Payload, most: number): boolean {
  if (typeof what === 'string') return what.length > most / 3 && byteLength(what) > most
  return most < MAX_DATAGRAM_BYTES && byteLength(encodeDatagram(what)) > most
}
