/**
 * The gate of a node: every datagram leaves through it, and it applies the faults of a link at sending. A cut or lossy
 * link ends a datagram here; a held link makes it wait for a person; a duplicating link makes two of it. The receiver
 * serves the time in the air (air.ts). Nodes of a lab and machines of the simulator (`shared/sim`) have the same gate.
 */

import type { Random } from '../gossip/random.ts'
import type { Release } from '../language/command-faults.ts'
import type { Fate, LinkCondition } from '../model/fault.ts'

/** Maximum number of datagrams held at one node's gate; further ones are reported as lost. */
export const MAX_HELD_DATAGRAMS = 1_000
/** Maximum size of those, in bytes: the lab keeps what they say, of up to 64 nodes. */
export const MAX_HELD_BYTES = 1_048_576

/** The fate of the datagram: it left, or it was lost for a reason. */
export interface Passage {
  readonly fate?: Fate
  readonly copy?: true
  /** Ticket under which the datagram was held here. */
  readonly ticket?: number
}

export interface GateOptions<Leaving> {
  /** Returns the condition of the link that a datagram takes; undefined when the link is healthy. */
  linkOf(datagram: Leaving): LinkCondition | undefined
  /** A datagram has passed, or has ended here. Without a fate it must be sent now. */
  onPassage(datagram: Leaving, passage: Passage): void
  /** A datagram is held under a ticket. `copyOf` is the ticket of the held datagram that a person duplicated. */
  onHeld?(datagram: Leaving, ticket: number, copyOf: number | undefined): void
  /** Returns the size of a datagram, in bytes. */
  bytesOf?(datagram: Leaving): number
  readonly random: Random
}

const FREE: Passage = {}

export class Gate<Leaving> {
  readonly #options: GateOptions<Leaving>
  /** Held datagrams in order of arrival. */
  readonly #held = new Map<number, Leaving>()
  #heldBytes = 0
  #tickets = 0

  constructor(options: GateOptions<Leaving>) {
    this.#options = options
  }

  pass(datagram: Leaving) {
    const link = this.#options.linkOf(datagram)
    if (!link) this.#options.onPassage(datagram, FREE)
    else if (link.cut) this.#options.onPassage(datagram, { fate: 'cut' })
    else if (this.#happens(link.loss)) this.#options.onPassage(datagram, { fate: 'loss' })
    else if (link.hold) this.#hold(datagram)
    else {
      this.#options.onPassage(datagram, FREE)
      if (this.#happens(link.duplicate)) this.#options.onPassage(datagram, { copy: true })
    }
  }

  /** Releases the datagrams on links that hold no longer, in order of arrival. Call it after links have changed. */
  releaseUnheld() {
    for (const [ticket, datagram] of [...this.#held])
      if (!this.#options.linkOf(datagram)?.hold) this.release(ticket, 'deliver')
  }

  /** Returns false when no datagram is held under this ticket. */
  release(ticket: number, how: Release): boolean {
    const datagram = this.#held.get(ticket)
    if (!datagram) return false
    if (how === 'duplicate') {
      this.#hold(datagram, ticket)
      return true
    }
    this.#held.delete(ticket)
    this.#heldBytes -= this.#bytesOf(datagram)
    this.#options.onPassage(datagram, how === 'drop' ? { fate: 'dropped', ticket } : { ticket })
    return true
  }

  /** Holds datagrams that were held before, under their tickets. Nothing is reported. */
  resume(held: readonly { readonly ticket: number; readonly datagram: Leaving }[]) {
    for (const { ticket, datagram } of held) {
      this.#held.set(ticket, datagram)
      this.#heldBytes += this.#bytesOf(datagram)
      this.#tickets = Math.max(this.#tickets, ticket)
    }
  }

  #hold(datagram: Leaving, copyOf?: number) {
    const bytes = this.#heldBytes + this.#bytesOf(datagram)
    if (this.#held.size >= MAX_HELD_DATAGRAMS || bytes > MAX_HELD_BYTES) {
      this.#options.onPassage(datagram, { fate: 'gate full' })
      return
    }
    const ticket = ++this.#tickets
    this.#held.set(ticket, datagram)
    this.#heldBytes = bytes
    this.#options.onHeld?.(datagram, ticket, copyOf)
  }

  #bytesOf(datagram: Leaving): number {
    return this.#options.bytesOf?.(datagram) ?? 0
  }

  #happens(percent: number): boolean {
    return percent > 0 && this.#options.random.next() * 100 < percent
  }
}
