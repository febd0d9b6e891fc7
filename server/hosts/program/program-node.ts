/** Runs a program of others as a node: sends it commands over TCP, and infers what it stored from its chat log. */
import { originOf } from '../../../shared/gossip/origin.ts'
import type { Abilities } from '../../../shared/lab/abilities.ts'
import {
  NodeEnded,
  type NodeEvents,
  type NodeHandle,
  type NodeStart,
  SAME_CLOCK,
} from '../../../shared/lab/node-host.ts'
import { messageOf } from '../../../shared/lab/refusal.ts'
import type { NodeSignal } from '../../../shared/language/command.ts'
import type { Release } from '../../../shared/language/command-faults.ts'
import type { End, NodeFact, NodeReport } from '../../../shared/model/event.ts'
import { UNKNOWN_PORT } from '../../../shared/model/names.ts'
import type { NodeFaults } from '../../../shared/node/node-faults.ts'
import { formatMs } from '../../../shared/text/format.ts'
import { now } from '../../platform/clock.ts'
import { NODE_START_TIMEOUT_MS } from '../../platform/node-link.ts'
import { requireSignal } from '../../platform/signals.ts'
import { explainStart } from '../../platform/system-errors.ts'
import { bindUdp, freeBlock } from '../ports.ts'
import { Bringers } from './bringers.ts'
import { buildOf } from './build-watch.ts'
import type { GatedNetwork } from './gated-network.ts'
import type { MessageNames } from './message-names.ts'
import type { OrphanGuard } from './orphan-guard.ts'
import { Poll } from './poll.ts'
import type { Program } from './program.ts'
import { ProgramLink } from './program-link.ts'
import { type Exit, ProgramProcess } from './program-process.ts'
import { abilitiesOf, endOf } from './program-words.ts'
import { Relay } from './relay.ts'
import { type Look, SeenLog } from './seen-log.ts'
import { treeOf } from './system.ts'
import type { Trial } from './trial.ts'
import { Vigil } from './vigil.ts'

/** Time that a program gets to answer a person, and the lab itself, in ms. */
const ANSWER_TIMEOUT_MS = 5_000
const LOOK_TIMEOUT_MS = 1_000
/** Time that a program gets to end after the crash command, in ms. */
const CRASH_PATIENCE_MS = 1_000
/** Time after a crash line of a client within which an end is that crash, in ms. */
const TYPED_CRASH_MS = 2_000

/** Range of the TCP ports of programs: no lab asks for these, and Linux assigns them to nobody by itself. */
const INNER_PORTS = { lowest: 61_000, highest: 65_000 }
/** Processor time of a look that finds nothing new, in ms. */
const LEAST_COST_MS = 0.05

export interface ProgramNodeOptions extends NodeEvents {
  readonly start: NodeStart
  readonly program: Program
  readonly env: NodeJS.ProcessEnv
  readonly names: MessageNames
  readonly guard: OrphanGuard
  /** Opens the network in which every datagram passes a gate; missing where there is none. */
  readonly network?: (start: Pick<NodeStart, 'rootId'>) => GatedNetwork
  /** The reason why there is none, as a sentence without its end. */
  readonly whyNoGate?: string
  readonly trial?: Trial
  /** Returns how many programs run. */
  readonly count: () => number
  /** Called when the chat log has changed: those of other nodes may change next. */
  readonly onChange: () => void
}

export class ProgramNode implements NodeHandle {
  readonly can: Abilities
  readonly #options: ProgramNodeOptions
  readonly #origin: number
  readonly #seen: SeenLog
  readonly #bringers = new Bringers()
  readonly #poll: Poll
  #network: GatedNetwork | undefined
  #link: ProgramLink | undefined
  #relay: Relay | undefined
  #process: ProgramProcess | undefined
  #vigil: Vigil | undefined
  /** Number of messages that it was given. */
  #given = 0
  /** Way in which the lab ended it; undefined if it ended by itself. */
  #decided: End | undefined
  #crashAt = Number.NEGATIVE_INFINITY
  #hadToBeKilled = false
  #isOver = false
  /** Build that it runs, and whether there is a newer one. */
  #build = ''
  #isOutdated = false
  /** Time of the last request for a chat log, in ms. */
  #lookedAt = now()
  /** Number of messages that chat logs have shown. */
  #changes = 0
  /** Processor time that a look takes, in ms. */
  #costMs = LEAST_COST_MS
  readonly ready: Promise<void>
  readonly ended: Promise<End>
  #resolveEnded: (end: End) => void = () => {}

