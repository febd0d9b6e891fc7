/**
 * One of our own nodes in the network of programs. It is a process as always, behind the door of that network: its TCP
 * ports are led there, and the gate serves the delays of its links to programs.
 */
import { SHELL_ABILITIES } from '../../../shared/lab/abilities.ts'
import { NodeEnded, type NodeHandle, type NodeStart } from '../../../shared/lab/node-host.ts'
import type { NodeSignal } from '../../../shared/language/command.ts'
import type { Release } from '../../../shared/language/command-faults.ts'
import type { End } from '../../../shared/model/event.ts'
import type { NodeFaults } from '../../../shared/node/node-faults.ts'
import { explainStart } from '../../platform/system-errors.ts'
import type { Inside } from '../spawn-node.ts'
import type { GatedNetwork } from './gated-network.ts'
import { TcpDoor } from './tcp-door.ts'

export interface GatedOwnNodeOptions {
  readonly start: NodeStart
  readonly network: GatedNetwork
  /** UDP ports of the programs of the network. */
  readonly programs: readonly number[]
  /** Starts the process. It reports its end by itself. */
  readonly spawn: (start: NodeStart, inside: Inside) => NodeHandle
  /** It ended before it had a process. */
  readonly onEnd: (end: End) => void
}

type Changes = Parameters<NodeHandle['configure']>[0]

export class GatedOwnNode implements NodeHandle {
  readonly can = SHELL_ABILITIES
  readonly #options: GatedOwnNodeOptions
  readonly #door: TcpDoor
  /** The node as it shall start. Changes before its process exists go in here. */
  #start: NodeStart
  #node: NodeHandle | undefined
  /** Way in which the lab ended it before it had a process. */
  #decided: End | undefined
  /** The end of its network, which is its own. */
  #lostBy: End | undefined
  readonly ready: Promise<void>
  readonly ended: Promise<End>
  #resolveEnded: (end: End) => void = () => {}

  constructor(options: GatedOwnNodeOptions) {
    this.#options = options
    this.#start = options.start
    this.#door = new TcpDoor((port) => options.network.process.connect(port))
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve
    })
    // Begins later, because the lab must have its handle first.
    this.ready = Promise.resolve().then(() => this.#begin())
    this.ready.catch(() => {})
  }

  get pid(): number | null {
    return this.#node?.pid ?? null
  }

  get tcp(): readonly number[] {
    return this.#node?.tcp ?? []
  }

  responsiveFor(at: number): number {
    return this.#node?.responsiveFor(at) ?? 0
  }

  /** A delay that was set before holds for what this causes. */
  async msg(messageId: string, text: string): Promise<void> {
    await this.#options.network.inForce
    await this.#running.msg(messageId, text)
  }

  chatLog(): Promise<string> {
    return this.#running.chatLog()
  }

  async listen(port: number): Promise<void> {
    const node = this.#running
    await this.#door.listen(port).catch((error) => {
      throw new Error(explainStart(error))
    })
    await node.listen(port)
  }

  async unlisten(port: number): Promise<void> {
    this.#door.unlisten(port)
    await this.#running.unlisten(port)
  }

  async signal(signal: NodeSignal): Promise<void> {
    await this.#running.signal?.(signal)
  }

  release(ticket: number, how: Release): Promise<void> {
    return this.#running.release(ticket, how)
  }

  configure(changes: Changes) {
    this.#start = { ...this.#start, ...changes }
    void this.#options.network.configureOwn(this.#start.id, this.#start)
    this.#node?.configure(changes)
  }

  async fail(faults: NodeFaults): Promise<boolean> {
    this.#start = { ...this.#start, faults }
    const atGate = this.#options.network.configureOwn(this.#start.id, this.#start)
    const [isInForce] = await Promise.all([this.#node?.fail(this.#withGate(faults)) ?? true, atGate])
    return isInForce
  }

  async shareKey(key: string | undefined): Promise<boolean> {
    const { key: _, ...start } = this.#start
    this.#start = key === undefined ? start : { ...start, key }
    return (await this.#node?.shareKey(key)) ?? true
  }

  neighbourUp(port: number, generation: number) {
    this.#node?.neighbourUp(port, generation)
  }

  stop(): Promise<End> {
    return this.#node?.stop() ?? this.#finish({ how: 'stopped' })
  }

  crash(graceMs?: number): Promise<End> {
    return this.#node?.crash(graceMs) ?? this.#finish({ how: 'crashed' })
  }

  /** The network around it has ended. */
  lose(end: End) {
    this.#lostBy = end
    void (this.#node?.stop() ?? this.#finish(end))
  }

  /** Returns how it ended, if its process says that it ended by `end`. */
  endBy(end: End): End {
    return this.#lostBy ?? end
  }

  get #running(): NodeHandle {
    if (!this.#node) throw new NodeEnded('the node has ended')
    return this.#node
  }

  async #begin(): Promise<void> {
    const { network, spawn } = this.#options
    try {
      await network.joinOwn(this.#start.id, this.#start)
      for (const port of this.#start.tcp) await this.#door.listen(port)
    } catch (error) {
      await this.#finish({ how: 'failed', why: explainStart(error as Error) })
    }
    if (this.#decided) throw new Error(wordsOf(this.#decided))
    const start = { ...this.#start, faults: this.#withGate(this.#start.faults) }
    this.#node = spawn(start, (argv) => network.process.inside(argv))
    void this.#node.ended.then((end) => {
      this.#leave()
      this.#resolveEnded(this.endBy(end))
    })
    await this.#node.ready
  }

  /** The gate delays what programs send. */
  #withGate(faults: NodeFaults): NodeFaults {
    return { ...faults, alreadyDelayed: this.#options.programs }
  }

  async #finish(end: End): Promise<End> {
    if (this.#decided) return this.#decided
    this.#decided = end
    this.#leave()
    this.#options.onEnd(end)
    this.#resolveEnded(end)
    return end
  }

  #leave() {
    this.#door.close()
    this.#options.network.leaveOwn(this.#start.id)
  }
}

const wordsOf = (end: End): string => (end.how === 'failed' ? end.why : `the node was ${end.how} while it started`)
