import { MAX_DATAGRAM_BYTES } from '../gossip/limits.ts'
import { byteLength } from '../gossip/text.ts'
import type { Release } from '../language/command-faults.ts'
import { type Air, way } from './air.ts'
import type { Payload } from './trace.ts'

export interface NetworkOptions {
  readonly air: Air
  /** How many ids there are; what is sent to another one is lost. */
  readonly n: number
  /** Has it arrive after so many ms. */
  deliver(to: number, what: Payload, delayMs: number): void
  onLost(from: number, to: number, what: Payload): void
}

/**
 * Carries datagrams between ids: what UDP and the link layer of a node do, on a virtual clock. One contract suite runs
 * against both (server/node/transport.test.ts).
 */
export class Network {
  readonly #options: NetworkOptions
  readonly #holding = new Set<string>()
  /** What waits for somebody's word, in the order in which it came, by its ticket. */
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

  /** From now on datagrams wait at this way's beginning. */
  hold(from: number, to: number) {
    this.#holding.add(way(from, to))
  }

  /** No longer; what waits goes, in the order in which it came. */
  free(from: number, to: number) {
    this.#holding.delete(way(from, to))
    for (const [ticket, held] of [...this.#held])
      if (held.from === from && held.to === to) this.release(ticket, 'deliver')
  }

  /** False when nothing waits under this ticket; they count from 1. */
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

/** A datagram that is no text yet has been made by a machine, and those are short enough. */
const isTooLong = (what: Payload): boolean =>
  typeof what === 'string' && what.length > MAX_DATAGRAM_BYTES / 3 && byteLength(what) > MAX_DATAGRAM_BYTES
