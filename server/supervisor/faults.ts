/** What is wrong on purpose with the links and nodes of a lab, and what waits at the gates. */
import type { FaultCommand, HeldName, LinkName, Release } from '../../shared/command-faults.ts'
import type { LabSettings } from '../../shared/event.ts'
import {
  type Behaviour,
  changeLinks,
  conditionOf,
  endsOf,
  HEALTHY,
  isHealthy,
  type LinkCondition,
  type LinkConditions,
  type LinkKey,
  wayOf,
} from '../../shared/fault.ts'
import type { HeldDatagram } from '../../shared/lab-state.ts'
import { heldName, nodeName, nodeNames } from '../../shared/names.ts'
import { neighboursOf } from '../../shared/topology.ts'
import type { NodeFaults } from '../node-link.ts'
import type { Journal } from './journal.ts'
import type { NodeProcess } from './node-process.ts'
import { LabRefusal, messageOf } from './refusal.ts'

export interface FaultsOptions {
  readonly journal: Journal
  settings(): LabSettings
  /** The nodes that run, by id. */
  readonly nodes: ReadonlyMap<number, NodeProcess>
  /** Links take another time now, and nodes have to be more or less patient. */
  onDelaysChanged(): void
}

/** All that is wrong on purpose. */
export interface Faulty {
  readonly links: LinkConditions
  readonly behaviours: ReadonlyMap<number, readonly Behaviour[]>
  readonly timersHeld: boolean
}

export class Faults {
  readonly #options: FaultsOptions
  #links: LinkConditions = {}
  readonly #behaviours = new Map<number, readonly Behaviour[]>()
  #timersHeld = false

  constructor(options: FaultsOptions) {
    this.#options = options
  }

  /** As one node is to know them. */
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

  /** The longest time that a datagram takes to or from a node, as far as it is no chance, in ms. */
  slowest(id: number): number {
    const { linkDelayMs } = this.#options.settings()
    const mine = this.#named()
      .filter(([key]) => key === '*' || endsOf(key).includes(id))
      .map(([, condition]) => condition)
    return Math.max(linkDelayMs, ...mine.map(({ delayMs, jitterMs }) => (delayMs ?? linkDelayMs) + jitterMs))
  }

  /** A new network has no faults. */
  clear() {
    this.#links = {}
    this.#behaviours.clear()
    this.#timersHeld = false
  }

  copy(): Faulty {
    return { links: this.#links, behaviours: new Map(this.#behaviours), timersHeld: this.#timersHeld }
  }

  /** For a network that is started again, before any of its nodes runs. */
  restore({ links, behaviours, timersHeld }: Faulty) {
    this.clear()
    this.#links = links
    if (this.#named().length > 0) this.#options.journal.append({ type: 'links', links })
    for (const [id, mischief] of behaviours) this.#behave(id, mischief)
    if (timersHeld) this.#holdTimers(true)
  }

  /** All links take the lab's time again. */
  clearDelays(): Promise<void> {
    const delayed = this.#named().filter(([, { delayMs }]) => delayMs !== null)
    return this.#setLinks(delayed.map(([key, condition]) => [key, { ...condition, delayMs: null }]))
  }

  /**
   * Resolves when it is in force at every node that runs.
   * @throws (rejects) LabRefusal when there is no such link or node, or a node does not answer.
   */
  async apply(command: Exclude<FaultCommand, { kind: 'release' | 'step' }>): Promise<void> {
    switch (command.kind) {
      case 'link': {
        const { change } = command
        const healed = (now: LinkCondition) => ({ ...HEALTHY, hold: now.hold })
        return this.#changeLinks(command.link, change === 'heal' ? healed : (now) => ({ ...now, ...change }))
      }
      case 'hold':
        return this.#changeLinks(command.link, (now) => ({ ...now, hold: command.on }))
      case 'behaviour':
        return this.#setBehaviour(command.id, command.behaviour, command.on)
      case 'timers':
        this.#holdTimers(command.held)
        return this.#tell(this.#options.nodes.keys())
      case 'heal':
        return this.#healAll()
    }
  }

  /** Lets held datagrams go, or loses or doubles them. Gives what they were. */
  async release(how: Release, which: HeldName | 'oldest'): Promise<readonly HeldDatagram[]> {
    // Whoever has just made something wait finds it there.
    await this.#options.journal.settled()
    const found = this.#find(which)
    const { rootId } = this.#options.settings()
    for (const { number, from, ticket } of found) {
      const node = this.#options.nodes.get(from - rootId)
      try {
        await node?.release(ticket, how)
      } catch (error) {
        throw new LabRefusal(`datagram ${number}: ${messageOf(error)}`)
      }
    }
    return found
  }

  #find(which: HeldName | 'oldest'): readonly HeldDatagram[] {
    const held = Object.values(this.#options.journal.state.held)
    if (which === 'all') return held
    const { rootId } = this.#options.settings()
    const fits = (datagram: HeldDatagram) => {
      if (which === 'oldest') return true
      if (typeof which === 'number') return datagram.number === which
      return datagram.from === rootId + which.from && datagram.to === rootId + which.to
    }
    const first = held.find(fits)
    if (first) return [first]
    if (held.length === 0) throw new LabRefusal('no datagram is held; hold on makes them wait')
    const where =
      typeof which === 'object'
        ? ` on ${wayOf(which.from, which.to)}`
        : ` ${typeof which === 'number' ? heldName(which) : which}`
    throw new LabRefusal(`no datagram${where} is held; held are ${summary(held.map(({ number }) => heldName(number)))}`)
  }

  async #changeLinks(link: LinkName, change: (now: LinkCondition) => LinkCondition): Promise<void> {
    const keys = link.ways === 'all' ? this.#everyKey() : this.#waysOf(link)
    await this.#setLinks(keys.map((key) => [key, change(conditionOf(this.#links, key))]))
  }

  async #setLinks(links: readonly (readonly [LinkKey, LinkCondition])[]): Promise<void> {
    if (links.length === 0) return
    const changed: LinkConditions = Object.fromEntries(links)
    this.#links = changeLinks(this.#links, changed)
    this.#options.journal.append({ type: 'links', links: changed })
    const keys = links.map(([key]) => key)
    try {
      await this.#tell(keys.flatMap((key) => (key === '*' ? [...this.#options.nodes.keys()] : endsOf(key))))
    } finally {
      this.#options.onDelaysChanged()
    }
  }

