/** The lab: which nodes there are, who is whose neighbour, and every process behind them. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import type { FaultCommand, HeldName, Release } from '../../shared/command-faults.ts'
import type { End, LabSettings, ViewersMay } from '../../shared/event.ts'
import { MAX_GENERATION } from '../../shared/gossip/limits.ts'
import type { Settings } from '../../shared/gossip/settings.ts'
import type { HeldDatagram } from '../../shared/lab-state.ts'
import { MAX_NODES } from '../../shared/limits.ts'
import { toMicroseconds } from '../../shared/microseconds.ts'
import { neighboursOf } from '../../shared/topology.ts'
import { now } from '../clock.ts'
import type { NodeConfig } from '../node-link.ts'
import { unregister } from '../runtime/registry.ts'
import { systemWords } from '../system-errors.ts'
import { Faults } from './faults.ts'
import { Journal } from './journal.ts'
import { NodeEnded, NodeProcess } from './node-process.ts'
import { explainPortsInUse } from './ports.ts'
import { LabRefusal, messageOf } from './refusal.ts'
import { Turns } from './turns.ts'

export interface LabOptions {
  readonly settings: LabSettings
  /** The file that is run for each node. */
  readonly bundle: string
  /** Where nodes list themselves. */
  readonly runtime: string
  /** Given where a run is to be repeated: the seed of each life of each node. By chance otherwise. */
  readonly seedOf?: (id: number, generation: number) => number
}

export type NetworkChanges = Partial<Omit<LabSettings, 'gossip' | 'keyed'>> & { readonly gossip?: Partial<Settings> }

/** What came of a start: a node's process, a further TCP interface of one that ran, or nothing that was not there. */
export type Started = 'a process' | 'an interface' | 'nothing'

export { LabRefusal }

/** Nodes started side by side; more only get in each other's way. */
const STARTED_AT_ONCE = 8
const MAX_PORT = 65_535

export class Lab {
  /** Names this life of the lab. */
  readonly id = randomUUID()
  /** When the lab began, in ms since 1970. */
  readonly beganAt = Date.now()
  readonly journal: Journal
  readonly #began = now()
  readonly #options: LabOptions
  readonly #nodes = new Map<number, NodeProcess>()
  /** The generation of each node's next life. */
  readonly #generations = new Map<number, number>()
  readonly #releaseListeners = new Set<() => void>()
  readonly #turns = new Turns()
  readonly #faults: Faults
  #settings: LabSettings
  /** That the nodes share while the settings say `keyed`. It is told to nobody else, and not reported. */
  #key: string | undefined
  #viewersMay: ViewersMay = 'watch'
  #closed = false

  constructor(options: LabOptions) {
    this.#options = options
    this.#settings = options.settings
    if (options.settings.keyed) this.#key = newKey()
    this.journal = new Journal({ now: () => this.now(), onRelease: () => this.#notify() })
    this.#faults = new Faults({
      journal: this.journal,
      nodes: this.#nodes,
      settings: () => this.#settings,
      onDelaysChanged: () => this.#configureNodes(),
    })
  }

