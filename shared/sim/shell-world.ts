/**
 * Runs the shells of many nodes on a virtual machine, as `World` runs the bare protocol. Datagrams leave through their
 * nodes' own gates, and spend their time in the air, as those of a lab do.
 */
import { createRandom, type Random } from '../gossip/random.ts'
import { DEFAULTS, type Settings } from '../gossip/settings.ts'
import type { LinkCondition } from '../model/fault.ts'
import { ACKNOWLEDGE_AFTER_MS } from '../node/gossip-node.ts'
import type { NodeFaults } from '../node/node-faults.ts'
import { type Life, type LifeOptions, startPlain, startShell } from './life.ts'
import { Links } from './links.ts'
import type { StoryWorld } from './story.ts'
import type { TraceEvent } from './trace.ts'
import { NO_SOCKETS, VirtualMachine } from './virtual-machine.ts'
import { startVirtualProcess } from './virtual-process.ts'
import { VirtualWire } from './virtual-wire.ts'

export interface ShellWorldOptions {
  readonly seed: number
  /** Ids of each node's neighbours, by id. */
  readonly neighbours: readonly (readonly number[])[]
  readonly settings: Partial<Settings>
  /** Condition of every link. */
  readonly faults: Partial<LinkCondition>
  /** Ids of nodes that run the report's plain protocol. */
  readonly plain: readonly number[]
  /** See World. */
  readonly standalone: boolean
  readonly reuseGenerations: boolean
  readonly watch: (event: TraceEvent) => void
}

interface ShellNode {
  readonly id: number
  life: Life | undefined
  lives: number
  /** Generation of its next start, as a standalone node remembers it. */
  remembered: number
  hoards: boolean
}

export class ShellWorld implements StoryWorld {
  readonly rootId = 40_000
  readonly settings: Settings
  readonly nodes: readonly ShellNode[]
  readonly #options: ShellWorldOptions
  readonly #machine = new VirtualMachine(NO_SOCKETS)
  readonly #wire = new VirtualWire(this.#machine)
  readonly #random: Random
  readonly #links: Links
  /** Number of nodes that do not listen yet. */
  #starting: Promise<void>[] = []

  constructor(options: ShellWorldOptions) {
    this.#options = options
    this.settings = { ...DEFAULTS, ...options.settings }
    this.#random = createRandom(options.seed)
    this.#links = new Links(options.faults)
    this.nodes = options.neighbours.map((_, id) => ({ id, life: undefined, lives: 0, remembered: 0, hoards: false }))
  }

  get now(): number {
    return this.#machine.now()
  }

  get isStandalone(): boolean {
    return this.#options.standalone
  }

  get roundTripMs(): number {
    return this.#links.roundTripMs + ACKNOWLEDGE_AFTER_MS
  }

  livesOf = (id: number): number => this.nodes[id]?.lives ?? 0

  isAlive = (id: number): boolean => this.nodes[id]?.life !== undefined

  isPlain = (id: number): boolean => this.#options.plain.includes(id)

  neighboursOf = (id: number): readonly number[] => this.#options.neighbours[id] ?? []

  held = (id: number) => this.nodes[id]?.life?.entries() ?? []

  start(id: number) {
    const node = this.nodes[id]
    if (!node || node.life) return
    const { reuseGenerations, standalone } = this.#options
    const generation = reuseGenerations || this.isPlain(id) ? 0 : standalone ? node.remembered : node.lives
    node.lives += 1
    node.remembered = generation + 1
    this.#watch({ at: this.now, type: 'started', node: id, generation })
    const options: LifeOptions = {
      ...startVirtualProcess(this.#machine, this.#wire),
      id,
      rootId: this.rootId,
      port: this.rootId + id,
      generation,
      generationIs: standalone ? 'remembered' : 'counted',
      seed: this.#random.below(2 ** 32),
      neighbours: this.neighboursOf(id).map((other) => this.rootId + other),
      settings: this.settings,
      linkDelayMs: this.#links.linkDelayMs,
      faults: this.#faultsOf(node),
      onNewLife: (latest) => {
        node.remembered = latest + 1
      },
      watch: (event) => this.#watch(event),
    }
    node.life = this.isPlain(id) ? startPlain(options) : startShell(options)
    this.#starting.push(node.life.ready)
  }

  end(id: number, lastWords: boolean) {
    const node = this.nodes[id]
    if (!node?.life) return
    node.life.end(lastWords)
    node.life = undefined
    this.#watch({ at: this.now, type: 'ended', node: id })
  }

  forget(id: number) {
    const node = this.nodes[id]
    if (node) node.remembered = 0
  }

  type(id: number, text: string) {
    const life = this.nodes[id]?.life
    if (!life) return
    this.#watch({ at: this.now, type: 'typed', node: id, text })
    life.type(text)
  }

  hoard(id: number, hoards: boolean) {
    const node = this.nodes[id]
    if (!node) return
    node.hoards = hoards
    this.#tell(node)
  }

  change(from: number, to: number, changes: Partial<LinkCondition>) {
    this.#links.change(from, to, changes)
    for (const id of [from, to]) this.#tell(this.nodes[id])
  }

  calm() {
    this.#links.calm()
    for (const node of this.nodes) this.#tell(node)
  }

  async run(until: number) {
    await Promise.all(this.#starting)
    this.#starting = []
    this.#machine.advance(until - this.now)
  }

  #tell(node: ShellNode | undefined) {
    node?.life?.fail(this.#faultsOf(node))
  }

  #faultsOf({ id, hoards }: ShellNode): NodeFaults {
    const links = (condition: (other: number) => LinkCondition) =>
      Object.fromEntries(this.neighboursOf(id).map((other) => [this.rootId + other, condition(other)]))
    return {
      to: links((other) => this.#links.of(id, other)),
      from: links((other) => this.#links.of(other, id)),
      behaviours: hoards ? ['hoard'] : [],
      timersHeld: false,
    }
  }

  #watch(event: TraceEvent) {
    this.#options.watch(event)
  }
}
