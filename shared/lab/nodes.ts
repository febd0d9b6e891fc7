/** Manages the nodes of a lab: starts each with its options, sends it changes, and notices its end. */

import { MAX_GENERATION } from '../gossip/limits.ts'
import type { Settings } from '../gossip/settings.ts'
import type { NodeSignal } from '../language/command.ts'
import type { End } from '../model/event.ts'
import type { LabSettings } from '../model/lab-settings.ts'
import type { Ability } from '../model/lacks.ts'
import { nodeName } from '../model/names.ts'
import { neighboursOf } from '../model/topology.ts'
import { GRACE_AT_MOST_MS } from '../node/grace.ts'
import { type AbleNodes, lacksOf, requireAble } from './abilities.ts'
import type { Faults } from './faults.ts'
import type { LabOrigin } from './lab-origin.ts'
import type { LabPlatform } from './lab-platform.ts'
import { NodeEnded, type NodeHandle, type NodeHost, type NodeStart } from './node-host.ts'
import { LabRefusal, messageOf } from './refusal.ts'
import type { Sequencer } from './sequencer.ts'
import { silentOf } from './silent-nodes.ts'
import { Strangers } from './strangers.ts'

export interface NodesOptions {
  readonly host: NodeHost
  readonly platform: LabPlatform
  /** Seed of each life of each node, for a repeatable run; chance by default. */
  readonly seedOf?: ((id: number, generation: number) => number) | undefined
  readonly sequencer: Sequencer
  readonly faults: Faults
  settings(): LabSettings
  /** Key that the nodes share, if any. */
  key(): string | undefined
  /** Converts a time of this machine's clock to ms since the lab began. */
  labTime(at: number): number
}

/** The outcome of a start: a node's process, a further TCP interface of a running one, or no change. */
export type Started = 'a process' | 'an interface' | 'nothing'

interface StartOptions {
  /** Number of nodes that the start command names. */
  readonly namedN?: number
  /** Called as soon as no obstacle is left; never after a refusal. */
  readonly onAccepted?: () => void
}

export class Nodes {
  readonly #options: NodesOptions
  readonly #running: Map<number, NodeHandle>
  /** Generation of each node's next life. */
  readonly #generations = new Map<number, number>()
  readonly #strangers: Strangers
  #closed = false

