import { MAX_DATAGRAM_BYTES } from '../gossip/limits.ts'
import { byteLength } from '../gossip/text.ts'
import type { Release } from '../language/command-faults.ts'
import { type Air, way } from './air.ts'
import type { Payload } from './trace.ts'

export interface NetworkOptions {
  readonly air: Air
  /** Number of ids; datagrams to other ids are lost. */
  readonly n: number
  /** Makes it arrive after so many ms. */
  deliver(to: number, what: Payload, delayMs: number): void
  onLost(from: number, to: number, what: Payload): void
}

/**
 * Carries datagrams between ids on a virtual clock, as UDP and the link layer of a node do. One contract suite runs
 * against both (server/node/transport.test.ts).
 */
export class Network {
  readonly #options: NetworkOptions
  readonly #holding = new Set<string>()
  /** Held datagrams in order of arrival, by ticket. */
  readonly #held = new Map<number, { readonly from: number; readonly to: number; readonly what: Payload }>()
  #tickets = 0

  constructor(options: NetworkOptions) {
    this.#options = options
  }

  send(from: number, to: number, what: Payload) {
    const { n, onLost } = this.#options
    if (to < 0 || to >= n) return
    if (isTooLong(what)) onLost(from, to, what)
    else if (this.#holding.size > 0 && this.#holding.has(way(from, to)))
      this.#held.set(++this.#tickets, { from, to, what })
    else this.#carry(from, to, what)
  }

  /** Holds datagrams in this direction from now on. */
  hold(from: number, to: number) {
    this.#holding.add(way(from, to))
  }

  /** Stops holding; held datagrams leave in order of arrival. */
  free(from: number, to: number) {
    this.#holding.delete(way(from, to))
    for (const [ticket, held] of [...this.#held])
      if (held.from === from && held.to === to) this.release(ticket, 'deliver')
  }

  /** Returns false when no datagram is held under this ticket; tickets count from 1. */
  release(ticket: number, how: Release): boolean {
    const held = this.#held.get(ticket)
    if (!held) return false
    if (how === 'duplicate') {
      this.#held.set(++this.#tickets, held)
      return true
    }
    this.#held.delete(ticket)
    if (how === 'drop') this.#options.onLost(held.from, held.to, held.what)
    else this.#options.deliver(held.to, held.what, this.#options.air.delay())
    return true
  }

  #carry(from: number, to: number, what: Payload) {
    const { air, deliver, onLost } = this.#options
    const delays = air.delays(from, to)
    if (delays.length === 0) onLost(from, to, what)
    for (const delay of delays) deliver(to, what, delay)
  }
}

/** A datagram that is no text yet comes from a machine, and is short enough. */
const isTooLong = (what: Payload): boolean =>
  typeof what === 'string' && what.length > MAX_DATAGRAM_BYTES / 3 && byteLength(what) > MAX_DATAGRAM_BYTES