  constructor(options: ProgramNodeOptions) {
    this.#options = options
    this.can = abilitiesOf(options.network !== undefined, options.whyNoGate)
    const { id, rootId, generation } = options.start
    this.#origin = originOf(rootId + id, generation)
    this.#seen = new SeenLog(options.names, this.#origin)
    this.#poll = new Poll({ look: () => this.#look(), costMs: () => this.#costMs, count: options.count })
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve
    })
    // Begins later, because the lab must have its handle first.
    this.ready = Promise.resolve().then(() => this.#begin())
    this.ready.catch(() => {})
  }

  get pid(): number | null {
    return this.#process?.pid ?? null
  }

  get tcp(): readonly number[] {
    return this.#relay?.ports ?? []
  }

  /** Looks soon again: a message of the network is new, or another chat log has changed. */
  wake() {
    this.#poll.wake()
  }

  responsiveFor(at: number): number {
    return this.#vigil?.responsiveFor(at) ?? 0
  }

  async msg(messageId: string, text: string): Promise<void> {
    // A delay that was set before holds for what this causes.
    await this.#network?.inForce
    await this.#act((link) => link.tell(`msg ${messageId} ${text}`, () => this.#give(text)))
  }

  async chatLog(): Promise<string> {
    return this.#act((link) => link.ask(ANSWER_TIMEOUT_MS))
  }

  async listen(port: number): Promise<void> {
    if (this.#isOver || !this.#relay) throw new NodeEnded('the node has ended')
    await this.#relay.listen(port).catch((error) => {
      throw new Error(explainStart(error))
    })
  }

  async unlisten(port: number): Promise<void> {
    this.#relay?.unlisten(port)
  }

  async release(ticket: number, how: Release): Promise<void> {
    if (this.#isOver) throw new NodeEnded('the node has ended')
    if (!this.#network?.release(this.#options.start.id, ticket, how)) throw new Error('it is no longer held')
  }

  async signal(signal: NodeSignal): Promise<void> {
    if (this.#isOver || !this.#process) throw new NodeEnded('the node has ended')
    requireSignal(signal)
    this.#process.signal(`SIG${signal}`)
    if (signal === 'KILL') await this.ended
    else await this.#vigil?.untilSuspended(signal === 'STOP')
  }

  /** Notes that the files of programs have changed. */
  noteBuild() {
    if (this.#isOver || this.#isOutdated || buildOf(this.#options.program) === this.#build) return
    this.#isOutdated = true
    this.#options.onOutdated?.()
  }

  /** Settings and keys do not reach a program: the lab refuses them before. */
  configure({ linkDelayMs }: Pick<NodeStart, 'linkDelayMs'>) {
    void this.#network?.configure(this.#options.start.id, { linkDelayMs })
  }

  neighbourUp() {}

  async fail(faults: NodeFaults): Promise<boolean> {
    await this.#network?.configure(this.#options.start.id, { faults })
    return true
  }

  async shareKey(): Promise<boolean> {
    return true
  }

  /** The network around it has ended. */
  lose(end: End) {
    // The program is not at fault for the end of its connection.
    this.#vigil?.stop()
    void this.#endBy(end, (process) => process.kill())
  }

  stop(): Promise<End> {
    return this.#endBy({ how: 'stopped' }, (process) => process.stop())
  }

  /** Sends the crash command, and ends a program that goes on. */
  async crash(): Promise<End> {
    const canRead = this.#link?.isConnected && this.#vigil?.hold === undefined
    if (!this.#link || !canRead) return this.#endBy({ how: 'crashed' }, (process) => process.kill())
    this.#crashAt = now()
    let wasSent = false
    const onWrite = () => {
      wasSent = true
    }
    void this.#link.tell('crash', onWrite).catch(() => {})
    const patience = setTimeout(() => {
      this.#hadToBeKilled = wasSent
      void this.#process?.kill()
    }, CRASH_PATIENCE_MS)
    const end = await this.ended
    clearTimeout(patience)
    return end
  }

  async #begin(): Promise<void> {
    try {
      await this.#start()
    } catch (error) {
      const why = this.#decided ? `the node was ${this.#decided.how} while it started` : explainStart(error as Error)
      if (!this.#process) this.#finish(this.#decided ?? { how: 'failed', why, ofLab: true })
      const end = await this.ended
      throw new Error(end.how === 'failed' ? end.why : `the node was ${end.how} while it started`)
    }
  }

  async #start(): Promise<void> {
    const { id, n, namedN = n, rootId, tcp } = this.#options.start
    const network = await this.#openNetwork()
    const port = await this.#innerPort(network !== undefined)
    if (!network) await bindUdp(rootId + id)
    const link = new ProgramLink({
      port,
      ...(network ? { connect: (inner) => network.process.connect(inner) } : {}),
      onChatLog: (line, askedAt) => this.#read(line, askedAt),
      onClosed: () => void link.connect(),
    })
    const relay = new Relay({
      link,
      onLine: (line) => this.#onClientLine(line),
      onBadLine: (why, line) => this.#report({ type: 'line-refused', line, why }),
    })
    this.#relay = relay
    for (const one of tcp) await relay.listen(one)
    this.#requireWanted()
    this.#link = link
    const { program, env, guard, trial, onOutput } = this.#options
    const args = [`${id}`, `${namedN}`, `${port}`]
    const place = network ? { inside: (argv: readonly string[]) => network.process.inside(argv) } : {}
    this.#build = buildOf(program)
    this.#process = new ProgramProcess({ program, args, env, guard, onOutput, ...place, ...(trial ? { trial } : {}) })
    void this.#process.ended.then((exit) => this.#onExit(exit))
    await this.#connect(link)
    this.#report({ type: 'listening' })
    this.#watch()
  }

  /** Outside a network of its own a program gets a port that nobody else has. */
  async #innerPort(hasNetwork: boolean): Promise<number> {
    const [asked] = this.#options.start.tcp
    const wanted = hasNetwork && asked !== undefined ? this.#options.trial?.innerPort(asked) : undefined
    return wanted ?? (await freeBlock(1, INNER_PORTS)).basePort
  }

  async #openNetwork(): Promise<GatedNetwork | undefined> {
    const { start, network: open, onTrouble } = this.#options
    const network = open?.(start)
    if (!network) return undefined
    this.#network = network
    const report = (fact: NodeFact, at: number) => this.#report(fact, at)
    await network.join(
      { id: start.id, seed: start.seed, bringers: this.#bringers, report, onTrouble },
      start.faults,
      start.linkDelayMs,
    )
    return network
  }

  async #connect(link: ProgramLink): Promise<void> {
    const patience = setTimeout(() => {
      const within = formatMs(NODE_START_TIMEOUT_MS)
      const why = `it does not listen on the TCP port that is its third argument, within ${within}`
      void this.#endBy({ how: 'failed', why }, (process) => process.kill())
    }, NODE_START_TIMEOUT_MS)
    const isConnected = await link.connect()
    clearTimeout(patience)
    if (!isConnected) throw new Error('it has ended')
  }

  #requireWanted() {
    if (this.#decided) throw new Error('the node is not wanted any more')
  }

  #watch() {
    const { start, onAnswering, onOverloaded, onTrouble } = this.#options
    this.#vigil = new Vigil({
      udpPort: start.rootId + start.id,
      id: start.id,
      pids: () => treeOf(this.pid),
      allPids: () => this.#process?.pids ?? [],
      between: () => (this.#network?.process.pid === undefined ? [] : [this.#network.process.pid]),
      isConnected: () => this.#link?.isConnected ?? false,
      onAnswering,
      onOverloaded: (overloaded) => onOverloaded?.(overloaded),
      onTrouble,
    })
    this.#poll.start()
  }

  async #act<T>(deed: (link: ProgramLink) => Promise<T>): Promise<T> {
    if (this.#isOver || !this.#link || this.#isCrashing) throw new NodeEnded('the node has ended')
    const hold = this.#vigil?.hold
    if (hold !== undefined) throw new Error(hold)
    try {
      return await deed(this.#link)
    } catch (error) {
      this.#vigil?.missed(messageOf(error))
      if (this.#process?.hasEnded) throw new NodeEnded('the node ended before it answered')
      throw error
    }
  }

  get #isCrashing(): boolean {
    return now() - this.#crashAt < TYPED_CRASH_MS
  }

  #give(text: string) {
    const name = { origin: this.#origin, seq: this.#given }
    this.#given += 1
    this.#report({ type: 'given', ...name, text })
    this.#options.names.add(name.origin, name.seq, text)
  }

  /** A line of a client goes to the program as it is; the lab reads along. */
  #onClientLine(line: string) {
    this.#report({ type: 'line', line })
    const [, text] = /^msg \S+ (.+)$/.exec(line) ?? []
    if (text !== undefined) this.#give(text)
    else if (line.startsWith('crash')) this.#crashAt = now()
  }

  async #look(): Promise<boolean> {
    const link = this.#link
    if (!link || this.#options.trial?.mayLook() === false) return false
    const before = this.#changes
    try {
      await link.ask(LOOK_TIMEOUT_MS)
      return before !== this.#changes || this.#seen.isWaiting
    } catch (error) {
      if (!this.#isOver) this.#vigil?.missed(messageOf(error))
      throw error
    }
  }

  /** Takes a chat log that the lab or a client asked for, at `askedAt`. */
  #read(line: string, askedAt: number) {
    this.#vigil?.heard()
    const began = now()
    const look: Look = { line, at: began, before: this.#lookedAt }
    const fresh = this.#seen.take(look)
    this.#lookedAt = askedAt
    this.#changes += fresh.length
    for (const { origin, seq, text, at, uncertaintyMs, isAmbiguous } of fresh)
      this.#report(
        {
          type: 'stored',
          origin,
          seq,
          text,
          from: origin === this.#origin ? null : (this.#bringers.of({ origin, seq }) ?? UNKNOWN_PORT),
          inferred: true,
          ...(uncertaintyMs > 0 ? { uncertaintyMs } : {}),
          ...(isAmbiguous ? { ambiguous: true as const } : {}),
        },
        at,
      )
    for (const { origin, seq, text, times, at } of this.#seen.takeShownAgain())
      this.#report({ type: 'shown-again', origin, seq, text, times, inferred: true }, at)
    this.#costMs = 0.8 * this.#costMs + 0.2 * (now() - began + LEAST_COST_MS)
    if (fresh.length > 0) this.#options.onChange()
  }

  #report(fact: NodeFact & Partial<Pick<NodeReport, 'inferred' | 'uncertaintyMs'>>, at = now()) {
    if (this.#isOver) return
    this.#options.onReports([{ ...fact, at }], SAME_CLOCK, () => {})
  }

  async #endBy(end: End, kill: (process: ProgramProcess) => Promise<Exit>): Promise<End> {
    this.#decided ??= end
    if (this.#process) await kill(this.#process)
    return this.ended
  }

  #onExit(exit: Exit) {
    const { lines } = this.#process?.output ?? { lines: [] }
    const ending = {
      exit,
      lastLine: lines.at(-1),
      isCrash: this.#isCrashing || this.#hadToBeKilled,
      hadToBeKilled: this.#hadToBeKilled,
      survivors: this.#process?.survivors ?? 0,
    }
    this.#finish(this.#decided ?? endOf(ending))
  }

  #finish(end: End) {
    if (this.#isOver) return
    this.#isOver = true
    this.#network?.leave(this.#options.start.id)
    this.#poll.stop()
    this.#vigil?.stop()
    this.#link?.close()
    this.#relay?.close()
    this.#options.onEnd(end, this.#process?.output.lines ?? [])
    this.#resolveEnded(end)
  }
}
