/** Runs standalone nodes, for measurements without supervision. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '../../server/test-support/ports.ts'

export class Standalone {
  readonly #root: string
  readonly #runtime: string
  readonly #ports: { tcp: number; udp: number }
  readonly #nodes = new Map<number, ChildProcess>()

  constructor(root: string, runtime: string, ports: { tcp: number; udp: number }) {
    this.#root = root
    this.#runtime = runtime
    this.#ports = ports
  }

  get pids(): number[] {
    return [...this.#nodes.values()].map(({ pid }) => pid ?? 0)
  }

  /** Resolves when both sockets listen. */
  async start(id: number, n: number): Promise<void> {
    const child = spawn(join(this.#root, 'bin/process'), [`${id}`, `${n}`, `${this.#ports.tcp + id}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, RUMORSCOPE_RUNTIME: this.#runtime, RUMORSCOPE_ROOT_ID: `${this.#ports.udp}` },
    })
    this.#nodes.set(id, child)
    await once(child.stdout, 'data')
  }

  connect(id: number): Promise<Client> {
    return Standalone.connectTo(this.#ports.tcp + id)
  }

  /** To each of them, by id. */
  connectAll(): Promise<Client[]> {
    return Promise.all([...this.#nodes.keys()].map((id) => this.connect(id)))
  }

  static async connectTo(port: number): Promise<Client> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.setNoDelay(true)
    return new Client(socket)
  }

  /** Ends one node by a kill. */
  async end(id: number): Promise<void> {
    const node = this.#nodes.get(id)
    if (!node) return
    const gone = once(node, 'exit')
    node.kill('SIGKILL')
    await gone
  }

  async stop(): Promise<void> {
    const nodes = [...this.#nodes.values()].filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    )
    const gone = nodes.map((node) => once(node, 'exit'))
    for (const node of nodes) node.kill('SIGKILL')
    await Promise.all(gone)
  }
}

/** Runs so many of them in a folder of their own; they end after `use`. */
export async function withStandalone<Result>(
  root: string,
  count: number,
  use: (nodes: Standalone) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'rs-bench-'))
  const nodes = new Standalone(root, folder, await freePorts(count))
  try {
    for (let id = 0; id < count; id += 1) await nodes.start(id, count)
    return await use(nodes)
  } finally {
    await nodes.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A client of a node's proxy interface. */
export class Client {
  readonly #socket: Socket
  readonly #lines: Interface
  readonly #waiting: ((line: string) => void)[] = []

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('error', () => {})
    this.#lines = createInterface({ input: socket })
    this.#lines.on('line', (line) => this.#waiting.shift()?.(line))
  }

  send(line: string) {
    this.#socket.write(`${line}\n`)
  }

  /**
   * Returns the number of messages in the chat log. Counts without making texts of them, which would take time from the
   * nodes.
   */
  async size(): Promise<number> {
    const answer = new Promise<string>((resolve) => this.#waiting.push(resolve))
    this.send('get chatLog')
    const line = await answer
    if (line === 'chatLog <empty>') return 0
    let messages = 1
    for (let at = line.indexOf(','); at >= 0; at = line.indexOf(',', at + 1)) messages += 1
    return messages
  }

  /**
   * Asks until so many messages are there, `pauseMs` between two questions; 0 means no pause at all, which a sleep
   * would round up to 1.
   */
  async waitForSize(size: number, pauseMs = 0): Promise<void> {
    while ((await this.size()) < size) if (pauseMs > 0) await sleep(pauseMs)
  }

  close() {
    this.#socket.destroy()
  }
}