  /** ms since the lab began. */
  now(): number {
    return lab(now() - this.#began)
  }

  get settings(): LabSettings {
    return this.#settings
  }

  /** In force at once, before the event has got its number. */
  get viewersMay(): ViewersMay {
    return this.#viewersMay
  }

  letViewers(may: ViewersMay) {
    if (may === this.#viewersMay) return
    this.#viewersMay = may
    this.journal.append({ type: 'viewers', may })
  }

  /** Calls back after each batch of new events; gives what ends that. */
  onRelease(listener: () => void): () => void {
    this.#releaseListeners.add(listener)
    return () => this.#releaseListeners.delete(listener)
  }

  /**
   * A new network, every node from the beginning; with these changes to the settings of the one before.
   * @throws (rejects) LabRefusal when ports are taken; then the network before is gone too.
   */
  startNetwork(changes: NetworkChanges): Promise<void> {
    return this.#turns.onNetwork(() => this.#startNetwork(this.#with(changes)))
  }

  /** A new network of which no node runs yet: they are started one by one. */
  openNetwork(changes: NetworkChanges): Promise<void> {
    return this.#turns.onNetwork(() => this.#openNetwork(this.#with(changes)))
  }

  #with(changes: NetworkChanges): LabSettings {
    return { ...this.#settings, ...changes, gossip: { ...this.#settings.gossip, ...changes.gossip } }
  }

  async #startNetwork(settings: LabSettings): Promise<void> {
    await this.#openNetwork(settings)
    const ids = Array.from({ length: settings.n }, (_, id) => id)
    for (let first = 0; first < ids.length; first += STARTED_AT_ONCE)
      await Promise.all(ids.slice(first, first + STARTED_AT_ONCE).map((id) => this.#start(id, settings.basePort + id)))
  }

  async #openNetwork(settings: LabSettings): Promise<void> {
    requirePorts(settings.n, Math.max(settings.basePort, settings.rootId))
    await this.#stopAll()
    const taken = await explainPortsInUse(settings.n, settings.basePort, settings.rootId).catch(systemWords)
    if (taken !== undefined) throw new LabRefusal(taken)
    this.#settings = settings
    this.#generations.clear()
    this.#faults.clear()
    this.journal.append({ type: 'network', settings })
  }

  /**
   * Starts a node, or lets the running one listen on this port too. Resolves when it listens, with what it took.
   * @throws (rejects) LabRefusal when that is not possible.
   */
  start(id: number, port: number): Promise<Started> {
    return this.#turns.onNode(id, () => this.#start(id, port))
  }

  async #start(id: number, port: number): Promise<Started> {
    const running = this.#nodes.get(id)
    if (running) {
      try {
        await running.ready
        const isNew = !running.tcp.includes(port)
        // Asked also when it listens already: one that is just crashing does not answer.
        await running.listen(port)
        if (isNew) this.journal.append({ type: 'running', node: id, tcp: running.tcp })
        return isNew ? 'an interface' : 'nothing'
      } catch (error) {
        if (!(error instanceof NodeEnded)) throw new LabRefusal(`node ${id}: ${messageOf(error)}`)
        // It was just crashing; what is wanted is its next life.
        await running.ended
      }
    }
    const node = this.#nodes.get(id) ?? this.#spawn(id, port)
    try {
      await node.ready
      return 'a process'
    } catch (error) {
      throw new LabRefusal(`node ${id} did not start: ${messageOf(error)}`)
    }
  }

  /** As `start`, for a line of `n`: grows the network if it is shorter. The others learn their new neighbours. */
  startInLineOf(id: number, n: number, port: number): Promise<Started> {
    return this.#turns.onNode(id, async () => {
      if (n > MAX_NODES) throw new LabRefusal(`a lab has at most ${MAX_NODES} nodes`)
      if (n > this.#settings.n) {
        requirePorts(n, this.#settings.rootId)
        this.#change({ n })
      }
      return this.#start(id, port)
    })
  }

  /**
   * Has a running node carry out a line as over TCP.
   * @throws (rejects) LabRefusal when it is not running or refuses.
   */
  line(id: number, line: string): Promise<readonly string[]> {
    return this.#turns.onNode(id, () => this.#line(id, line))
  }