  /** Every link that is named, and all others. */
  #everyKey(): readonly LinkKey[] {
    return ['*', ...this.#named().map(([key]) => key)]
  }

  #named(): readonly (readonly [LinkKey, LinkCondition])[] {
    return Object.entries(this.#links) as [LinkKey, LinkCondition][]
  }

  #neighbours(): readonly (readonly number[])[] {
    const { topology, n, seed } = this.#options.settings()
    return neighboursOf(topology, n, seed)
  }

  #waysOf({ ways, from, to }: Exclude<LinkName, { ways: 'all' }>): readonly LinkKey[] {
    const neighbours = this.#neighbours()
    for (const id of [from, to]) this.#requireNode(id)
    if (!neighbours[from]?.includes(to)) {
      const others = nodeNames(neighbours[from] ?? [])
      throw new LabRefusal(
        `there is no link between ${nodeName(from)} and ${nodeName(to)}; ${nodeName(from)} has links to ${others}`,
      )
    }
    return ways === 'one' ? [wayOf(from, to)] : [wayOf(from, to), wayOf(to, from)]
  }

  async #setBehaviour(id: number, behaviour: Behaviour, on: boolean): Promise<void> {
    this.#requireNode(id)
    const others = (this.#behaviours.get(id) ?? []).filter((other) => other !== behaviour)
    this.#behave(id, on ? [...others, behaviour] : others)
    await this.#tell([id])
  }

  #behave(id: number, behaviours: readonly Behaviour[]) {
    this.#behaviours.set(id, behaviours)
    this.#options.journal.append({ type: 'behaves', node: id, behaviours })
  }

  #holdTimers(held: boolean) {
    this.#timersHeld = held
    this.#options.journal.append({ type: 'timers', held })
  }

  async #healAll(): Promise<void> {
    const cured = [...this.#behaviours].filter(([, behaviours]) => behaviours.length > 0).map(([id]) => id)
    for (const id of cured) this.#behave(id, [])
    const healed = this.#setLinks(this.#named().map(([key, { hold }]) => [key, { ...HEALTHY, hold }]))
    // A node that does not answer must not keep the others from being cured.
    await Promise.all([healed, this.#tell(cured)])
  }

  async #tell(ids: Iterable<number>): Promise<void> {
    const tellings = [...new Set(ids)].map(async (id) => {
      try {
        await this.#options.nodes.get(id)?.fail(this.of(id))
      } catch (error) {
        throw new LabRefusal(`node ${id}: ${messageOf(error)}`)
      }
    })
    await Promise.all(tellings)
  }

  #requireNode(id: number) {
    const { n } = this.#options.settings()
    if (id >= n) throw new LabRefusal(`there is no node ${id}: ids are 0 to ${n - 1}`)
  }
}

const SHOWN = 8
const summary = (names: readonly string[]) =>
  names.length <= SHOWN ? names.join(', ') : `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more`
