/**
 * A driver that treats a node as the course's proxy.py does, with all its habits; the tests that use it show that the
 * node works with the script of students and graders. Its pauses are the script's own, not waits of a test.
 *
 * It runs in a directory that contains `process` and `stopall`, as the script does.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, openSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { devNull } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

const BEFORE_FIRST_CHAT_LOG_MS = 1000
const BEFORE_RESTART_MS = 2000
const AFTER_START_MS = 1000
const BEFORE_EXIT_MS = 2000
/** Time after which the script exits by itself. */
const LIFETIME_MS = 120_000
/** Pause between the pieces of a line, so that each travels as a segment of its own. */
const BETWEEN_PIECES_MS = 30
/** Pause before a patient script looks again for a node. */
const BETWEEN_ATTEMPTS_MS = 50
/** The script would wait for an answer for ever; a test must end. */
const ANSWER_LIMIT_MS = 20_000

export interface ProxyOptions {
  /** Directory of `process` and `stopall`: the script's current directory. */
  readonly directory: string
  readonly env?: Readonly<Record<string, string>>
  /** The user who runs it, if another one. */
  readonly user?: Pick<SpawnOptions, 'uid' | 'gid'>
  /** Divides the script's pauses. At 1 they are as long as in the script. */
  readonly speed?: number
  /** The pause after a start, in ms, for tests that do not depend on the script's own second. */
  readonly afterStartMs?: number
  /** Whether the script waits longer for a node that runs and does not listen yet, as on a busy machine. */
  readonly isPatient?: boolean
  readonly answerLimitMs?: number
}

export class CourseProxy {
  /** Output of the original script: the first word of each answer. */
  readonly output: string[] = []
  /** Output of the script patched to keep the spaces: each answer whole. */
  readonly patchedOutput: string[] = []
  /** Lines of a node that the script cannot use, with the id: no chat log, or an empty one. */
  readonly unusable: { readonly id: number; readonly line: string }[] = []
  /** Ids whose process was not listening when the script connected. */
  readonly lost: number[] = []
  /** Typed lines that were lost, because their node has no connection. */
  readonly unsent: string[] = []
  /** Every process that was started, in order. */
  readonly children: ChildProcess[] = []

  readonly #directory: string
  readonly #env: NodeJS.ProcessEnv
  readonly #user: Pick<SpawnOptions, 'uid' | 'gid'>
  readonly #speed: number
  readonly #afterStartMs: number
  readonly #isPatient: boolean
  readonly #answerLimitMs: number
  readonly #connections = new Map<number, Socket>()
  readonly #startedBefore = new Set<number>()
  readonly #endOfLife: NodeJS.Timeout
  #askedBefore = false
  #exited = false
  /** The awaited answer; null when none is. */
  #waiting: { readonly answered: Promise<void>; readonly gotOne: () => void } | null = null
  /** Lines are carried out one after the other, whatever the speed of typing. */
  #typed: Promise<void> = Promise.resolve()

  constructor(options: ProxyOptions) {
    this.#directory = options.directory
    this.#env = { ...process.env, ...options.env }
    this.#user = options.user ?? {}
    this.#speed = options.speed ?? 1
    this.#afterStartMs = options.afterStartMs ?? AFTER_START_MS
    this.#isPatient = options.isPatient ?? false
    this.#answerLimitMs = options.answerLimitMs ?? ANSWER_LIMIT_MS
    this.#endOfLife = setTimeout(() => void this.type('exit').catch(() => {}), LIFETIME_MS / this.#speed)
    this.#endOfLife.unref()
  }

