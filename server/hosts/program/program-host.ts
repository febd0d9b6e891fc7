/** A host whose nodes run programs of others; a node without a program is one of another host, on the same ports. */
import type { Abilities } from '../../../shared/lab/abilities.ts'
import type { NodeEvents, NodeHost, NodeStart } from '../../../shared/lab/node-host.ts'
import type { End } from '../../../shared/model/event.ts'
import type { LabSettings } from '../../../shared/model/lab-settings.ts'
import { nodeName } from '../../../shared/model/names.ts'
import { unpackReports } from '../../../shared/node/report-batch.ts'
import { MessageNames } from './message-names.ts'
import { OrphanGuard } from './orphan-guard.ts'
import { type Program, type Programs, programOf } from './program.ts'
import { ProgramNode } from './program-node.ts'
import { PROGRAM_ABILITIES } from './program-words.ts'

export interface ProgramHostOptions {
  readonly programs: Programs
  /** The host of the nodes without a program. */
  readonly own: NodeHost
  readonly env: NodeJS.ProcessEnv
  /** Tells the person at the terminal how a program failed, with its last lines. */
  readonly complain: (...lines: readonly string[]) => void
}

export class ProgramHost implements NodeHost {
  readonly #options: ProgramHostOptions
  readonly #names = new MessageNames()
  readonly #guard = new OrphanGuard()
  readonly #running = new Set<ProgramNode>()

  constructor(options: ProgramHostOptions) {
    this.#options = options
    this.#names.onNew(() => this.#wake())
  }

  get sockets() {
    return this.#options.own.sockets
  }

  whyTaken: NodeHost['whyTaken'] = (ports, own) => this.#options.own.whyTaken(ports, own)

  requireFree: NodeHost['requireFree'] = (tcp, udp) => this.#options.own.requireFree(tcp, udp)

  whyNot({ n, topology, linkDelayMs, keyed }: LabSettings): string | undefined {
    const ids = Array.from({ length: n }, (_, id) => id)
    if (!ids.some((id) => programOf(this.#options.programs, id))) return undefined
    if (topology !== 'line')
      return `a program knows only its id and the number of nodes, and gossips on a line: it cannot be in a ${topology}`
    if (linkDelayMs > 0)
      return 'the lab cannot delay the datagrams of a program: set the delay to 0 (--link-delay 0, or delay 0)'
    return keyed ? 'a program does not know the key of the lab: key off takes it away' : undefined
  }

  abilitiesOf(id: number): Abilities | undefined {
    return programOf(this.#options.programs, id) && PROGRAM_ABILITIES
  }

  begin() {
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
      count: () => this.#running.size,
      onChange: () => this.#wake(),
      onEnd: (end, lines) => {
        this.#running.delete(node)
        this.#tell(start.id, end, lines)
        events.onEnd(end, lines)
      },
    })
    this.#running.add(node)
    return node
  }

  /** The messages of other nodes have the names that their reports give them. */
  #startOwn(start: NodeStart, events: NodeEvents) {
    return this.#options.own.start(start, {
      ...events,
      onReports: (batch, clock, done) => {
        for (const report of unpackReports({ runs: batch.runs, others: [] }))
          if (report.type === 'stored') this.#names.add(report.origin, report.seq, report.text)
        events.onReports(batch, clock, done)
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
