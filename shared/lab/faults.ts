/** Manages the deliberate faults of a lab's links and nodes, and the datagrams held at the gates. */

import type { FaultCommand, HeldName, LinkName, Release } from '../language/command-faults.ts'
import { linksChangedBy } from '../language/link-change.ts'
import {
  type Behaviour,
  changeLinks,
  conditionOf,
  endsOf,
  isHealthy,
  type LinkCondition,
  type LinkConditions,
  type LinkKey,
  wayOf,
} from '../model/fault.ts'
import type { LabSettings } from '../model/lab-settings.ts'
import type { HeldDatagram, LabState } from '../model/lab-state.ts'
import { heldName, nodeName, nodeNames } from '../model/names.ts'
import { neighboursOf } from '../model/topology.ts'
import type { NodeFaults } from '../node/node-faults.ts'
import { type AbleNodes, requireFault } from './abilities.ts'
import type { NodeHandle } from './node-host.ts'
import { LabRefusal, messageOf } from './refusal.ts'
import type { Sequencer } from './sequencer.ts'
import { silentOf } from './silent-nodes.ts'

export interface FaultsOptions {
  readonly sequencer: Sequencer
  settings(): LabSettings
  /** The nodes that run, by id. */
  readonly nodes: ReadonlyMap<number, NodeHandle>
  /** Returns what is known of the abilities of all nodes. */
  able(): AbleNodes
  /** Called when delays of links have changed, so that the nodes adapt their timeouts. */
  onDelaysChanged(): void
}

/** All deliberate faults. */
export interface Faulty {
  readonly links: LinkConditions
  readonly behaviours: ReadonlyMap<number, readonly Behaviour[]>
  readonly timersHeld: boolean
}

export interface Released {
  /** The faults before the change. */
  readonly released: readonly HeldDatagram[]
  /** The datagrams that could not be released, and why. */
  readonly problems: readonly string[]
}

export class Faults {
  readonly #options: FaultsOptions
  #links: LinkConditions = {}
  readonly #behaviours = new Map<number, readonly Behaviour[]>()
  #timersHeld = false

  constructor(options: FaultsOptions) {
    this.#options = options
  }