  /** Fills `running` with the nodes that run, by id. */
  constructor(running: Map<number, NodeHandle>, options: NodesOptions) {
    this.#running = running
    this.#options = options
    this.#strangers = new Strangers({
      ...options,
      sockets: options.host.sockets,
      isVacant: (id) => id >= 0 && id < options.settings().n && !running.has(id),
      onChange: (node, present) => options.sequencer.append({ type: 'stranger', node, present }),
    })
  }

  /** Returns a promise of a node's end; undefined if it does not run. */
  endOf(id: number): Promise<End> | undefined {
    return this.#running.get(id)?.ended
  }

  /** Returns whether a program outside the lab has a UDP port now. */
  isStranger(port: number): Promise<boolean> {
    return this.#strangers.isAt(port)
  }

  /**
   * Returns the time after an instant of this machine's clock for which a node has responded without a pause, in ms.
   */
  responsiveFor(id: number, at: number): number {
    return this.#running.get(id)?.responsiveFor(at) ?? 0
  }

  /** TCP ports of each running node, by id. */
  interfaces(): ReadonlyMap<number, readonly number[]> {
    return new Map([...this.#running].map(([id, { tcp }]) => [id, tcp]))
  }

  /**
   * Starts a node, or opens this port of a running one too. See Lab.
   */
  async start(id: number, port: number, { namedN, onAccepted = () => {} }: StartOptions = {}): Promise<Started> {
    const running = this.#running.get(id)
    if (running) {
      try {
        await running.ready
        const isNew = !running.tcp.includes(port)
        // Asks also when the node already listens: a crashing node does not respond.
        await running.listen(port)
        onAccepted()
        if (isNew) this.#options.sequencer.append({ type: 'running', node: id, tcp: running.tcp })
        return isNew ? 'an interface' : 'nothing'
      } catch (error) {
        if (!(error instanceof NodeEnded)) throw new LabRefusal(`node ${id}: ${messageOf(error)}`)
        // The node was just crashing; the caller wants its next life.
        await running.ended
      }
    }
    await this.#requireStartable(id, port)
    onAccepted()
    await this.launch(id, port, namedN)
    return 'a process'
  }

  /** Continues the lives of an origin, without an event. Resolves when all nodes listen. */
  async resume({ state, memories }: LabOrigin): Promise<void> {
    for (const { id, generation, startedAt } of state.nodes)
      if (startedAt !== null) this.#generations.set(id, generation + 1)
    const running = state.nodes.map(({ id, tcp, generation, seed, ending }) => {
      const memory = memories.get(id)
      if (!memory) return undefined
      const start = this.#startOf(id, tcp, generation)
      const node = this.#begin(id, { ...start, memory, ...(seed === null ? {} : { seed }) })
      // Its lines are no longer taken.
      if (ending) void this.crashInGrace(id).ended
      return node.ready
    })
    await Promise.all(running)
  }

  /** Starts a node that does not run, on ports that are known to be free. Resolves when it listens. */
  async launch(id: number, port: number, namedN?: number): Promise<void> {
    if (this.#closed) throw new LabRefusal('the lab is shutting down')
    try {
      await this.#spawn(id, port, namedN).ready
    } catch (error) {
      throw new LabRefusal(`node ${id} did not start: ${messageOf(error)}`)
    }
  }

  /** Carries out an action of a running node. */
  async ask<T>(id: number, question: (node: NodeHandle) => Promise<T>): Promise<T> {
    const node = this.#get(id)
    try {
      await node.ready
      return await question(node)
    } catch (error) {
      throw new LabRefusal(`node ${id}: ${messageOf(error)}`)
    }
  }

  /** Sends the process of a running node a signal. */
  async signal(id: number, signal: NodeSignal): Promise<void> {
    const node = this.#get(id)
    if (!node.signal) throw new LabRefusal(`${nodeName(id)} has no process that could get a signal`)
    try {
      await node.signal(signal)
    } catch (error) {
      throw new LabRefusal(`${nodeName(id)}: ${messageOf(error)}`)
    }
  }

  async crash(id: number): Promise<void> {
    await this.#get(id).crash()
  }

  /** Begins a crash in which the node forwards messages in flight. `ended` resolves when it is gone. */
  crashInGrace(id: number): { readonly ended: Promise<End> } {
    return { ended: this.#get(id).crash(GRACE_AT_MOST_MS + this.#options.faults.slowest(id)) }
  }

  /** That life may have ended in the meantime. */
  async stop(id: number, life: Promise<End>): Promise<void> {
    if (this.endOf(id) === life) await this.#running.get(id)?.stop()
  }

  /** Closes one TCP interface of a node, if it is still in the same life. */
  async unlisten(id: number, port: number, life: Promise<End>): Promise<void> {
    const node = this.#running.get(id)
    if (!node || node.ended !== life) return
    await node.unlisten(port).catch(() => {})
    this.#options.sequencer.append({ type: 'running', node: id, tcp: node.tcp })
  }

  /** Resolves with the number of nodes that this call stopped. */
  async stopAll(): Promise<number> {
    return (await Promise.all([...this.#running.values()].map((node) => node.stop()))).length
  }

  /** Stops all nodes. From then on each start is refused. */
  async close(): Promise<void> {
    this.#closed = true
    this.#strangers.close()
    await this.stopAll()
  }

  /** The known abilities of all nodes. */
  get able(): AbleNodes {
    const { host, settings } = this.#options
    return {
      ids: Array.from({ length: settings().n }, (_, id) => id),
      abilitiesOf: (id) => this.#running.get(id)?.can ?? host.abilitiesOf?.(id),
    }
  }

  /** @throws LabRefusal if a node is known to lack an ability. */
  requireAble(ability: Ability) {
    requireAble(this.able, this.able.ids, ability)
  }

  /** Resets all generations for a new network. */
  forgetGenerations() {
    this.#generations.clear()
  }

  /** Sends each node its present settings and faults. */
  configure() {
    for (const [id, node] of this.#running)
      node.configure({
        neighbours: this.#neighboursOf(id),
        settings: this.#effective(id),
        linkDelayMs: this.#options.settings().linkDelayMs,
      })
  }

  /**
   * Gives every node the lab's key, or takes it away. Resolves with the ids of the nodes that do not respond: it takes
   * effect there when they continue.
   */
  shareKey(): Promise<readonly number[]> {
    const key = this.#options.key()
    return silentOf(this.#running.keys(), (id) => this.#running.get(id)?.shareKey(key))
  }

  #get(id: number): NodeHandle {
    const node = this.#running.get(id)
    if (node) return node
    const { n, basePort } = this.#options.settings()
    if (id >= n) throw new LabRefusal(`there is no node ${id}: ids are 0 to ${n - 1}`)
    throw new LabRefusal(`node ${id} is not running; start it with: ${id} start ${n} ${basePort + id}`)
  }

  /** Checks everything that can be known before a process starts, so that a refusal has no side effects. */
  async #requireStartable(id: number, port: number): Promise<void> {
    if ((this.#generations.get(id) ?? 0) > MAX_GENERATION)
      throw new LabRefusal(`node ${id} was started too often; start a new network`)
    const udp = this.#options.settings().rootId + id
    try {
      await this.#options.host.requireFree(port, udp)
    } catch (error) {
      throw new LabRefusal(`node ${id} did not start: ${messageOf(error)}`)
    }
  }

  #spawn(id: number, port: number, namedN: number | undefined): NodeHandle {
    const { sequencer } = this.#options
    const named = namedN === undefined ? {} : { namedN }
    const start = { ...this.#startOf(id, [port], this.#nextGeneration(id)), ...named }
    const { generation, seed } = start
    const node = this.#begin(id, start)
    const where = node.host === undefined ? {} : { host: node.host }
    const lacks = lacksOf(node.can)
    const kind = {
      ...(node.can.reports ? {} : { program: true as const, startedFor: start.n }),
      ...(node.can.gate === undefined ? {} : { gate: node.can.gate }),
      ...(lacks ? { lacks } : {}),
    }
    const { pid } = node
    sequencer.append({ type: 'starting', node: id, generation, pid, seed, ...where, ...kind })
    node.ready.then(
      () => this.#onReady(id, node, generation, pid === null),
      () => {},
    )
    return node
  }

  #begin(id: number, start: NodeStart): NodeHandle {
    const { host, sequencer, labTime } = this.#options
    const node = host.start(start, {
      onReports: (batch, { offsetMs, uncertaintyMs }, done) => {
        sequencer.appendReports(id, batch, (at) => labTime(at + offsetMs), uncertaintyMs)
        done()
      },
      onAnswering: (answers, by) =>
        sequencer.append({ type: 'answering', node: id, answers, ...(by === undefined ? {} : { suspended: by }) }),
      onOutdated: () => sequencer.append({ type: 'outdated', node: id }),
      onOverloaded: (overloaded) => sequencer.append({ type: 'overloaded', node: id, overloaded }),
      onOutput: (lines) => sequencer.append({ type: 'output', node: id, lines }),
      onTrouble: (why, about) =>
        sequencer.append({ type: 'trouble', node: id, why, ...(about === undefined ? {} : { about }) }),
      onEnd: (end, stderr) => this.#onEnd(id, end, stderr),
    })
    this.#running.set(id, node)
    return node
  }

  #nextGeneration(id: number): number {
    const generation = this.#generations.get(id) ?? 0
    this.#generations.set(id, generation + 1)
    return generation
  }

  #startOf(id: number, tcp: readonly number[], generation: number): NodeStart {
    const { n, rootId, linkDelayMs } = this.#options.settings()
    const key = this.#options.key()
    return {
      id,
      n,
      rootId,
      tcp,
      generation,
      seed: this.#options.seedOf?.(id, generation) ?? this.#options.platform.newSeed(),
      neighbours: this.#neighboursOf(id),
      settings: this.#effective(id),
      linkDelayMs,
      faults: this.#options.faults.of(id),
      ...(key === undefined ? {} : { key }),
    }
  }

  /** `isNew`: its process did not exist yet when it was started. */
  #onReady(id: number, node: NodeHandle, generation: number, isNew: boolean) {
    const process = isNew && node.pid !== null ? { pid: node.pid } : {}
    this.#options.sequencer.append({ type: 'running', node: id, tcp: node.tcp, ...process })
    const { rootId } = this.#options.settings()
    for (const port of this.#neighboursOf(id)) this.#running.get(port - rootId)?.neighbourUp(rootId + id, generation)
  }

  #onEnd(id: number, end: End, stderr: readonly string[]) {
    this.#running.delete(id)
    this.#options.sequencer.append({ type: 'ended', node: id, end, stderr })
  }

  /** With an ack timeout shorter than the round trip, every neighbour would count as dead. */
  #effective(id: number): Settings {
    const { gossip } = this.#options.settings()
    return { ...gossip, ackTimeoutMs: Math.max(gossip.ackTimeoutMs, 3 * this.#options.faults.slowest(id)) }
  }

  /** UDP ports. */
  #neighboursOf(id: number): number[] {
    const { topology, n, seed, rootId } = this.#options.settings()
    return (neighboursOf(topology, n, seed)[id] ?? []).map((neighbour) => rootId + neighbour)
  }
}
