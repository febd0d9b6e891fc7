/** The lab: which nodes there are, who is whose neighbour, and every process behind them. */
import { randomInt, randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { End, LabSettings } from '../../shared/event.ts'
import { MAX_GENERATION } from '../../shared/gossip/limits.ts'
import type { Settings } from '../../shared/gossip/settings.ts'
import { MAX_NODES } from '../../shared/limits.ts'
import { neighboursOf } from '../../shared/topology.ts'
import { now } from '../clock.ts'
import type { NodeConfig } from '../node-link.ts'
import { unregister } from '../runtime/registry.ts'
import { Journal } from './journal.ts'
import { NodeEnded, NodeProcess } from './node-process.ts'
import { explainPortsInUse } from './ports.ts'

export interface LabOptions {
  readonly settings: LabSettings
  /** The file that is run for each node. */
  readonly bundle: string
  /** Where nodes list themselves. */
  readonly runtime: string
}

/** Something cannot be done, and the message says why and what to do. */
export class LabRefusal extends Error {}

/** Nodes started side by side; more only get in each other's way. */
const STARTED_AT_ONCE = 8

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
  #settings: LabSettings

  constructor(options: LabOptions) {
    this.#options = options
    this.#settings = options.settings
    this.journal = new Journal({ now: () => this.now(), onRelease: () => this.#notify() })
  }

  /** ms since the lab began. */
  now(): number {
    return lab(now() - this.#began)
  }

  get settings(): LabSettings {
    return this.#settings
  }

  /** Calls back after each batch of new events; gives what ends that. */
  onRelease(listener: () => void): () => void {
    this.#releaseListeners.add(listener)
    return () => this.#releaseListeners.delete(listener)
  }

  /**
   * A new network, every node from the beginning.
   * @throws LabRefusal when ports are taken; then the network before is gone too.
   */
  async startNetwork(settings: LabSettings): Promise<void> {
    await this.stopAll()
    const taken = await explainPortsInUse(settings.n, settings.basePort, settings.rootId)
    if (taken !== undefined) throw new LabRefusal(taken)
    this.#settings = settings
    this.#generations.clear()
    this.journal.append({ type: 'network', settings })
    const ids = Array.from({ length: settings.n }, (_, id) => id)
    for (let first = 0; first < ids.length; first += STARTED_AT_ONCE)
      await Promise.all(ids.slice(first, first + STARTED_AT_ONCE).map((id) => this.start(id, settings.basePort + id)))
  }

  /**
   * Starts a node, or lets the running one listen on this port too. Resolves when it listens.
   * @throws LabRefusal when that is not possible.
   */
  async start(id: number, port: number): Promise<void> {
    const running = this.#nodes.get(id)
    if (running) {
      try {
        await running.ready
        if (running.tcp.includes(port)) return
        await running.listen(port)
        this.journal.append({ type: 'running', node: id, tcp: running.tcp })
        return
      } catch (error) {
        if (!(error instanceof NodeEnded)) throw new LabRefusal(`node ${id}: ${messageOf(error)}`)
        // It was just crashing; what is wanted is its next life.
        await running.ended
      }
    }
    const node = this.#nodes.get(id) ?? this.#spawn(id, port)
    try {
      await node.ready
    } catch (error) {
      throw new LabRefusal(`node ${id} did not start: ${messageOf(error)}`)
    }
  }

  /** As `start`, for a line of `n`: grows the network if it is shorter. The others learn their new neighbours. */
  async startInLineOf(id: number, n: number, port: number): Promise<void> {
    if (n > MAX_NODES) throw new LabRefusal(`a lab has at most ${MAX_NODES} nodes`)
    if (n > this.#settings.n) this.#change({ n })
    await this.start(id, port)
  }

  /**
   * Has a running node carry out a line as over TCP.
   * @throws LabRefusal when it is not running or refuses.
   */
  async line(id: number, line: string): Promise<readonly string[]> {
    const node = this.#running(id)
    try {
      await node.ready
      return await node.line(line)
    } catch (error) {
      throw new LabRefusal(`node ${id}: ${messageOf(error)}`)
    }
  }

  /** The crash command. Resolves when the process is gone. */
  async crash(id: number): Promise<void> {
    const node = this.#running(id)
    // The answer of a node that crashes is its end; one that cannot hear is killed after a while.
    node.line('crash').catch(() => {})
    const end = await Promise.race([node.ended, wait(2_000, undefined, { ref: false })])
    if (end === undefined) throw new LabRefusal(`node ${id} does not react; is its process stopped?`)
  }

  setLinkDelay(ms: number) {
    this.#change({ linkDelayMs: ms })
  }

  setGossip(settings: Partial<Settings>) {
    this.#change({ gossip: { ...this.#settings.gossip, ...settings } })
  }

  /** Resolves with the number of nodes that ran and now do not. */
  async stopAll(): Promise<number> {
    return (await Promise.all([...this.#nodes.values()].map((node) => node.stop()))).length
  }

  async stop(id: number): Promise<void> {
    await this.#nodes.get(id)?.stop()
  }

  /** A node's end; undefined when it does not run. */
  endOf(id: number): Promise<End> | undefined {
    return this.#nodes.get(id)?.ended
  }

  async unlisten(id: number, port: number): Promise<void> {
    const node = this.#nodes.get(id)
    if (!node) return
    await node.unlisten(port).catch(() => {})
    this.journal.append({ type: 'running', node: id, tcp: node.tcp })
  }

  isRunning(id: number): boolean {
    return this.#nodes.has(id)
  }

  async close(): Promise<void> {
    await this.stopAll()
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
    const generation = this.#generations.get(id) ?? 0
    if (generation > MAX_GENERATION) throw new LabRefusal(`node ${id} was started too often; begin a new network`)
    this.#generations.set(id, generation + 1)
    const { settings } = this
    const config: NodeConfig = {
      id,
      rootId: settings.rootId,
      tcp: [port],
      generation,
      seed: randomInt(2 ** 31),
      neighbours: this.#neighboursOf(id),
      settings: effective(settings),
      linkDelayMs: settings.linkDelayMs,
    }
    const node = new NodeProcess({
      config,
      bundle: this.#options.bundle,
      onReports: (reports) =>
        this.journal.appendReports(
          id,
          reports.map((report) => ({ ...report, at: lab(report.at - this.#began) })),
        ),
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
    const { settings } = this
    this.journal.append({ type: 'settings', settings })
    for (const [id, node] of this.#nodes)
      node.configure({
        neighbours: this.#neighboursOf(id),
        settings: effective(settings),
        linkDelayMs: settings.linkDelayMs,
      })
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

/** An ack timeout shorter than the way there and back would call every neighbour dead. */
function effective({ gossip, linkDelayMs }: LabSettings): Settings {
  return { ...gossip, ackTimeoutMs: Math.max(gossip.ackTimeoutMs, 3 * linkDelayMs) }
}

/** Lab times have three decimals: microseconds. */
const lab = (ms: number) => Math.max(0, Math.round(ms * 1e3) / 1e3)

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
