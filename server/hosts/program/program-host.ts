/** A host whose nodes run programs of others; a node without a program is one of another host, on the same ports. */
import type { Socket } from 'node:net'
import type { Abilities } from '../../../shared/lab/abilities.ts'
import type { NodeEvents, NodeHandle, NodeHost, NodeStart, UdpSockets } from '../../../shared/lab/node-host.ts'
import { changedSettings } from '../../../shared/language/setting-words.ts'
import type { End } from '../../../shared/model/event.ts'
import { type LabSettings, MAX_PROCESSES } from '../../../shared/model/lab-settings.ts'
import { lackWords } from '../../../shared/model/lack-words.ts'
import { nodeName } from '../../../shared/model/names.ts'
import type { ProcessHost } from '../process-host.ts'
import { udpSocketsOf } from '../udp-sockets.ts'
import { BuildWatch } from './build-watch.ts'
import { GatedNetwork } from './gated-network.ts'
import { GatedOwnNode } from './gated-own-node.ts'
import { MessageNames } from './message-names.ts'
import { OrphanGuard } from './orphan-guard.ts'
import { OwnNames } from './own-names.ts'
import { type Program, type Programs, programOf } from './program.ts'
import { ProgramNode, type ProgramNodeOptions } from './program-node.ts'
import { abilitiesOf } from './program-words.ts'
import type { Trial } from './trial.ts'
import type { WireDecoder } from './wire-format.ts'

export interface ProgramHostOptions {
  readonly programs: Programs
  /** The host of the nodes without a program. */
  readonly own: ProcessHost
  readonly env: NodeJS.ProcessEnv
  /** File of the gate through which datagrams pass, or the reason why there is none. */
  readonly gate?: { readonly file: string } | { readonly whyNot: string }
  /** The user's decoder of datagrams; missing for the report's text alone. */
  readonly wire?: WireDecoder
  readonly trial?: Trial
  /** Tells the person at the terminal how a program failed, with its last lines. */
  readonly complain: (...lines: readonly string[]) => void
}

const ALL_IDS = Array.from({ length: MAX_PROCESSES }, (_, id) => id)

export class ProgramHost implements NodeHost {
  readonly mostNodes = MAX_PROCESSES
  readonly #options: ProgramHostOptions
  readonly #names = new MessageNames()
  readonly #guard = new OrphanGuard()
  readonly #running = new Set<ProgramNode>()
  /** Our own nodes in the network of programs. */
  readonly #gatedOwn = new Set<GatedOwnNode>()
  #network: GatedNetwork | undefined
  /** Watches the files of the programs that run. */
  #builds: BuildWatch | undefined

  constructor(options: ProgramHostOptions) {
    this.#options = options
    this.#names.onNew(() => this.#wake())
  }

  /** Sockets of the network that the nodes are in now. */
  readonly sockets: UdpSockets = {
    at: (port) => this.#sockets.at(port),
    isTaken: (port) => this.#sockets.isTaken(port),
  }

