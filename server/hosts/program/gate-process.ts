/**
 * A user and network namespace of its own, and the gate in it: gate.py leads every datagram to a port of the lab through
 * itself. Linux allows it without root. The namespace ends with the gate and the programs in it.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import * as z from 'zod/mini'
import { MAX_PROCESSES } from '../../../shared/model/lab-settings.ts'
import { formatMs } from '../../../shared/text/format.ts'

/** Longest time that the system gets to say whether it allows a gate, in ms. */
const PROBE_TIMEOUT_MS = 20_000

const NO_TIME = `the gate did not start within ${formatMs(PROBE_TIMEOUT_MS)}: the machine is too busy`

/** A datagram at the gate. */
export interface SeenDatagram {
  readonly id: number
  /** Time at which it was sent, in ms of this machine's clock. */
  readonly at: number
  /** UDP ports. */
  readonly from: number
  readonly to: number
  readonly bytes: Uint8Array
  /** Time at which it passed the gate, in ms; null when it waits there. */
  readonly passedAt: number | null
  /** The system says that nobody listened. */
  readonly wasRefused: boolean
}

export interface GateEvents {
  onSeen(datagram: SeenDatagram): void
  /** A waiting datagram was sent, as `send` asked under this key. */
  onSent(key: number, at: number, wasRefused: boolean): void
  /** So many datagrams were not reported, or did not reach the gate. */
  onUnseen(count: number): void
  /** The gate has ended although nobody closed it. */
  onEnd(why: string): void
}

/** Lines of gate.py, which lists them. */
const line = z.union([
  z.tuple([
    z.literal('seen'),
    z.number(),
    z.number(),
    z.number(),
    z.number(),
    z.string(),
    z.nullable(z.number()),
    z.boolean(),
  ]),
  z.tuple([z.literal('sent'), z.number(), z.number(), z.boolean()]),
  z.tuple([z.literal('judging')]),
  z.tuple([z.literal('lost'), z.number()]),
  z.tuple([z.literal('ready'), z.string()]),
])

const command = (file: string, firstPort: number, ports: number, own: readonly number[] = []) =>
  ['--user', '--map-root-user', '--net', 'python3', file, ...[firstPort, ports, ...own].map(String)] as const

/** Returns why this system has no gate; undefined when it has. Takes some 150 ms. */
export function whyNoGate(file: string, env: NodeJS.ProcessEnv, timeout = PROBE_TIMEOUT_MS): string | undefined {
  if (process.platform !== 'linux') return 'only Linux has network namespaces'
  const options = { env, input: '', encoding: 'utf8', timeout } as const
  const { error, status, stderr } = spawnSync('unshare', command(file, 40_000, 1), options)
  if (error) return probeWords(error)
  return status === 0 ? undefined : wordsOf(stderr)
}

function probeWords(error: Error): string {
  const code = 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return 'the command unshare is missing'
  return code === 'ETIMEDOUT' ? NO_TIME : error.message
}

/** Returns the line, or undefined for the last one of a gate that was killed while it wrote. */
function whole(text: string) {
  try {
    return line.parse(JSON.parse(text))
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

const wordsOf = (stderr: string): string => stderr.trim().split('\n').at(-1) || 'it ended by itself'

export class GateProcess {
  readonly #child: ChildProcess
  readonly #events: GateEvents
  /** Resolves when the gate works; rejects with why it does not. */
  readonly ready: Promise<void>
  #onReady: () => void = () => {}
  #judging: (() => void)[] = []
  #folder = ''
  #isOver = false

  /** Datagrams between ports of `own` do not pass the gate. */
  constructor(
    { file, firstPort, own, env }: { file: string; firstPort: number; own: readonly number[]; env: NodeJS.ProcessEnv },
    events: GateEvents,
  ) {
    this.#events = events
    const stdio = ['pipe', 'pipe', 'pipe'] as const
    const ports = Math.min(MAX_PROCESSES, 65_536 - firstPort)
    // A group of its own: a Ctrl-C is for the lab, which ends the gate after the programs.
    const child = spawn('unshare', command(file, firstPort, ports, own), { env, stdio: [...stdio], detached: true })
    this.#child = child
    child.stdin.on('error', () => {})
    createInterface({ input: child.stdout }).on('line', (text) => this.#read(text))
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr = (stderr + text).slice(-1_000)
    })
    this.ready = new Promise((resolve, reject) => {
      this.#onReady = resolve
      const end = (why: string) => {
        reject(new Error(`the gate for datagrams did not start: ${why}`))
        this.#end(why)
      }
      child.once('error', ({ message }) => end(message))
      child.once('close', (_code, signal) => {
        // A gate that was killed has left its folder.
        if (this.#folder !== '') rmSync(this.#folder, { recursive: true, force: true })
        end(signal ?? wordsOf(stderr))
      })
    })
    this.ready.catch(() => {})
  }

  /** A process in the namespace, which has its list of sockets. */
  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Returns the command line that runs another one in the namespace, as the same process. */
  inside(argv: readonly string[]): readonly string[] {
    return ['nsenter', '--preserve-credentials', '--user', '--net', `--target=${this.#child.pid}`, '--', ...argv]
  }

  /** Connects to a TCP port in the namespace; undefined when nobody listens there. */
  connect(port: number): Promise<Socket | undefined> {
    return new Promise((resolve) => {
      const socket = connect(join(this.#folder, 'tcp'))
      const fail = () => resolve(undefined)
      socket.once('error', fail)
      socket.once('close', fail)
      socket.once('connect', () => socket.write(Buffer.from([port >> 8, port & 255])))
      socket.once('readable', () => {
        if (socket.read(1) === null) return
        socket.removeListener('error', fail)
        socket.removeListener('close', fail)
        resolve(socket)
      })
    })
  }

  /** From now on datagrams to these ports wait. Resolves when that is in force. */
  judge(ports: Iterable<number>): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isOver) resolve()
      else this.#judging.push(resolve)
      this.#say('judge', ...ports)
    })
  }

  /** Sends a waiting datagram at an instant; it goes on waiting. */
  send(id: number, at: number, key: number) {
    this.#say('send', id, at, key)
  }

  /** Forgets a waiting datagram. */
  end(id: number) {
    this.#say('end', id)
  }

  close() {
    this.#isOver = true
    this.#child.stdin?.end()
  }

  #say(...words: readonly (string | number)[]) {
    if (!this.#isOver) this.#child.stdin?.write(`${JSON.stringify(words)}\n`)
  }

  #read(text: string) {
    const words = this.#isOver ? undefined : whole(text)
    if (!words) return
    switch (words[0]) {
      case 'ready':
        this.#folder = words[1]
        this.#onReady()
        break
      case 'seen': {
        const [, id, at, from, to, base64, passedAt, wasRefused] = words
        this.#events.onSeen({ id, at, from, to, bytes: Buffer.from(base64, 'base64'), passedAt, wasRefused })
        break
      }
      case 'sent':
        this.#events.onSent(words[1], words[2], words[3])
        break
      case 'judging':
        this.#judging.shift()?.()
        break
      case 'lost':
        this.#events.onUnseen(words[1])
    }
  }

  #end(why: string) {
    for (const resolve of this.#judging) resolve()
    this.#judging = []
    if (this.#isOver) return
    this.#isOver = true
    this.#events.onEnd(why)
  }
}
