/**
 * The gate of a node: every datagram leaves through it, and it decides what happens at sending. A link that is cut or
 * loses it lets it end here; one that is held makes it wait for somebody's word; another makes two of it. The time in
 * the air is served by the receiver (air.ts). While all links are healthy a datagram passes without a look.
 */

import type { Random } from '../gossip/random.ts'
import type { Release } from '../language/command-faults.ts'
import type { AnyContent, EventOf, NodeFact } from '../model/event.ts'
import { type Fate, HEALTHY, type LinkCondition } from '../model/fault.ts'

/** Datagrams that wait at one node's gate; past it they are lost and say so. */
export const MAX_HELD_DATAGRAMS = 1_000

export interface Outgoing {
  readonly to: number
  readonly why: EventOf<'sent'>['why']
  readonly bytes: Uint8Array
  readonly content: AnyContent
}

/** How it left, or did not. */
export interface Passage {
  readonly fate?: Fate
  readonly copy?: true
  /** Under which it waited here. */
  readonly ticket?: number
}

export interface GateOptions {
  /** A datagram has got through, or has come to its end: without a fate it is to be sent. */
  onPassage(datagram: Outgoing, passage: Passage): void
  onHeld(fact: Extract<NodeFact, { type: 'held' }>): void
  readonly random: Random
}

const FREE: Passage = {}

export class Gate {
  readonly #options: GateOptions
  #links: ReadonlyMap<number, LinkCondition> = new Map()
  /** In the order in which they came. */
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

  /** By the neighbours' UDP ports. What waits on a link that is no longer held goes, in the order in which it came. */
  configure(links: Readonly<Record<number, LinkCondition>>) {
    this.#links = new Map(Object.entries(links).map(([port, link]) => [Number(port), link]))
    for (const [ticket, { to }] of [...this.#held])
      if (!(this.#links.get(to) ?? HEALTHY).hold) this.release(ticket, 'deliver')
  }

  /** False when nothing waits under this ticket. */
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