  get #sockets(): UdpSockets {
    const pid = this.#network?.process.pid
    return pid === undefined ? this.#options.own.sockets : udpSocketsOf(pid)
  }

  whyTaken: NodeHost['whyTaken'] = async (ports, own) =>
    (await this.#builds?.complete()) ?? (this.#isTrial ? undefined : this.#options.own.whyTaken(ports, own))

  requireFree: NodeHost['requireFree'] = async (tcp, udp) => {
    const why = await this.#builds?.complete()
    if (why !== undefined) throw new Error(why)
    return this.#isTrial ? undefined : this.#options.own.requireFree(tcp, udp)
  }

  whyNot({ n, topology, linkDelayMs, keyed, gossip }: LabSettings): string | undefined {
    const programs = Array.from({ length: n }, (_, id) => id).filter((id) => programOf(this.#options.programs, id))
    const [first] = programs
    if (first === undefined) return undefined
    if (topology !== 'line') return lackWords(first, topology)
    const [changed] = changedSettings(gossip)
    if (changed !== undefined && programs.length === n)
      return `no node has the setting ${changed}: each runs your own program, which has its own settings`
    if (linkDelayMs > 0 && !this.#hasGate)
      return 'the lab cannot delay the datagrams of a program: set the delay to 0 (--link-delay 0, or delay 0)'
    return keyed ? 'a program does not know the key of the lab: key off takes it away' : undefined
  }

  /** Whether a network of `n` nodes has any program. */
  #hasPrograms(n: number): boolean {
    return ALL_IDS.some((id) => id < n && programOf(this.#options.programs, id) !== undefined)
  }

  abilitiesOf(id: number): Abilities | undefined {
    const { network, whyNoGate } = this.#gateOf()
    return programOf(this.#options.programs, id) && abilitiesOf(network !== undefined, whyNoGate)
  }

  begin() {
    this.#network?.close()
    this.#network = undefined
    this.#names.clear()
  }

  start(start: NodeStart, events: NodeEvents) {
    const program = programOf(this.#options.programs, start.id)
    return program ? this.#startProgram(program, start, events) : this.#startOwn(start, events)
  }

  #startProgram(program: Program, start: NodeStart, events: NodeEvents) {
    const node: ProgramNode = new ProgramNode({
      ...events,
      start,
      program,
      env: this.#options.env,
      names: this.#names,
      guard: this.#guard,
      ...(this.#options.trial ? { trial: this.#options.trial } : {}),
      ...this.#gateOf(),
      count: () => this.#running.size,
      onChange: () => this.#wake(),
      onEnd: (end, lines) => {
        this.#running.delete(node)
        this.#closeWhenEmpty()
        this.#tell(start.id, end, lines)
        events.onEnd(end, lines)
      },
    })
    this.#running.add(node)
    this.#builds ??= this.#watchBuilds()
    return node
  }

  /** Opens the network of the programs before the first one starts. Resolves at once where there is none. */
  async prepare(rootId: number): Promise<void> {
    await this.#gateOf().network?.({ rootId }).process.ready
  }

  /** Returns the command line that runs another one in the network of the programs. */
  inside(argv: readonly string[]): readonly string[] {
    return this.#network?.process.inside(argv) ?? argv
  }

  /** Connects to a TCP port in the network of the programs; undefined when nobody listens there. */
  async connect(port: number): Promise<Socket | undefined> {
    return this.#network?.process.connect(port)
  }

  /** Looks soon at all chat logs. */
  look() {
    this.#wake()
  }

  /** A check has found free ports before, and its programs have their UDP ports to themselves. */
  get #isTrial(): boolean {
    return this.#options.trial !== undefined && this.#hasGate
  }

  get #hasGate(): boolean {
    return this.#options.gate !== undefined && 'file' in this.#options.gate
  }

  #gateOf(): Pick<ProgramNodeOptions, 'network' | 'whyNoGate'> {
    const { gate } = this.#options
    if (!gate) return {}
    if ('whyNot' in gate) return { whyNoGate: gate.whyNot }
    return { network: ({ rootId }) => this.#openNetwork(gate.file, rootId) }
  }

  #openNetwork(file: string, rootId: number): GatedNetwork {
    const { programs, env, wire, complain } = this.#options
    const own = ALL_IDS.filter((id) => programOf(programs, id) === undefined).map((id) => rootId + id)
    const decoder = wire ? { wire } : {}
    const onEnd = (why: string) => this.#lose(why)
    this.#network ??= new GatedNetwork({ file, rootId, own, env, names: this.#names, onEnd, complain, ...decoder })
    return this.#network
  }

  /** Nobody reaches the nodes in the network any more: they end with its gate. */
  #lose(how: string) {
    const why = `the gate of the lab has ended (${how}), and with it the network of the programs`
    if (this.#running.size + this.#gatedOwn.size > 0) this.#options.complain(`${why}: restart starts all nodes again`)
    for (const node of [...this.#running, ...this.#gatedOwn]) node.lose({ how: 'failed', why, ofLab: true })
  }

  #watchBuilds(): BuildWatch {
    const { programs, complain } = this.#options
    return new BuildWatch({
      programs: [...new Set([...programs.byId.values(), ...(programs.all ? [programs.all] : [])])],
      onNew: () => {
        for (const node of this.#running) node.noteBuild()
      },
      complain,
    })
  }

  /** Nothing is left in the namespace. The next node that starts opens another one. */
  #closeWhenEmpty() {
    if (this.#running.size + this.#gatedOwn.size > 0) return
    this.#network?.close()
    this.#network = undefined
    this.#builds?.close()
    this.#builds = undefined
  }

  /** Our own nodes are in the network of the programs, if it has a gate. */
  #startOwn(start: NodeStart, events: NodeEvents): NodeHandle {
    const { gate, programs, own } = this.#options
    const { rootId } = start
    const named = this.#naming(events, rootId)
    if (!gate || !('file' in gate) || !this.#hasPrograms(start.n)) return own.start(start, named)
    const node: GatedOwnNode = new GatedOwnNode({
      start,
      network: this.#openNetwork(gate.file, rootId),
      programs: ALL_IDS.filter((id) => programOf(programs, id)).map((id) => rootId + id),
      spawn: (now, inside) =>
        own.start(now, { ...named, onEnd: (end, lines) => over(() => named.onEnd(node.endBy(end), lines)) }, inside),
      onEnd: (end) => over(() => named.onEnd(end, [])),
    })
    const over = (tell: () => void) => {
      this.#gatedOwn.delete(node)
      this.#closeWhenEmpty()
      tell()
    }
    this.#gatedOwn.add(node)
    return node
  }

  #naming(events: NodeEvents, rootId: number): NodeEvents {
    const names = new OwnNames(this.#names, (port) => programOf(this.#options.programs, port - rootId) !== undefined)
    return { ...events, onReports: (batch, clock, done) => events.onReports(names.rename(batch), clock, done) }
  }

  #tell(id: number, end: End, lines: readonly string[]) {
    if (end.how === 'failed' && end.ofLab) return
    const why = end.how === 'killed' ? `ended by ${end.signal}` : 'why' in end ? end.why : undefined
    if (why !== undefined) this.#options.complain(`${nodeName(id)}: ${why}`, ...lines.map((line) => `  ${line}`))
  }

  #wake() {
    for (const node of this.#running) node.wake()
  }
}