  /** Ids that the script still takes for connected. */
  get connected(): number[] {
    return [...this.#connections.keys()].sort((a, b) => a - b)
  }

  /** Carries out a line. As in the script, an answer to it arrives later: see `answered`. */
  type(line: string): Promise<void> {
    return this.#next(() => this.#carryOut(line))
  }

  /** Lines to one node that arrive together, as one segment. */
  typeTogether(lines: readonly string[]): Promise<void> {
    return this.#next(async () => {
      const parsed = lines.map(splitId)
      const [first] = parsed
      if (!first || parsed.some(({ id }) => id !== first.id)) throw new Error('lines travel together to one node')
      await this.#beforeSending(parsed.some(({ rest }) => isQuestion(rest)))
      const bytes = Buffer.from(parsed.map(({ rest }) => `${rest}\n`).join(''))
      if (!this.#send(first.id, bytes)) this.unsent.push(...lines)
      else if (parsed.some(({ rest }) => isQuestion(rest))) this.#expectAnswer(first.id)
    })
  }

  /** A line that arrives in pieces. They are cut by bytes, so a cut may go through a character. */
  typeInPieces(line: string, pieces: number): Promise<void> {
    return this.#next(async () => {
      const { id, rest } = splitId(line)
      await this.#beforeSending(isQuestion(rest))
      const bytes = Buffer.from(`${rest}\n`)
      const size = Math.ceil(bytes.length / pieces)
      for (let start = 0; start < bytes.length; start += size) {
        if (start > 0) await sleep(BETWEEN_PIECES_MS)
        if (!this.#send(id, bytes.subarray(start, start + size))) {
          this.unsent.push(line)
          return
        }
      }
      if (isQuestion(rest)) this.#expectAnswer(id)
    })
  }

  /** Resolves when the line is carried out and its answer printed: for a test that then reads `output`. */
  answered(): Promise<void> {
    return this.#next(() => this.#untilAnswered())
  }

  /** Types `get chatLog` and waits for the answer. Returns it whole. */
  async chatLog(id: number): Promise<string> {
    await this.type(`${id} get chatLog`)
    await this.answered()
    return this.patchedOutput.at(-1) ?? ''
  }

  /** For the end of a test, whatever its outcome: closes everything and ends running processes, by pid. */
  async cleanUp(): Promise<void> {
    this.#exited = true
    this.#close()
    for (const child of this.children) child.stdin?.destroy()
    await Promise.all(
      this.children.filter(isRunning).map(async (child) => {
        const ended = once(child, 'exit')
        child.kill('SIGKILL')
        await ended
      }),
    )
  }

  #next(work: () => Promise<void>): Promise<void> {
    const done = this.#typed.then(() => {
      if (this.#exited) throw new Error('the proxy has exited')
      return work()
    })
    // A failed line concerns its caller, not the next line.
    this.#typed = done.catch(() => {})
    return done
  }

  async #carryOut(line: string): Promise<void> {
    if (line.trim() === 'exit') return this.#exit()
    const { id, rest } = splitId(line)
    const words = rest.trim().split(/\s+/)
    if (words[0] === 'start') return this.#start(id, words.slice(1))
    await this.#beforeSending(isQuestion(rest))
    if (!this.#send(id, Buffer.from(`${rest}\n`))) this.unsent.push(line)
    else if (isQuestion(rest)) this.#expectAnswer(id)
  }

  async #beforeSending(question: boolean): Promise<void> {
    await this.#untilAnswered()
    if (!question || this.#askedBefore) return
    this.#askedBefore = true
    await this.#pause(BEFORE_FIRST_CHAT_LOG_MS)
  }

  async #start(id: number, [n, port]: string[]): Promise<void> {
    if (n === undefined || port === undefined) throw new Error('the line is: <id> start <n> <port>')
    await this.#untilAnswered()
    if (this.#startedBefore.has(id)) await this.#pause(BEFORE_RESTART_MS)
    this.#startedBefore.add(id)
    const child = await this.#run('./process', [String(id), n, port])
    await this.#pause(this.#afterStartMs)
    let socket = await connectOnce(Number(port))
    while (!socket && this.#isPatient && isRunning(child)) {
      await sleep(BETWEEN_ATTEMPTS_MS)
      socket = await connectOnce(Number(port))
    }
    if (!socket) {
      this.lost.push(id)
      return
    }
    this.#connections.get(id)?.destroy()
    this.#connections.set(id, socket)
    this.#listen(id, socket)
  }

  /** A program whose output goes nowhere: to a device that the script has opened for reading. */
  async #run(program: string, args: readonly string[]): Promise<ChildProcess> {
    const readOnly = openSync(devNull, constants.O_RDONLY)
    try {
      const child = spawn(program, args, {
        cwd: this.#directory,
        env: this.#env,
        ...this.#user,
        stdio: ['pipe', readOnly, readOnly],
      })
      this.children.push(child)
      await once(child, 'spawn')
      return child
    } finally {
      closeSync(readOnly)
    }
  }

  #listen(id: number, socket: Socket): void {
    let buffer = ''
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => {
      buffer += text
      const lines = buffer.split('\n')
      buffer = lines.pop() ?? ''
      for (const line of lines) this.#take(id, line)
    })
    // At the end of the stream, after a crash, the script still believes in the connection. Only an error ends it.
    socket.on('error', () => {
      if (this.#connections.get(id) === socket) this.#connections.delete(id)
    })
  }

  #take(id: number, line: string): void {
    const [keyword, firstWord] = line.trim().split(/\s+/)
    if (keyword !== 'chatLog' || firstWord === undefined) {
      this.unusable.push({ id, line })
      return
    }
    this.output.push(firstWord)
    this.patchedOutput.push(line.trimStart().replace(/^chatLog\s+/, ''))
    this.#waiting?.gotOne()
    this.#waiting = null
  }

  #expectAnswer(id: number): void {
    let gotOne = () => {}
    const answered = new Promise<void>((resolve, reject) => {
      const limit = setTimeout(() => {
        this.#waiting = null
        const heard = this.unusable.filter((line) => line.id === id).map(({ line }) => JSON.stringify(line))
        reject(new Error(`node ${id} did not answer get chatLog within ${this.#answerLimitMs} ms; said ${heard}`))
      }, this.#answerLimitMs)
      gotOne = () => {
        clearTimeout(limit)
        resolve()
      }
    })
    // The next wait rejects with it; the process must not fail over it before.
    answered.catch(() => {})
    this.#waiting = { answered, gotOne }
  }

  async #untilAnswered(): Promise<void> {
    await this.#waiting?.answered
  }

  /** Returns false when there is no connection to send over. */
  #send(id: number, bytes: Buffer): boolean {
    const socket = this.#connections.get(id)
    socket?.write(bytes)
    return socket !== undefined
  }

  async #exit(): Promise<void> {
    await this.#untilAnswered()
    await this.#pause(BEFORE_EXIT_MS)
    this.#close()
    const child = await this.#run('./stopall', [])
    if (isRunning(child)) await once(child, 'exit')
    this.#exited = true
  }

  #close(): void {
    clearTimeout(this.#endOfLife)
    for (const socket of this.#connections.values()) socket.destroy()
    this.#connections.clear()
  }

  #pause(ms: number): Promise<void> {
    return sleep(ms / this.#speed)
  }
}

/** The id, and the text after it exactly as typed. */
function splitId(line: string): { readonly id: number; readonly rest: string } {
  const [, id, rest] = /^(\d+) (.*)$/.exec(line) ?? []
  if (id === undefined || rest === undefined) throw new Error(`a line is "<id> <command>" or "exit", not "${line}"`)
  return { id: Number(id), rest }
}

function isQuestion(rest: string): boolean {
  return /^\s*get\s+chatLog\b/.test(rest)
}

/** To localhost as in the script: by IPv4, at once, without a second attempt. */
async function connectOnce(port: number): Promise<Socket | null> {
  const socket = connect({ host: 'localhost', port, family: 4, allowHalfOpen: true, noDelay: true })
  try {
    await once(socket, 'connect')
    return socket
  } catch {
    return null
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null
}
