/**
 * Starts a lab of a test's own: the built supervisor in a process, on free ports, with a runtime directory of its own.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LabState } from '../../shared/model/lab-state.ts'
import { freePorts } from './ports.ts'

const ROOT = join(import.meta.dirname, '../..')
/** Time limits, not expectations: far beyond the needs of a busy machine. */
const START_LIMIT_MS = 30_000
const STOP_LIMIT_MS = 15_000
const WAIT_LIMIT_MS = 30_000
const LOOK_EVERY_MS = 50
/** Number of free ports, for nodes that a test adds. */
const LEAST_PORTS = 16

export interface LabOptions {
  readonly nodes?: number
  /** Number of nodes that the lab has ports for at least; the number that it begins with unless given. */
  readonly mostNodes?: number
  readonly topology?: string
  readonly linkDelayMs?: number
  /** Port of the page, for a lab that replaces another one; a free one by default. */
  readonly port?: number
  /** Further arguments, as typed after `npm start --`. */
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** A lab that is installed elsewhere: its command, and how it is started. */
  readonly installed?: { readonly command: readonly string[]; readonly how: SpawnOptions }
  /** Limits of its processes, in the words of the shell's `ulimit`: `-n 128`. */
  readonly ulimit?: string
}

export type CommandAnswer =
  | { readonly ok: true; readonly output: readonly string[] }
  | { readonly ok: false; readonly error: string; readonly status: number }

export interface TestLab {
  /** Address of the page for everybody. */
  readonly url: string
  /** Key that makes a presenter, in a classroom. */
  readonly key: string | undefined
  readonly pid: number
  /** TCP port of node 0. */
  readonly basePort: number
  /** UDP port of node 0. */
  readonly rootId: number
  /** RUMORSCOPE_RUNTIME for programs that should find this lab. */
  readonly runtime: string
  readonly child: ChildProcess
  /** Returns its stderr so far. */
  told(): string
  command(line: string): Promise<CommandAnswer>
  state(): Promise<LabState>
  /** Resolves with the first state that satisfies the predicate. */
  waitFor(predicate: (state: LabState) => boolean, limitMs?: number): Promise<LabState>
  /** Ends the supervisor, by SIGTERM if it reacts, and removes its runtime directory. */
  stop(): Promise<void>
}

export async function startLab(options: LabOptions = {}): Promise<TestLab> {
  const { nodes = 4, mostNodes = nodes, topology = 'line', linkDelayMs = 0 } = options
  const [page, ports] = await Promise.all([freePorts(1), freePorts(Math.max(mostNodes, LEAST_PORTS))])
  const runtime = await mkdtemp(join(tmpdir(), 'rs-'))
  const args = Object.entries({
    port: options.port ?? page.tcp,
    nodes,
    topology,
    'link-delay': linkDelayMs,
    'base-port': ports.tcp,
    'root-id': ports.udp,
  }).flatMap(([name, value]) => [`--${name}`, String(value)])
  const { command: lab, how } = options.installed ?? { command: [process.execPath, join(ROOT, 'dist/server/main.js')] }
  const words = [...lab, ...args, ...(options.args ?? [])]
  const [program = '', ...rest] =
    options.ulimit === undefined ? words : ['sh', '-c', `ulimit ${options.ulimit}; exec "$@"`, 'sh', ...words]
  const child = spawn(program, rest, {
    cwd: ROOT,
    // Programs of others know their UDP ports from elsewhere.
    env: {
      ...process.env,
      FOREIGN_ROOT: `${ports.udp}`,
      RUMORSCOPE_RUNTIME: runtime,
      XDG_STATE_HOME: runtime,
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...how,
  })
  let told = ''
  // Reads all of it to the end: a full pipe would block the lab.
  child.stderr?.on('data', (chunk: Buffer) => {
    told += chunk
  })
  const stop = async () => {
    await end(child)
    await rm(runtime, { recursive: true, force: true })
  }
  try {
    const [url = '', key] = (await addressOf(child, () => told)).split('/#key=')
    if (child.pid === undefined) throw new Error('a lab without a process')
    return {
      url,
      key,
      pid: child.pid,
      basePort: ports.tcp,
      rootId: ports.udp,
      runtime,
      child,
      told: () => told,
      command: (line) => command(url, line, key),
      state: () => state(url),
      waitFor: (predicate, limitMs = WAIT_LIMIT_MS) => waitFor(url, predicate, limitMs),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** From the line that the supervisor prints when it serves. */
function addressOf(child: ChildProcess, told: () => string): Promise<string> {
  const { stdout } = child
  if (!stdout) throw new Error('the lab has no output to read')
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`the lab did not start: ${why}\n${told()}`))
    const limit = setTimeout(() => fail(`no address within ${START_LIMIT_MS} ms`), START_LIMIT_MS)
    createInterface({ input: stdout }).on('line', (line) => {
      const address = /^Rumorscope is on (http:\S+)/.exec(line)?.[1]
      if (address === undefined) return
      clearTimeout(limit)
      resolve(address)
    })
    child.once('error', (error) => fail(error.message))
    child.once('close', (code, signal) => {
      clearTimeout(limit)
      fail(`it ended with ${signal ?? code}`)
    })
  })
}

async function command(url: string, line: string, key: string | undefined): Promise<CommandAnswer> {
  const response = await fetch(`${url}/api/commands`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ line }),
  })
  const body = (await response.json()) as { ok?: boolean; output?: string[]; error?: string }
  if (response.ok && body.ok && body.output) return { ok: true, output: body.output }
  return {
    ok: false,
    error: body.error ?? `an answer without an error: ${JSON.stringify(body)}`,
    status: response.status,
  }
}

async function state(url: string): Promise<LabState> {
  const response = await fetch(`${url}/api/state`)
  if (!response.ok) throw new Error(`GET /api/state: ${response.status} ${await response.text()}`)
  return (await response.json()) as LabState
}

async function waitFor(url: string, predicate: (state: LabState) => boolean, limitMs: number): Promise<LabState> {
  const until = performance.now() + limitMs
  for (;;) {
    const now = await state(url)
    if (predicate(now)) return now
    if (performance.now() > until) {
      throw new Error(`still not so after ${limitMs} ms: ${predicate}\n${JSON.stringify(now.nodes, null, 2)}`)
    }
    await sleep(LOOK_EVERY_MS)
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS)
  await ended
  clearTimeout(limit)
}
