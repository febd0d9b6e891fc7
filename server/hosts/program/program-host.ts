/** A host whose nodes run programs of others; a node without a program is one of another host, on the same ports. */
import type { Abilities } from '../../../shared/lab/abilities.ts'
import type { NodeEvents, NodeHost, NodeStart } from '../../../shared/lab/node-host.ts'
import type { End } from '../../../shared/model/event.ts'
import type { LabSettings } from '../../../shared/model/lab-settings.ts'
import { nodeName } from '../../../shared/model/names.ts'
import { GatedNetwork } from './gated-network.ts'
import { MessageNames } from './message-names.ts'
import { OrphanGuard } from './orphan-guard.ts'
import { type Program, type Programs, programOf } from './program.ts'
import { ProgramNode, type ProgramNodeOptions } from './program-node.ts'
import { abilitiesOf } from './program-words.ts'
import type { Trial } from './trial.ts'
import type { WireDecoder } from './wire-format.ts'

export interface ProgramHostOptions {
  readonly programs: Programs
  /** The host of the nodes without a program. */
  readonly own: NodeHost
  readonly env: NodeJS.ProcessEnv
  /** File of the gate through which datagrams pass, or the reason why there is none. */
  readonly gate?: { readonly file: string } | { readonly whyNot: string }
  /** The user's decoder of datagrams; missing for the report's text alone. */
  readonly wire?: WireDecoder
  readonly trial?: Trial
  /** Tells the person at the terminal how a program failed, with its last lines. */
  readonly complain: (...lines: readonly string[]) => void
}

export class ProgramHost implements NodeHost {
  readonly #options: ProgramHostOptions
  readonly #names = new MessageNames()
  readonly #guard = new OrphanGuard()
  readonly #running = new Set<ProgramNode>()
  #network: GatedNetwork | undefined

  constructor(options: ProgramHostOptions) {
    this.#options = options
    this.#names.onNew(() => this.#wake())
  }

  get sockets() {
    return this.#options.own.sockets
  }

  whyTaken: NodeHost['whyTaken'] = async (ports, own) =>
    this.#isTrial ? undefined : this.#options.own.whyTaken(ports, own)

  requireFree: NodeHost['requireFree'] = async (tcp, udp) =>
    this.#isTrial ? undefined : this.#options.own.requireFree(tcp, udp)

  whyNot({ n, topology, linkDelayMs, keyed }: LabSettings): string | undefined {
    const ids = Array.from({ length: n }, (_, id) => id)
    if (!ids.some((id) => programOf(this.#options.programs, id))) return undefined
    if (topology !== 'line')
      return `a program knows only its id and the number of nodes, and gossips on a line: it cannot be in a ${topology}`
    if (linkDelayMs > 0 && !this.#hasGate)
      return 'the lab cannot delay the datagrams of a program: set the delay to 0 (--link-delay 0, or delay 0)'
    return keyed ? 'a program does not know the key of the lab: key off takes it away' : undefined
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

  /** Looks soon at all chat logs. */
  look() {
    this.#wake()
  }

  /** A check has found free ports before, and its programs have their UDP ports to themselves. */
  get #isTrial(): boolean {
    return this.#options.trial !== undefined && this.#hasGate
  }

  /** Our own nodes are outside the namespace, so a mixed network has no gate. */
  get #hasGate(): boolean {
    const { gate, programs } = this.#options
    return gate !== undefined && 'file' in gate && programs.all !== undefined
  }

  #gateOf(): Pick<ProgramNodeOptions, 'network' | 'whyNoGate'> {
    const { gate, env, wire, complain } = this.#options
    if (!gate) return {}
    if ('whyNot' in gate) return { whyNoGate: gate.whyNot }
    if (!this.#hasGate) return { whyNoGate: 'some nodes of the network are Rumorscope’s own' }
    return {
      network: ({ rootId }) => {
        const decoder = wire ? { wire } : {}
        this.#network ??= new GatedNetwork({ ...gate, ...decoder, rootId, env, names: this.#names, complain })
        return this.#network
      },
    }
  }

  /** Nothing is left in the namespace. The next node that starts opens another one. */
  #closeWhenEmpty() {
    if (this.#running.size > 0) return
    this.#network?.close()
    this.#network = undefined
  }

  /** The messages of other nodes have the names that their reports give them. */
  #startOwn(start: NodeStart, events: NodeEvents) {
    return this.#options.own.start(start, {
      ...events,
      onReports: (reports, clock, done) => {
        for (const report of reports)
          if (report.type === 'stored') this.#names.add(report.origin, report.seq, report.text)
        events.onReports(reports, clock, done)
      },
    })
  }

  #tell(id: number, end: End, lines: readonly string[]) {
    const why = end.how === 'killed' ? `ended by ${end.signal}` : 'why' in end ? end.why : undefined
    if (why !== undefined) this.#options.complain(`${nodeName(id)}: ${why}`, ...lines.map((line) => `  ${line}`))
  }

  #wake() {
    for (const node of this.#running) node.wake()
  }
}