  async #line(id: number, line: string): Promise<readonly string[]> {
    const node = this.#running(id)
    try {
      await node.ready
      return await node.line(line)
    } catch (error) {
      throw new LabRefusal(`node ${id}: ${messageOf(error)}`)
    }
  }

  /** The crash command. Resolves when the process is gone. */
  crash(id: number): Promise<void> {
    return this.#turns.onNode(id, async () => {
      await this.#running(id).crash()
    })
  }

  /** On every link, also on those that had a time of their own. */
  setLinkDelay(ms: number): Promise<void> {
    return this.#turns.onSettings(() => {
      this.#change({ linkDelayMs: ms })
      return this.#faults.clearDelays()
    })
  }

  /**
   * Makes something go wrong, or heals it. Resolves when it is in force.
   * @throws (rejects) LabRefusal when that is not possible.
   */
  fault(command: Exclude<FaultCommand, { kind: 'release' | 'step' }>): Promise<void> {
    return this.#turns.onSettings(() => this.#faults.apply(command))
  }

  /**
   * Decides about held datagrams; gives what they were.
   * @throws (rejects) LabRefusal when there are none.
   */
  release(how: Release, which: HeldName | 'oldest'): Promise<readonly HeldDatagram[]> {
    return this.#turns.onSettings(() => this.#faults.release(how, which))
  }

  setGossip(settings: Partial<Settings>): Promise<void> {
    return this.#turns.onSettings(() => this.#change({ gossip: { ...this.#settings.gossip, ...settings } }))
  }

  /** Gives all nodes a key, or takes it away. Resolves when it is in force at each. */
  setKeyed(keyed: boolean): Promise<void> {
    return this.#turns.onSettings(async () => {
      if (keyed === (this.#key !== undefined)) return
      this.#key = keyed ? newKey() : undefined
      this.#change({ keyed })
      await Promise.all([...this.#nodes].map(([id, node]) => this.#shareKey(id, node)))
    })
  }

  async #shareKey(id: number, node: NodeProcess): Promise<void> {
    try {
      await node.shareKey(this.#key)
    } catch (error) {
      throw new LabRefusal(`node ${id}: ${messageOf(error)}`)
    }
  }

  /** Resolves with the number of nodes that ran and now do not. */
  stopAll(): Promise<number> {
    return this.#turns.onNetwork(() => this.#stopAll())
  }

  async #stopAll(): Promise<number> {
    return (await Promise.all([...this.#nodes.values()].map((node) => node.stop()))).length
  }

  /** Stops a node unless it has ended, and perhaps been started anew, in the meantime. */
  stop(id: number, life: Promise<End>): Promise<void> {
    return this.#turns.onNode(id, async () => {
      if (this.endOf(id) === life) await this.#nodes.get(id)?.stop()
    })
  }

  /** A node's end; undefined when it does not run. */
  endOf(id: number): Promise<End> | undefined {
    return this.#nodes.get(id)?.ended
  }

  /** Closes one TCP interface of a node that still leads the same life. */
  unlisten(id: number, port: number, life: Promise<End>): Promise<void> {
    return this.#turns.onNode(id, async () => {
      const node = this.#nodes.get(id)
      if (!node || node.ended !== life) return
      await node.unlisten(port).catch(() => {})
      this.journal.append({ type: 'running', node: id, tcp: node.tcp })
    })
  }

  /** Ends everything at once, whatever is going on, for good. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#stopAll()
    this.journal.close()
  }

  #running(id: number): NodeProcess {
    const node = this.#nodes.get(id)
    if (node) return node
    if (id >= this.#settings.n) throw new LabRefusal(`there is no node ${id}: ids are 0 to ${this.#settings.n - 1}`)
    throw new LabRefusal(`node ${id} is not running; start it with: ${this.#startLine(id)}`)
  }

  #startLine(id: number) {
    return `${id} start ${this.#settings.n} ${this.#settings.basePort + id}`
  }

  #spawn(id: number, port: number): NodeProcess {
    if (this.#closed) throw new LabRefusal('the lab ends')
    const generation = this.#generations.get(id) ?? 0
    if (generation > MAX_GENERATION) throw new LabRefusal(`node ${id} was started too often; begin a new network`)
    this.#generations.set(id, generation + 1)
    const { settings } = this
    const config: NodeConfig = {
      id,
      rootId: settings.rootId,
      tcp: [port],
      generation,
      seed: this.#options.seedOf?.(id, generation) ?? randomInt(2 ** 31),
      neighbours: this.#neighboursOf(id),
      settings: this.#effective(id),
      linkDelayMs: settings.linkDelayMs,
      faults: this.#faults.of(id),
    }
    const node = new NodeProcess({
      config,
      key: this.#key,
      bundle: this.#options.bundle,
      onReports: (reports) => this.journal.appendReports(id, reports, (at) => lab(at - this.#began)),
      onAnswering: (answers) => this.journal.append({ type: 'answering', node: id, answers }),
      onEnd: (end, stderr) => this.#onEnd(id, config, end, stderr),
    })
    this.#nodes.set(id, node)
    this.journal.append({ type: 'starting', node: id, generation, pid: node.pid, seed: config.seed })
    node.ready.then(
      () => this.#onReady(id, node, generation),
      () => {},
    )
    return node
  }

  #onReady(id: number, node: NodeProcess, generation: number) {
    this.journal.append({ type: 'running', node: id, tcp: node.tcp })
    const { rootId } = this.#settings
    for (const port of this.#neighboursOf(id)) this.#nodes.get(port - rootId)?.neighbourUp(rootId + id, generation)
  }

  #onEnd(id: number, { rootId }: NodeConfig, end: End, stderr: readonly string[]) {
    this.#nodes.delete(id)
    unregister(this.#options.runtime, rootId + id)
    this.journal.append({ type: 'ended', node: id, end, stderr })
  }

  #change(changes: Partial<LabSettings>) {
    this.#settings = { ...this.#settings, ...changes }
    this.journal.append({ type: 'settings', settings: this.#settings })
    this.#configureNodes()
  }

  #configureNodes() {
    for (const [id, node] of this.#nodes)
      node.configure({
        neighbours: this.#neighboursOf(id),
        settings: this.#effective(id),
        linkDelayMs: this.#settings.linkDelayMs,
      })
  }

  /** An ack timeout shorter than the way there and back would call every neighbour dead. */
  #effective(id: number): Settings {
    const { gossip } = this.#settings
    return { ...gossip, ackTimeoutMs: Math.max(gossip.ackTimeoutMs, 3 * this.#faults.slowest(id)) }
  }

  /** UDP ports. */
  #neighboursOf(id: number): number[] {
    const { topology, n, seed, rootId } = this.#settings
    return (neighboursOf(topology, n, seed)[id] ?? []).map((neighbour) => rootId + neighbour)
  }

  #notify() {
    for (const listener of this.#releaseListeners) listener()
  }
}

/** @throws LabRefusal when there are no such ports. */
function requirePorts(n: number, first: number) {
  const highest = first + n - 1
  if (highest > MAX_PORT)
    throw new LabRefusal(`${n} nodes would need port ${highest}, and the highest is ${MAX_PORT}; take fewer`)
}

const newKey = () => randomBytes(32).toString('base64url')

/** Lab times have three decimals: microseconds. */
const lab = (ms: number) => Math.max(0, toMicroseconds(ms))