  /** Returns the faults in the form that one node gets. */
  of(id: number): NodeFaults {
    const { rootId } = this.#options.settings()
    const neighbours = Object.keys(this.#links).length > 0 ? (this.#neighbours()[id] ?? []) : []
    const named = (conditionTo: (neighbour: number) => LinkCondition): Record<number, LinkCondition> =>
      Object.fromEntries(
        neighbours
          .map((neighbour) => [rootId + neighbour, conditionTo(neighbour)] as const)
          .filter(([, condition]) => !isHealthy(condition)),
      )
    const to = named((neighbour) => conditionOf(this.#links, wayOf(id, neighbour)))
    const from = named((neighbour) => conditionOf(this.#links, wayOf(neighbour, id)))
    return { to, from, behaviours: this.#behaviours.get(id) ?? [], timersHeld: this.#timersHeld }
  }

  /** Returns the longest delay of any link to or from a node, without random parts, in ms. */
  slowest(id: number): number {
    const { linkDelayMs } = this.#options.settings()
    const mine = this.#named()
      .filter(([key]) => key === '*' || endsOf(key).includes(id))
      .map(([, condition]) => condition)
    return Math.max(linkDelayMs, ...mine.map(({ delayMs, jitterMs }) => (delayMs ?? linkDelayMs) + jitterMs))
  }

  /** Clears all faults for a new network. */
  clear() {
    this.#links = {}
    this.#behaviours.clear()
    this.#timersHeld = false
  }

  copy(): Faulty {
    return { links: this.#links, behaviours: new Map(this.#behaviours), timersHeld: this.#timersHeld }
  }

  /** Continues with the faults of a state, which stay as they are. */
  resume({ links, nodes, timersHeld }: LabState) {
    this.#links = links
    for (const { id, behaviours } of nodes) this.#behaviours.set(id, behaviours)
    this.#timersHeld = timersHeld
  }

  /** Restores the faults of a restarted network, before any of its nodes runs. */
  restore({ links, behaviours, timersHeld }: Faulty) {
    this.clear()
    this.#links = links
    if (this.#named().length > 0) this.#options.sequencer.append({ type: 'links', links })
    for (const [id, mischief] of behaviours) this.#behave(id, mischief)
    if (timersHeld) this.#holdTimers(true)
  }

  /** Resets all links to the lab's delay. Resolves as `apply`. */
  clearDelays(): Promise<readonly number[]> {
    return this.#setLinks(linksChangedBy({ kind: 'delay' }, this.#links))
  }

  /**
   * Resolves when the fault is in force, with the ids of the nodes that do not respond: it takes effect there when they
   * continue.
   * @throws (rejects) LabRefusal if there is no such link or node, or a node does not support it; then nothing has
   * changed.
   */
  async apply(command: Exclude<FaultCommand, { kind: 'release' | 'step' }>): Promise<readonly number[]> {
    requireFault(this.#options.able(), command, this.#links)
    switch (command.kind) {
      case 'link':
      case 'hold':
        this.#requireLink(command.link)
        return this.#setLinks(linksChangedBy(command, this.#links))
      case 'behaviour':
        return this.#setBehaviour(command.id, command.behaviour, command.on)
      case 'timers':
        this.#holdTimers(command.held)
        return this.#tell(this.#options.nodes.keys())
      case 'heal':
        return this.#healAll()
    }
  }

  /**
   * Delivers, drops or duplicates held datagrams.
   * @throws (rejects) LabRefusal if none is held under this name, or all releases failed.
   */
  async release(how: Release, which: HeldName | 'oldest'): Promise<Released> {
    // Waits for reports, so that a caller who has just caused a datagram to be held finds it.
    await this.#options.sequencer.flushed()
    const released: HeldDatagram[] = []
    const kept = new Map<string, string[]>()
    for (const datagram of this.#find(which)) {
      const why = await this.#releaseOne(how, datagram)
      if (why === undefined) released.push(datagram)
      else kept.set(why, [...(kept.get(why) ?? []), heldName(datagram.number)])
    }
    const problems = [...kept].map(([why, names]) => `${summary(names)}: ${why}`)
    if (released.length === 0) throw new LabRefusal(problems.join('; '))
    return { released, problems }
  }

  /** Returns why the release failed, or undefined. */
  async #releaseOne(how: Release, { from, ticket }: HeldDatagram): Promise<string | undefined> {
    const id = from - this.#options.settings().rootId
    const node = this.#options.nodes.get(id)
    if (!node) return `it was lost when node ${id} ended`
    try {
      await node.release(ticket, how)
      return undefined
    } catch (error) {
      return `node ${id}: ${messageOf(error)}`
    }
  }

  #find(which: HeldName | 'oldest'): readonly HeldDatagram[] {
    const held = Object.values(this.#options.sequencer.state.held)
    if (which === 'all') return held
    const { rootId } = this.#options.settings()
    const fits = (datagram: HeldDatagram) => {
      if (which === 'oldest') return true
      if (typeof which === 'number') return datagram.number === which
      return datagram.from === rootId + which.from && datagram.to === rootId + which.to
    }
    const first = held.find(fits)
    if (first) return [first]
    if (held.length === 0) throw new LabRefusal('no datagrams are held; hold on holds them')
    const where =
      typeof which === 'object'
        ? ` on ${wayOf(which.from, which.to)}`
        : ` ${typeof which === 'number' ? heldName(which) : which}`
    throw new LabRefusal(
      `no datagram${where} is held; held datagrams are ${summary(held.map(({ number }) => heldName(number)))}`,
    )
  }

  async #setLinks(links: readonly (readonly [LinkKey, LinkCondition])[]): Promise<readonly number[]> {
    if (links.length === 0) return []
    const changed: LinkConditions = Object.fromEntries(links)
    this.#links = changeLinks(this.#links, changed)
    this.#options.sequencer.append({ type: 'links', links: changed })
    const keys = links.map(([key]) => key)
    try {
      return await this.#tell(keys.flatMap((key) => (key === '*' ? [...this.#options.nodes.keys()] : endsOf(key))))
    } finally {
      this.#options.onDelaysChanged()
    }
  }

  #named(): readonly (readonly [LinkKey, LinkCondition])[] {
    return Object.entries(this.#links) as [LinkKey, LinkCondition][]
  }

  #neighbours(): readonly (readonly number[])[] {
    const { topology, n, seed } = this.#options.settings()
    return neighboursOf(topology, n, seed)
  }

  #requireLink(link: LinkName) {
    if (link.ways === 'all') return
    const { from, to } = link
    const neighbours = this.#neighbours()
    for (const id of [from, to]) this.#requireNode(id)
    if (!neighbours[from]?.includes(to)) {
      const others = nodeNames(neighbours[from] ?? [])
      throw new LabRefusal(
        `there is no link between ${nodeName(from)} and ${nodeName(to)}; ${nodeName(from)} has links to ${others}`,
      )
    }
  }

  #setBehaviour(id: number, behaviour: Behaviour, on: boolean): Promise<readonly number[]> {
    this.#requireNode(id)
    const others = (this.#behaviours.get(id) ?? []).filter((other) => other !== behaviour)
    this.#behave(id, on ? [...others, behaviour] : others)
    return this.#tell([id])
  }

  #behave(id: number, behaviours: readonly Behaviour[]) {
    this.#behaviours.set(id, behaviours)
    this.#options.sequencer.append({ type: 'behaves', node: id, behaviours })
  }

  #holdTimers(held: boolean) {
    this.#timersHeld = held
    this.#options.sequencer.append({ type: 'timers', held })
  }

  async #healAll(): Promise<readonly number[]> {
    const cured = [...this.#behaviours].filter(([, behaviours]) => behaviours.length > 0).map(([id]) => id)
    for (const id of cured) this.#behave(id, [])
    const healed = this.#setLinks(linksChangedBy({ kind: 'heal' }, this.#links))
    return [...new Set((await Promise.all([healed, this.#tell(cured)])).flat())]
  }

  #tell(ids: Iterable<number>): Promise<readonly number[]> {
    return silentOf(ids, (id) => this.#options.nodes.get(id)?.fail(this.of(id)))
  }

  #requireNode(id: number) {
    const { n } = this.#options.settings()
    if (id >= n) throw new LabRefusal(`there is no node ${id}: ids are 0 to ${n - 1}`)
  }
}

const SHOWN = 8
const summary = (names: readonly string[]) =>
  names.length <= SHOWN ? names.join(', ') : `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more`
