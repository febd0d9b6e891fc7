/** One node of a simulated host: the shell of a real node in a process of a virtual machine. */
import { SHELL_ABILITIES } from '../lab/abilities.ts'
import { NodeEnded, type NodeEvents, type NodeHandle, type NodeStart, SAME_CLOCK } from '../lab/node-host.ts'
import { messageOf } from '../lab/refusal.ts'
import type { Release } from '../language/command-faults.ts'
import type { End } from '../model/event.ts'
import { GossipNode, NODE_STOP_TIMEOUT_MS, type Reply } from '../node/gossip-node.ts'
import type { NodeFaults } from '../node/node-faults.ts'
import type { VirtualProcess } from './virtual-process.ts'

/**
 * Time that a node takes to start, in ms. The session of its seals is named by the millisecond in which it begins, so
 * no two lives of a node may begin in the same one.
 */
const START_MS = 1

export class SimulatedNode implements NodeHandle {
  readonly pid = null
  readonly can = SHELL_ABILITIES
  readonly ready: Promise<void>
  readonly ended: Promise<End>
  readonly #process: VirtualProcess
  readonly #events: NodeEvents
  readonly #node: GossipNode
  readonly #tcp: Set<number>
  /** Rejects when the node has ended. */
  readonly #gone: Promise<never>
  #rejectGone: ((why: Error) => void) | undefined
  #resolveEnded: ((end: End) => void) | undefined
  #isOver = false

  constructor(process: VirtualProcess, start: NodeStart, events: NodeEvents) {
    this.#process = process
    this.#events = events
    this.#tcp = new Set(start.tcp)
    this.#gone = new Promise((_, reject) => {
      this.#rejectGone = reject
    })
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve
    })
    this.#node = new GossipNode({
      ...start,
      platform: process.platform,
      port: start.rootId + start.id,
      generationIs: 'counted',
      // Reporting takes no time, so nothing is left out, and a slow reader changes nothing.
      reportsAtOnce: true,
      deliver: (batch, done) => {
        events.onReports(batch, SAME_CLOCK, () => {})
        done()
      },
      onCrash: () => this.#end({ how: 'crashed' }),
    })
    this.ready = Promise.race([this.#start(start), this.#gone])
    // There may be no caller waiting; onEnd reports the end all the same.
    this.ready.catch(() => {})
  }

  get tcp(): readonly number[] {
    return [...this.#tcp]
  }

  responsiveFor(): number {
    return this.#isOver ? 0 : Number.POSITIVE_INFINITY
  }

  async msg(_messageId: string, text: string): Promise<void> {
    this.#ask(() => this.#node.msg(text))
  }

  async chatLog(): Promise<string> {
    const [line = ''] = this.#ask(() => this.#node.chatLog())
    return line
  }

  async listen(port: number): Promise<void> {
    this.#requireRunning()
    await Promise.race([this.#node.listen(port), this.#gone])
    this.#tcp.add(port)
  }

  async unlisten(port: number): Promise<void> {
    this.#requireRunning()
    this.#tcp.delete(port)
    this.#node.unlisten(port)
  }

  async release(ticket: number, how: Release): Promise<void> {
    this.#requireRunning()
    if (!this.#node.release(ticket, how)) throw new Error('it is no longer held')
  }

  configure(changes: Pick<NodeStart, 'neighbours' | 'settings' | 'linkDelayMs'>) {
    if (!this.#isOver) this.#node.configure(changes)
  }

  async fail(faults: NodeFaults): Promise<boolean> {
    if (!this.#isOver) this.#node.fail(faults)
    return true
  }

  async shareKey(key: string | undefined): Promise<boolean> {
    if (!this.#isOver) await this.#node.shareKey(key)
    return true
  }

  neighbourUp(port: number, generation: number) {
    if (!this.#isOver) this.#node.neighbourUp(port, generation)
  }

  stop(): Promise<End> {
    this.#end({ how: 'stopped' })
    return this.ended
  }

  crash(graceMs = 0): Promise<End> {
    if (this.#isOver) return this.ended
    // Datagrams in the air must no longer keep the process alive, as in a real one.
    this.#process.platform.after(graceMs + NODE_STOP_TIMEOUT_MS, () => this.#end({ how: 'crashed' }))
    if (graceMs > 0) this.#node.crashInGrace()
    else this.#node.crash()
    return this.ended
  }

  async #start({ tcp, memory }: Pick<NodeStart, 'tcp' | 'memory'>): Promise<void> {
    if (!memory) await new Promise<void>((resolve) => this.#process.platform.after(START_MS, resolve))
    try {
      await this.#node.start(tcp)
    } catch (error) {
      this.#end({ how: 'failed', why: messageOf(error) })
      throw error
    }
  }

  #ask(question: () => Reply): readonly string[] {
    this.#requireRunning()
    const { lines, why } = question()
    if (why !== undefined) throw new Error(why)
    return lines
  }

  #requireRunning() {
    if (this.#isOver) throw new NodeEnded('the node has ended')
  }

  #end(end: End) {
    if (this.#isOver) return
    this.#isOver = true
    this.#process.kill()
    this.#rejectGone?.(new NodeEnded(end.how === 'failed' ? end.why : 'the node has ended'))
    this.#events.onEnd(end, [])
    this.#resolveEnded?.(end)
  }
}
