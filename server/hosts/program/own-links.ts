/**
 * The links from our own nodes to programs. Our node judges a datagram at its own gate, reports it, and leaves the time
 * in the air to its receiver; a program cannot serve that time, so the gate of the network does.
 */
import { createRandom, type Random } from '../../../shared/gossip/random.ts'
import { isChancy, timeInTheAir } from '../../../shared/node/air.ts'
import type { NodeFaults } from '../../../shared/node/node-faults.ts'

export interface OwnLinksOptions {
  readonly faults: NodeFaults
  readonly linkDelayMs: number
  readonly seed: number
}

/** A source of chance that is neither that of the protocol nor that of the node's own gate. */
const OTHER_DICE = 0xa1c

export class OwnLinks {
  readonly #random: Random
  #faults: NodeFaults
  #linkDelayMs: number

  constructor({ faults, linkDelayMs, seed }: OwnLinksOptions) {
    this.#random = createRandom(seed ^ OTHER_DICE)
    this.#faults = faults
    this.#linkDelayMs = linkDelayMs
  }

  configure({ faults, linkDelayMs }: Partial<OwnLinksOptions>) {
    this.#faults = faults ?? this.#faults
    this.#linkDelayMs = linkDelayMs ?? this.#linkDelayMs
  }

  /** Whether all links may have a delay, and the UDP ports to which a link may have one of its own. */
  get delays(): { readonly everywhere: boolean; readonly to: readonly number[] } {
    return { everywhere: this.#linkDelayMs > 0, to: Object.keys(this.#faults.to).map(Number) }
  }

  /** Returns the time in the air of one datagram, in ms, and whether only chance knows it. */
  delayTo(port: number): { readonly delayMs: number; readonly isChancy: boolean } {
    const link = this.#faults.to[port]
    const delayMs = timeInTheAir(link, this.#linkDelayMs, this.#random)
    return { delayMs, isChancy: link !== undefined && isChancy(link) }
  }
}
