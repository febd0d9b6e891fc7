/** Runs commands in order and records their effects in the sequencer. */

import type { Settings } from '../gossip/settings.ts'
import type { NodeSignal } from '../language/command.ts'
import type { FaultCommand, HeldName, Release } from '../language/command-faults.ts'
import type { End, ViewersMay } from '../model/event.ts'
import type { LabSettings } from '../model/lab-settings.ts'
import { toMicroseconds } from '../model/microseconds.ts'
import { ActionQueue } from './action-queue.ts'
import type { StartedInLine } from './after-words.ts'
import { Faults, type Faulty, type Released } from './faults.ts'
import type { LabOrigin } from './lab-origin.ts'
import type { LabPlatform } from './lab-platform.ts'
import type { NodeHandle, NodeHost, OwnPorts } from './node-host.ts'
import { Nodes, type NodesOptions, type Started } from './nodes.ts'
import { LabRefusal, messageOf } from './refusal.ts'
import { Sequencer } from './sequencer.ts'

export interface LabOptions extends Pick<NodesOptions, 'host' | 'platform' | 'seedOf'> {
  readonly settings: LabSettings
  /** Where the lab goes on, with these settings; call `resume` then, instead of starting a network. */
  readonly origin?: LabOrigin | undefined
}

export type NetworkChanges = Partial<Omit<LabSettings, 'gossip' | 'keyed'>> & { readonly gossip?: Partial<Settings> }

/** Everything needed to start a network again unchanged. */
interface NetworkCopy {
  readonly settings: LabSettings
  readonly faults: Faulty
  /** TCP ports of each running node, by id. */
  readonly interfaces: ReadonlyMap<number, readonly number[]>
}

export { LabRefusal }

/** Number of nodes started side by side; more would delay each other. */
const STARTED_AT_ONCE = 8
const MAX_PORT = 65_535

export class Lab {
  /** Identifies this run of the lab. */
  readonly id: string
  /** When the lab began, in ms since 1970. */
  readonly beganAt: number
  readonly sequencer: Sequencer
  readonly platform: LabPlatform
  readonly #host: NodeHost
  readonly #began: number
  readonly #origin: LabOrigin | undefined
  readonly #nodes: Nodes
  readonly #releaseListeners = new Set<() => void>()
  readonly #queue = new ActionQueue()
  readonly #faults: Faults
  #settings: LabSettings
  /** Whether there has been a network. */
  #opened = false
  /** Key that the nodes share while the settings say `keyed`. Only the nodes get it, and no event contains it. */
  #key: string | undefined
  #viewersMay: ViewersMay = 'watch'

