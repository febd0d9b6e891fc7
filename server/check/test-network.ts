/** The network of one run: nodes that run the program, and the one connection to each, as proxy.py has it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DEFAULTS } from '../../shared/gossip/settings.ts'
import { Executor } from '../../shared/lab/executor.ts'
import { Lab } from '../../shared/lab/lab.ts'
import { LabRefusal } from '../../shared/lab/refusal.ts'
import type { End, LabEvent } from '../../shared/model/event.ts'
import type { NodeState } from '../../shared/model/lab-state.ts'
import { nodeName } from '../../shared/model/names.ts'
import { runs } from '../../shared/model/reach.ts'
import type { Program } from '../hosts/program/program.ts'
import { ProgramHost, type ProgramHostOptions } from '../hosts/program/program-host.ts'
import { treeOf } from '../hosts/program/system.ts'
import { labMachine } from '../platform/lab-machine.ts'
import { Client } from './client.ts'
import { RunFailed } from './complaint.ts'
import type { CourseWorld } from './course/habits.ts'
import { limitsOf } from './limits.ts'
import type { PortBlocks } from './port-blocks.ts'

/** TCP ports of one run: a node may have another one in each of its lives. */
const PORTS_PER_RUN = 64

export interface TestNetworkOptions {
  readonly program: Program
  readonly n: number
  /** UDP port of node 0. */
  readonly rootId: number
  readonly gate: NonNullable<ProgramHostOptions['gate']>
  /** Decoder of its datagrams; undefined for the report's text alone. */
  readonly wire: ProgramHostOptions['wire'] | undefined
  readonly own: ProgramHostOptions['own']
  readonly env: NodeJS.ProcessEnv
  readonly ports: PortBlocks
  readonly seed: number
  readonly unwritable: ReadonlySet<'stdout' | 'stderr'>
}

export class TestNetwork implements CourseWorld {
  readonly n: number
  readonly lab: Lab
  readonly #host: ProgramHost
  readonly #options: TestNetworkOptions
  readonly #executor: Executor
  readonly #folder: string
  readonly #firstPort: number
  /** The port that each start names, and the one that the lab listens on for it. */
  readonly #outer = new Map<number, number>()
  readonly #clients = new Map<number, Client>()
  /** The TCP port that the last start of each node named. */
  readonly #named = new Map<number, number>()
  #mayLook = false
  #closing: Promise<void> | undefined

