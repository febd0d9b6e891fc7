/** One gossip process as the supervisor sees it: starts it, speaks to it over IPC, and learns how it ended. */
import type { ChildProcess } from 'node:child_process'
import { SHELL_ABILITIES } from '../../shared/lab/abilities.ts'
import { NodeEnded, type NodeEvents, type NodeHandle, SAME_CLOCK } from '../../shared/lab/node-host.ts'
import type { NodeSignal } from '../../shared/language/command.ts'
import type { Release } from '../../shared/language/command-faults.ts'
import type { End } from '../../shared/model/event.ts'
import { NODE_STOP_TIMEOUT_MS } from '../../shared/node/gossip-node.ts'
import type { NodeFaults } from '../../shared/node/node-faults.ts'
import { formatMs } from '../../shared/text/format.ts'
import { now } from '../platform/clock.ts'
import { EXIT, type FromNode, NODE_START_TIMEOUT_MS, type NodeConfig, type ToNode } from '../platform/node-link.ts'
import { requireSignal } from '../platform/signals.ts'
import { systemWords } from '../platform/system-errors.ts'
import { Heartbeat } from './heartbeat.ts'
import { LastLines } from './last-lines.ts'
import { type Inside, spawnNode } from './spawn-node.ts'

/** Time that a node gets to answer a line, in ms. */
const NODE_ANSWER_TIMEOUT_MS = 5_000
/** Time after a request for which a node still carries it out, in ms. Its answer then arrives before the timeout. */
const NODE_ACTS_WITHIN_MS = 4_000

export interface NodeProcessOptions extends NodeEvents {
  readonly config: NodeConfig
  /** Key that all nodes share. */
  readonly key: string | undefined
  /** The program file. */
  readonly bundle: string
  /** Missing for the network of the lab. */
  readonly inside?: Inside
}

/** A request to a node, with callbacks for its answer. */
interface Waiting {
  readonly resolve: (lines: readonly string[]) => void
  readonly reject: (why: Error) => void
  readonly timer: NodeJS.Timeout
}

/** Reports that the node understood a request and refused it. */
class NodeRefusal extends Error {}
/** Reports that the node does not respond, or did not answer in time. */
class NodeSilent extends Error {}

const SILENT = 'it does not respond: its process was suspended from outside, or it is overloaded'

type ToAsk = Extract<ToNode, { id: number }>
type Question = ToAsk extends infer Ask ? (Ask extends ToAsk ? Omit<Ask, 'id' | 'until'> : never) : never

export class NodeProcess implements NodeHandle {
  readonly can = SHELL_ABILITIES
  readonly #options: NodeProcessOptions
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, Waiting>()
  readonly #stderr = new LastLines()
  readonly #tcp: Set<number>
  #asked = 0
  readonly #heartbeat: Heartbeat
  /** The end that the lab decided; undefined if the node ended by itself. */
  #decided: End | undefined
  #exit: { code: number | null; signal: string | null } | undefined
  #over = false
  #isReady = false
  /** Resolves when both sockets listen; rejects with the reason why they never will. */
  readonly ready: Promise<void>
  /** Resolves when the process is gone and all its reports have been taken. */
  readonly ended: Promise<End>
  #settleReady: { resolve: () => void; reject: (why: Error) => void } | undefined
  #settleEnded: ((end: End) => void) | undefined