  constructor({ settings, origin, ...options }: LabOptions) {
    const { host, platform } = options
    this.platform = platform
    this.#host = host
    this.id = platform.newId()
    this.beganAt = platform.wallClock()
    this.#began = platform.now() - (origin?.state.at ?? 0)
    this.#origin = origin
    this.#settings = settings
    if (settings.keyed) this.#key = platform.newKey()
    this.sequencer = new Sequencer({
      platform,
      now: () => this.now(),
      onRelease: () => this.#notify(),
      origin,
      isWatched: () => this.#releaseListeners.size > 0,
      sockets: host.sockets,
      afterInstant: host.afterInstant?.bind(host),
      isStranger: (port) => this.#nodes.isStranger(port),
      responsiveFor: (id, since) => this.#nodes.responsiveFor(id, since + this.#began),
    })
    const nodes = new Map<number, NodeHandle>()
    this.#faults = new Faults({
      sequencer: this.sequencer,
      nodes,
      settings: () => this.#settings,
      able: () => this.#nodes.able,
      onDelaysChanged: () => this.#nodes.configure(),
    })
    this.#nodes = new Nodes(nodes, {
      ...options,
      sequencer: this.sequencer,
      faults: this.#faults,
      settings: () => this.#settings,
      key: () => this.#key,
      labTime: (at) => lab(at - this.#began),
    })
  }

  /** ms since the lab began. */
  now(): number {
    return lab(this.platform.now() - this.#began)
  }

  get settings(): LabSettings {
    return this.#settings
  }

  /** The settings in force, also before their event has its number. */
  get viewersMay(): ViewersMay {
    return this.#viewersMay
  }

  letViewers(may: ViewersMay) {
    if (may === this.#viewersMay) return
    this.#viewersMay = may
    this.sequencer.append({ type: 'viewers', may })
  }

  /**
   * Calls back after each batch of new events. Returns a function that ends that. While nobody listens, events of a
   * burst come later.
   */
  onRelease(listener: () => void): () => void {
    this.#releaseListeners.add(listener)
    return () => this.#releaseListeners.delete(listener)
  }

  /**
   * Makes a new network and starts all its nodes, with these changes to the old settings. Resolves with the faults of
   * the old network.
   * @throws (rejects) LabRefusal if ports are in use; then nothing has changed. Also if a node does not start for a
   * reason that could not be known before: then the old network is started again, without its messages.
   */
  startNetwork(changes: NetworkChanges): Promise<Faulty> {
    return this.#queue.onNetwork(() => this.#startNetwork(this.#with(changes)))
  }

  /** Continues the nodes of the origin, in its instant. No event says so: the lives are the same. */
  resume(): Promise<void> {
    return this.#queue.onNetwork(async () => {
      if (!this.#origin) throw new Error('there is no origin')
      this.#opened = true
      this.#faults.resume(this.#origin.state)
      await this.#nodes.resume(this.#origin)
    })
  }

  /**
   * Ends all nodes and starts every node of the network again, with the same settings and faults.
   * @throws (rejects) LabRefusal if one does not start.
   */
  restart(): Promise<void> {
    return this.#queue.onNetwork(async () => {
      const { n, basePort } = this.#settings
      const taken = await this.#host.whyTaken(this.#settings, this.#ownPorts())
      if (taken !== undefined) throw new LabRefusal(taken)
      const { interfaces, ...copy } = this.#copy()
      const all = Array.from({ length: n }, (_, id) => [id, interfaces.get(id) ?? [basePort + id]] as const)
      await this.#startAgain({ ...copy, interfaces: new Map(all) })
    })
  }

  /** Makes a new network whose nodes do not run yet: the caller starts them one by one. */
  openNetwork(changes: NetworkChanges): Promise<void> {
    return this.#queue.onNetwork(() => this.#openNetwork(this.#with(changes)))
  }

  #with(changes: NetworkChanges): LabSettings {
    return { ...this.#settings, ...changes, gossip: { ...this.#settings.gossip, ...changes.gossip } }
  }

  async #startNetwork(settings: LabSettings): Promise<Faulty> {
    const faults = this.#faults.copy()
    const before = this.#opened ? this.#copy() : undefined
    await this.#openNetwork(settings)
    const ids = Array.from({ length: settings.n }, (_, id) => id)
    try {
      for (let first = 0; first < ids.length; first += STARTED_AT_ONCE)
        await Promise.all(
          ids.slice(first, first + STARTED_AT_ONCE).map((id) => this.#nodes.launch(id, settings.basePort + id)),
        )
    } catch (error) {
      if (!before) throw error
      throw new LabRefusal(`${messageOf(error)}. ${await this.#bringBack(before)}`)
    }
    return faults
  }

  async #openNetwork(settings: LabSettings): Promise<void> {
    requirePorts(settings.n, Math.max(settings.basePort, settings.rootId))
    const whyNot = this.#whyTooMany(settings.n) ?? this.#host.whyNot?.(settings)
    if (whyNot !== undefined) throw new LabRefusal(whyNot)
    // Checks before anything stops: a refusal has no side effects.
    const taken = await this.#host.whyTaken(settings, this.#ownPorts())
    if (taken !== undefined) throw new LabRefusal(taken)
    await this.#nodes.stopAll()
    this.#begin(settings)
    this.#faults.clear()
  }

  #begin(settings: LabSettings) {
    this.#opened = true
    this.#settings = settings
    this.#nodes.forgetGenerations()
    this.#host.begin?.()
    this.sequencer.append({ type: 'network', settings })
  }

  #ownPorts(): OwnPorts {
    const running = this.#nodes.interfaces()
    const udp = [...running.keys()].map((id) => this.#settings.rootId + id)
    return { tcp: new Set([...running.values()].flat()), udp: new Set(udp) }
  }

  #copy(): NetworkCopy {
    return { settings: this.#settings, faults: this.#faults.copy(), interfaces: this.#nodes.interfaces() }
  }

  /** Restarts the nodes of an earlier network, with the same faults. Returns the outcome as a sentence. */
  async #bringBack(before: NetworkCopy): Promise<string> {
    try {
      await this.#startAgain(before)
      return 'The previous network runs again, without its messages'
    } catch (error) {
      return `The previous network did not start again either: ${messageOf(error)}`
    }
  }

  /** @throws (rejects) the first reason why a node did not start, after all others have started. */
  async #startAgain({ settings, faults, interfaces }: NetworkCopy): Promise<void> {
    await this.#nodes.stopAll()
    this.#begin(settings)
    this.#faults.restore(faults)
    const starts = [...interfaces].map(async ([id, ports]) => {
      for (const port of ports) await this.#nodes.start(id, port)
    })
    const failed = (await Promise.allSettled(starts)).find(({ status }) => status === 'rejected')
    if (failed?.status === 'rejected') throw failed.reason
  }

  /**
   * Starts a node, or opens this port of a running one too. Resolves when it listens, with its outcome.
   * @throws (rejects) LabRefusal if that is not possible.
   */
  start(id: number, port: number): Promise<Started> {
    return this.#queue.onNode(id, () => this.#nodes.start(id, port))
  }

  /**
   * As `start`, for a line of `n` (handout: a restarted node may name another `n` than its neighbours). The lab's
   * network keeps its own size, unless it has no such node yet: then it grows to `n`, and the others learn their new
   * neighbours. If the node then does not start, the network shrinks back.
   */
  startInLineOf(id: number, n: number, port: number): Promise<StartedInLine> {
    return this.#queue.onNode(id, async () => {
      const before = this.#settings.n
      const whyTooMany = this.#whyTooMany(n)
      if (whyTooMany !== undefined) throw new LabRefusal(whyTooMany)
      if (id >= before) requirePorts(n, this.#settings.rootId)
      const grow = () => {
        if (id >= this.#settings.n) this.#change({ n })
      }
      try {
        return {
          started: await this.#nodes.start(id, port, { namedN: n, onAccepted: grow }),
          before,
          now: this.#settings.n,
        }
      } catch (error) {
        if (id >= before) this.#shrinkTo(before)
        throw error
      }
    })
  }

  #whyTooMany(n: number): string | undefined {
    const { mostNodes } = this.#host
    return n > mostNodes ? `<n> must be at most ${mostNodes} in this lab` : undefined
  }

  /** Another node may have come to need the larger network. */
  #shrinkTo(n: number) {
    const isNeeded = [...this.#nodes.interfaces().keys()].some((id) => id >= n)
    if (n < this.#settings.n && !isNeeded) this.#change({ n })
  }

  /**
   * Gives a running node a message.
   * @throws (rejects) LabRefusal if it is not running, or refuses.
   */
  msg(id: number, messageId: string, text: string): Promise<void> {
    return this.#queue.onNode(id, () => this.#nodes.ask(id, (node) => node.msg(messageId, text)))
  }

  /** Returns the chat log of a running node, as one line. Rejects as `msg`. */
  chatLog(id: number): Promise<string> {
    return this.#queue.onNode(id, () => this.#nodes.ask(id, (node) => node.chatLog()))
  }

  /** Sends the process of a node a signal, also while the node carries out another command. */
  signal(id: number, signal: NodeSignal): Promise<void> {
    return this.#queue.onSettings(() => this.#nodes.signal(id, signal))
  }

  /** Crashes a node at once. Resolves when its process is gone. */
  crash(id: number): Promise<void> {
    return this.#queue.onNode(id, () => this.#nodes.crash(id))
  }

  /** Crashes a node after it has forwarded messages in flight. Later commands do not wait for that. */
  async crashInGrace(id: number): Promise<void> {
    const { ended } = await this.#queue.onNode(id, async () => this.#nodes.crashInGrace(id))
    await ended
  }

  /** Sets the delay of every link, also of those with their own. Resolves as `fault`. */
  setLinkDelay(ms: number): Promise<readonly number[]> {
    return this.#queue.onSettings(() => {
      if (ms > 0) this.#nodes.requireAble('delayMs')
      this.#change({ linkDelayMs: ms })
      return this.#faults.clearDelays()
    })
  }

  /**
   * Makes or heals a fault. Resolves when it is in force, with the ids of the nodes that do not respond: it takes
   * effect there when they continue.
   * @throws (rejects) LabRefusal if that is not possible.
   */
  fault(command: Exclude<FaultCommand, { kind: 'release' | 'step' }>): Promise<readonly number[]> {
    return this.#queue.onSettings(() => this.#faults.apply(command))
  }

  /**
   * Delivers, drops or duplicates held datagrams.
   * @throws (rejects) LabRefusal if there are none, or all releases failed.
   */
  release(how: Release, which: HeldName | 'oldest'): Promise<Released> {
    return this.#queue.onSettings(() => this.#faults.release(how, which))
  }

  setGossip(settings: Partial<Settings>): Promise<void> {
    return this.#queue.onSettings(() => {
      this.#nodes.requireAble('settings')
      this.#change({ gossip: { ...this.#settings.gossip, ...settings } })
    })
  }

  /** Gives all nodes a key, or takes it away. Resolves as `fault`. */
  setKeyed(keyed: boolean): Promise<readonly number[]> {
    return this.#queue.onSettings(async () => {
      if (keyed === (this.#key !== undefined)) return []
      if (keyed) this.#nodes.requireAble('key')
      this.#key = keyed ? this.platform.newKey() : undefined
      this.#change({ keyed })
      return this.#nodes.shareKey()
    })
  }

  /** Resolves with the number of nodes that this call stopped. */
  stopAll(): Promise<number> {
    return this.#queue.onNetwork(() => this.#nodes.stopAll())
  }

  /** Stops a node, unless that life of it has ended in the meantime. */
  stop(id: number, life: Promise<End>): Promise<void> {
    return this.#queue.onNode(id, () => this.#nodes.stop(id, life))
  }

  /** Returns a promise of a node's end; undefined if it does not run. */
  endOf(id: number): Promise<End> | undefined {
    return this.#nodes.endOf(id)
  }

  /** Closes one TCP interface of a node, if it is still in the same life. */
  unlisten(id: number, port: number, life: Promise<End>): Promise<void> {
    return this.#queue.onNode(id, () => this.#nodes.unlisten(id, port, life))
  }

  /** Ends everything at once and for good, even during other commands. */
  async close(): Promise<void> {
    await this.#nodes.close()
    this.sequencer.close()
  }

  #change(changes: Partial<LabSettings>) {
    this.#settings = { ...this.#settings, ...changes }
    this.sequencer.append({ type: 'settings', settings: this.#settings })
    this.#nodes.configure()
  }

  #notify() {
    for (const listener of this.#releaseListeners) listener()
  }
}

/** @throws LabRefusal if there are no such ports. */
function requirePorts(n: number, first: number) {
  const highest = first + n - 1
  if (highest > MAX_PORT)
    throw new LabRefusal(`${n} nodes would need port ${highest}, but the highest is ${MAX_PORT}; use fewer nodes`)
}

/** Lab times have three decimals: microseconds. */
const lab = (ms: number) => Math.max(0, toMicroseconds(ms))