  private constructor(options: TestNetworkOptions, folder: string, firstPort: number) {
    const { n, rootId, seed, program, own, gate, wire, env, unwritable } = options
    this.#options = options
    this.#folder = folder
    this.#firstPort = firstPort
    this.n = n
    this.#host = new ProgramHost({
      programs: { byId: new Map(), all: program },
      own,
      gate,
      ...(wire ? { wire } : {}),
      // Its files, and the generations of our own node, are of this run alone.
      env: { ...env, TMPDIR: folder, XDG_RUNTIME_DIR: folder },
      complain: () => {},
      trial: {
        mayLook: () => this.#mayLook,
        innerPort: (asked) => [...this.#outer].find(([, outer]) => outer === asked)?.[0],
        limits: limitsOf(env, 'file' in gate),
        unwritable,
      },
    })
    const settings = {
      n,
      topology: 'line',
      linkDelayMs: 0,
      seed,
      basePort: firstPort,
      rootId,
      gossip: DEFAULTS,
    } as const
    const seedOf = (id: number, generation: number) => (seed * 64 + id * 1_031 + generation) % 2 ** 31
    this.lab = new Lab({ settings, host: this.#host, platform: labMachine, seedOf })
    this.#executor = new Executor(this.lab)
  }

  /** Opens a network whose nodes do not run yet. The caller closes it. */
  static async open(options: TestNetworkOptions): Promise<TestNetwork> {
    const folder = mkdtempSync(join(tmpdir(), 'rumorscope-check-'))
    const firstPort = await options.ports.take(PORTS_PER_RUN)
    const network = new TestNetwork(options, folder, firstPort)
    try {
      await network.lab.openNetwork({})
      await network.#host.prepare(options.rootId)
    } catch (error) {
      await network.close()
      throw error
    }
    return network
  }

  now(): number {
    return this.lab.now()
  }

  sleep(ms: number): Promise<void> {
    return sleep(ms)
  }

  get nodes(): readonly NodeState[] {
    return this.lab.sequencer.state.nodes
  }

  /** All numbered events that the lab has kept. */
  get events(): readonly LabEvent[] {
    return this.lab.sequencer.read(this.lab.sequencer.oldest, Number.MAX_SAFE_INTEGER)
  }

  async start(id: number, n = this.n, port = 20_000 + id): Promise<void> {
    this.#clients.get(id)?.close()
    this.#clients.delete(id)
    const outer = this.outerPort(port)
    this.#named.set(id, port)
    try {
      await this.lab.startInLineOf(id, n, outer)
      const client = await Client.to(outer).catch(() => {
        throw new LabRefusal(`${nodeName(id)} has ended at once`)
      })
      this.#clients.set(id, client)
    } catch (error) {
      if (!(error instanceof LabRefusal)) throw error
      throw new RunFailed({ words: error.message, node: id, atMs: this.now() })
    }
  }

  /** Returns the port that the lab listens on for a port that a test names. */
  outerPort(port: number): number {
    const outer = this.#outer.get(port) ?? this.#firstPort + this.#outer.size
    this.#outer.set(port, outer)
    if (this.#outer.size > PORTS_PER_RUN) throw new RunFailed({ words: `it names more than ${PORTS_PER_RUN} ports` })
    return outer
  }

  async startAll(): Promise<void> {
    await Promise.all(Array.from({ length: this.n }, (_, id) => this.start(id)))
  }

  /** A connection to the program itself, not through the lab; undefined when it takes none. Needs a gate. */
  async directClient(id: number): Promise<Client | undefined> {
    const port = this.#named.get(id)
    const socket = port === undefined ? undefined : await this.#host.connect(port)
    return socket && new Client(socket)
  }

  udpPort(id: number): number {
    return this.#options.rootId + id
  }

  isRunning(id: number): boolean {
    return this.lab.endOf(id) !== undefined
  }

  send(id: number, bytes: Uint8Array | string): boolean {
    return this.#clients.get(id)?.send(bytes) ?? false
  }

  async nextLine(id: number, withinMs: number): Promise<string | undefined> {
    return this.#clients.get(id)?.next(withinMs)
  }

  /** Carries out a command of the lab, such as a fault of a link. @throws RunFailed with the reason. */
  async command(line: string): Promise<readonly string[]> {
    const outcome = await this.#executor.execute(line, 'scenario')
    if (outcome.ok) return outcome.output
    throw new RunFailed({ words: `${line}: ${outcome.error}`, atMs: this.now() })
  }

  /** Lets the lab ask for chat logs by itself, or not. */
  letLook(may: boolean) {
    this.#mayLook = may
    if (may) this.#host.look()
  }

  /** Resolves with how a node has ended; undefined when it has not ended within so many ms. */
  async endOf(id: number, withinMs: number): Promise<End | undefined> {
    const timer = new AbortController()
    const end = await Promise.race([this.lab.endOf(id), sleep(withinMs, undefined, timer).catch(() => undefined)])
    timer.abort()
    await this.lab.sequencer.flushed()
    const node = this.nodes[id]
    return end ?? (node && !runs(node) ? (node.end ?? undefined) : undefined)
  }

  /** Sends a signal to a program and all that it has started. */
  async signal(id: number, name: NodeJS.Signals): Promise<void> {
    // The state has the process only once its start has been ordered.
    await this.lab.sequencer.flushed()
    const pid = this.nodes[id]?.pid
    if (pid == null) throw new RunFailed({ words: `${nodeName(id)} has no process`, node: id })
    for (const one of treeOf(pid)) process.kill(one, name)
  }

  /** Returns the command line that runs another one in the network of the programs. */
  inside(argv: readonly string[]): readonly string[] {
    return this.#host.inside(argv)
  }

  /** Ends everything. Nothing is left: no process, no file, no port. A further call resolves with the first. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    for (const client of this.#clients.values()) client.close()
    await this.lab.close()
    this.#host.begin()
    this.#options.ports.giveBack(this.#firstPort)
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