  constructor(options: NodeProcessOptions) {
    this.#options = options
    this.#tcp = new Set(options.config.tcp)
    this.#heartbeat = new Heartbeat({ ping: () => this.#tell({ type: 'ping' }), onAnswering: options.onAnswering })
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject }
    })
    // There may be no caller waiting; onEnd reports a failure all the same.
    this.ready.catch(() => {})
    this.ended = new Promise((resolve) => {
      this.#settleEnded = resolve
    })
    this.#child = spawnNode(options.bundle, options.config, options.key, options.inside)
    this.#listen()
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get tcp(): readonly number[] {
    return [...this.#tcp]
  }

  /** Whether the node responds. */
  get answers(): boolean {
    return this.#heartbeat.answers
  }

  /** See Heartbeat. */
  responsiveFor(at: number): number {
    return this.#heartbeat.responsiveFor(at)
  }

  /**
   * These reject with NodeRefusal, with NodeEnded, or when there is no answer in time. Our nodes ignore message ids.
   */
  async msg(_messageId: string, text: string): Promise<void> {
    await this.#ask({ type: 'msg', text })
  }

  async chatLog(): Promise<string> {
    const [line = ''] = await this.#ask({ type: 'chatLog' })
    return line
  }

  async listen(port: number): Promise<void> {
    await this.#ask({ type: 'listen', port })
    this.#tcp.add(port)
  }

  async unlisten(port: number): Promise<void> {
    if (!this.#tcp.delete(port)) return
    await this.#ask({ type: 'unlisten', port })
  }

  configure(changes: Omit<Extract<ToNode, { type: 'configure' }>, 'type'>) {
    this.#tell({ type: 'configure', ...changes })
  }

  /** Replaces the faults. See `#impose`. */
  fail(faults: NodeFaults): Promise<boolean> {
    return this.#impose({ type: 'faults', faults })
  }

  /** Sets or removes the shared key. See `#impose`. */
  shareKey(key: string | undefined): Promise<boolean> {
    return this.#impose({ type: 'key', key: key ?? null })
  }

  /**
   * Resolves with true when the change is in force or the node has ended; with false when it takes effect once the node
   * continues.
   */
  async #impose(question: Question): Promise<boolean> {
    try {
      await this.#ask(question)
      return true
    } catch (error) {
      if (error instanceof NodeSilent) return false
      if (error instanceof NodeEnded) return true
      throw error
    }
  }

  /** Rejects with NodeRefusal when no datagram is held under this ticket. */
  async release(ticket: number, how: Release): Promise<void> {
    await this.#ask({ type: 'release', ticket, how })
  }

  neighbourUp(port: number, generation: number) {
    this.#tell({ type: 'neighbour-up', port, generation })
  }

  async signal(signal: NodeSignal): Promise<void> {
    requireSignal(signal)
    this.#child.kill(`SIG${signal}`)
    if (signal === 'KILL') await this.ended
  }

  /**
   * Kills the process. It has nothing to save except pending reports, and a stopped or busy process would not react to
   * SIGTERM.
   */
  stop(): Promise<End> {
    return this.#kill({ how: 'stopped' })
  }

  /**
   * Runs the crash command, at once or with a grace period of at most so many ms. A node that does not react, because
   * it is stopped for example, crashes all the same.
   */
  async crash(graceMs = 0): Promise<End> {
    this.#tell({ type: 'crash', grace: graceMs > 0 })
    const patience = setTimeout(() => void this.#kill({ how: 'crashed' }), graceMs + NODE_STOP_TIMEOUT_MS)
    const end = await this.ended
    clearTimeout(patience)
    return end
  }

  #kill(end: End): Promise<End> {
    this.#decided ??= end
    this.#child.kill('SIGKILL')
    return this.ended
  }

  #ask(question: Question): Promise<readonly string[]> {
    return new Promise((resolve, reject) => {
      if (this.#over || this.#exit) return reject(new NodeEnded('the node has ended'))
      const id = ++this.#asked
      const asked = { ...question, id, until: now() + NODE_ACTS_WITHIN_MS }
      if (!this.answers) {
        // The node gets its new configuration when it continues. An action must not happen long after this refusal.
        if (question.type === 'faults' || question.type === 'key') this.#tell(asked)
        return reject(new NodeSilent(SILENT))
      }
      // Reads input first: when this process was stopped and continues, all timers are due at once.
      const timer = setTimeout(() => setImmediate(() => this.#giveUp(id)), NODE_ANSWER_TIMEOUT_MS)
      this.#waiting.set(id, { resolve, reject, timer })
      this.#tell(asked)
    })
  }

  #giveUp(id: number) {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    waiting?.reject(
      new NodeSilent(
        `the node did not respond within ${formatMs(NODE_ANSWER_TIMEOUT_MS)}; its process may be suspended`,
      ),
    )
  }

  #tell(message: ToNode) {
    // The exit event reports a node that has just ended; the failed write adds nothing.
    if (this.#child.connected) this.#child.send(message, () => {})
  }

  #listen() {
    const child = this.#child
    const patience = setTimeout(() => {
      void this.#kill({ how: 'failed', why: `it did not start within ${formatMs(NODE_START_TIMEOUT_MS)}` })
    }, NODE_START_TIMEOUT_MS)
    this.ready.then(
      () => clearTimeout(patience),
      () => clearTimeout(patience),
    )
    child.on('message', (message) => {
      this.#heartbeat.heard()
      this.#hear(message as FromNode)
    })
    this.ready.then(
      () => {
        if (!this.#over) this.#heartbeat.start()
      },
      () => {},
    )
    child.stderr?.on('data', (chunk: Buffer) => this.#stderr.add(chunk))
    child.on('error', (error) => {
      // The process exists, but a signal could not be sent, for example. Its end will be reported.
      if (child.pid !== undefined) return
      this.#decided ??= { how: 'failed', why: systemWords(error) }
      this.#finish()
    })
    child.once('exit', (code, signal) => {
      this.#exit = { code, signal }
    })
    // `close` comes after stderr and the IPC channel have been read to their end.
    child.once('close', () => this.#finish())
  }

  #hear(message: FromNode) {
    if (message.type === 'pong') return
    if (message.type === 'ready') {
      this.#isReady = true
      this.#settleReady?.resolve()
    } else if (message.type === 'reports') this.#options.onReports(message.reports, SAME_CLOCK, () => {})
    else {
      const waiting = this.#waiting.get(message.id)
      this.#waiting.delete(message.id)
      clearTimeout(waiting?.timer)
      if (message.type === 'answer') waiting?.resolve(message.lines)
      else waiting?.reject(new NodeRefusal(message.why))
    }
  }

  #finish() {
    if (this.#over) return
    this.#over = true
    this.#heartbeat.stop()
    this.#stderr.end()
    const end = this.#reason()
    this.#settleReady?.reject(new Error(end.how === 'failed' ? end.why : `the node was ${end.how} while it started`))
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer)
      reject(new NodeEnded('the node ended before it replied'))
    }
    this.#waiting.clear()
    this.#options.onEnd(end, this.#stderr.lines)
    this.#settleEnded?.(end)
  }

  /** Returns the reason that the node gave: its own words, or else the name of the error among the lines of Node. */
  #lastWords(code: number | null): string {
    const own = this.#stderr.lines.findLast((line) => line.startsWith('process: '))
    if (own !== undefined) return own.slice('process: '.length)
    const why = this.#stderr.lines.findLast((line) => /^\w*Error\b/.test(line)) ?? `it ended with exit code ${code}`
    // One of our programs that loads says itself why it does not start.
    const isDamaged = !this.#isReady && (code === EXIT.ok || code === EXIT.failed)
    return isDamaged
      ? `the build in dist is damaged (${why}); run npm run build to rebuild it, or install Rumorscope again`
      : why
  }

  #reason(): End {
    const { code, signal } = this.#exit ?? { code: null, signal: null }
    if (this.#decided) return this.#decided
    if (signal !== null) return { how: 'killed', signal }
    if (code === EXIT.crashed) return { how: 'crashed' }
    return { how: 'failed', why: this.#lastWords(code) }
  }
}
