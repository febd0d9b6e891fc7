/**
 * The gate of a node: every datagram leaves through it, and it applies the faults of a link at sending. A cut or lossy
 * link ends a datagram here; a held link makes it wait for a person; a duplicating link makes two of it. The receiver
 * serves the time in the air (air.ts). While all links are healthy, a datagram passes without a look-up.
 */

import type { Random } from '../gossip/random.ts'
import type { Release } from '../language/command-faults.ts'
import type { AnyContent, EventOf, NodeFact } from '../model/event.ts'
import { type Fate, HEALTHY, type LinkCondition } from '../model/fault.ts'

/** Maximum number of datagrams held at one node's gate; further ones are reported as lost. */
export const MAX_HELD_DATAGRAMS = 1_000

export interface Outgoing {
  readonly to: number
  readonly why: EventOf<'sent'>['why']
  readonly bytes: Uint8Array
  readonly content: AnyContent
}

/** The fate of the datagram: it left, or it was lost for a reason. */
export interface Passage {
  readonly fate?: Fate
  readonly copy?: true
  /** Ticket under which the datagram was held here. */
  readonly ticket?: number
}

export interface GateOptions {
  /** A datagram has passed, or has ended here. Without a fate it must be sent now. */
  onPassage(datagram: Outgoing, passage: Passage): void
  onHeld(fact: Extract<NodeFact, { type: 'held' }>): void
  readonly random: Random
}

const FREE: Passage = {}

export class Gate {
  readonly #options: GateOptions
  #links: ReadonlyMap<number, LinkCondition> = new Map()
  /** Held datagrams in order of arrival. */
  readonly #held = new Map<number, Outgoing>()
  #tickets = 0

  constructor(options: GateOptions) {
    this.#options = options
  }

  pass(datagram: Outgoing) {
    const link = this.#links.size === 0 ? undefined : this.#links.get(datagram.to)
    if (!link) this.#options.onPassage(datagram, FREE)
    else if (link.cut) this.#options.onPassage(datagram, { fate: 'cut' })
    else if (this.#happens(link.loss)) this.#options.onPassage(datagram, { fate: 'loss' })
    else if (link.hold) this.#hold(datagram)
    else {
      this.#options.onPassage(datagram, FREE)
      if (this.#happens(link.duplicate)) this.#options.onPassage(datagram, { copy: true })
    }
  }

  /**
   * Sets the faults, by the neighbours' UDP ports. Datagrams on a link that is no longer held leave in order of
   * arrival.
   */
  configure(links: Readonly<Record<number, LinkCondition>>) {
    this.#links = new Map(Object.entries(links).map(([port, link]) => [Number(port), link]))
    for (const [ticket, { to }] of [...this.#held])
      if (!(this.#links.get(to) ?? HEALTHY).hold) this.release(ticket, 'deliver')
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
    this.#options.onPassage(datagram, how === 'drop' ? { fate: 'dropped', ticket } : { ticket })
    return true
  }

  #hold(datagram: Outgoing, copyOf?: number) {
    if (this.#held.size >= MAX_HELD_DATAGRAMS) {
      this.#options.onPassage(datagram, { fate: 'gate full' })
      return
    }
    const ticket = ++this.#tickets
    this.#held.set(ticket, datagram)
    const { to, why, bytes, content } = datagram
    const copy = copyOf === undefined ? {} : { copyOf }
    this.#options.onHeld({ type: 'held', ticket, to, why, bytes: bytes.length, content, ...copy })
  }

  #happens(percent: number): boolean {
    return percent > 0 && this.#options.random.next() * 100 < percent
  }
}
