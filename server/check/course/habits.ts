/**
 * Plays an `.input` file with the habits of the course's proxy.py (docs/protocol.md): its pauses of 1 and 2 s, lines
 * back to back, one connection to each process, and a `get chatLog` that blocks every later line until it is answered.
 */
import type { Command } from '../../../shared/language/command.ts'
import { nodeName } from '../../../shared/model/names.ts'
import { formatMs } from '../../../shared/text/format.ts'
import { shorten } from '../../../shared/text/words.ts'
import { type Complaint, RunFailed } from '../complaint.ts'
import type { Answer } from './expected.ts'

/** Pause of the script after a start: then it connects, once. In ms. */
const AFTER_START_MS = 1_000
/** Pause before a node is started again, in ms. */
const BEFORE_RESTART_MS = 2_000
/** Pause before the first `get chatLog` of all, in ms. */
const BEFORE_FIRST_CHAT_LOG_MS = 1_000
/** The script would wait for an answer for ever; a check waits this long, in ms. */
const ANSWER_WITHIN_MS = 10_000

/** One line of the file. */
export interface CourseLine {
  readonly line: number
  /** The part after the id, to the letter: it goes to the node. */
  readonly words: string
  readonly command: Extract<Command, { kind: 'start' | 'msg' | 'chatLog' | 'crash' | 'exit' }>
}

/** The processes, as the script reaches them. */
export interface CourseWorld {
  /** Runs a process. Resolves when it listens. @throws (rejects) RunFailed if it does not start. */
  start(id: number, n: number, port: number): Promise<void>
  /** Sends bytes over the connection of a node. Returns false when there is none. */
  send(id: number, bytes: Uint8Array): boolean
  /** Resolves with the next line from a node; undefined when none comes within so many ms, or the node has ended. */
  nextLine(id: number, withinMs: number): Promise<string | undefined>
  isRunning(id: number): boolean
  /** In ms since the run began. */
  now(): number
  sleep(ms: number): Promise<void>
}

export interface Played {
  readonly answers: readonly Answer[]
  /** The reason why the script would have hung. */
  readonly complaint?: Complaint
}

export async function play(lines: readonly CourseLine[], world: CourseWorld): Promise<Played> {
  const script = new Script(world)
  for (const line of lines) {
    if (line.command.kind === 'exit') break
    try {
      await script.carryOut(line)
    } catch (error) {
      if (!(error instanceof RunFailed)) throw error
      return { answers: script.answers, complaint: error.complaint }
    }
  }
  return { answers: script.answers }
}

class Script {
  readonly #world: CourseWorld
  readonly answers: Answer[] = []
  readonly #started = new Set<number>()
  /** Nodes that the script has no connection to, with the reason. */
  readonly #lost = new Map<number, string>()
  #hasAsked = false

  constructor(world: CourseWorld) {
    this.#world = world
  }

  async carryOut({ line, words, command }: CourseLine): Promise<void> {
    if (command.kind === 'exit') return
    const { id } = command
    if (command.kind === 'start') return this.#start(id, command.n, command.port)
    const isQuestion = command.kind === 'chatLog'
    if (isQuestion && !this.#hasAsked) await this.#world.sleep(BEFORE_FIRST_CHAT_LOG_MS)
    this.#hasAsked ||= isQuestion
    const isSent = this.#world.send(id, Buffer.from(`${words}\n`))
    if (isQuestion) await this.#hear(line, id, isSent)
  }

  async #start(id: number, n: number, port: number): Promise<void> {
    const world = this.#world
    if (this.#started.has(id)) await world.sleep(BEFORE_RESTART_MS)
    if (this.#started.has(id) && world.isRunning(id))
      this.#fail(id, `${nodeName(id)} still runs when it is started again: its ports are taken`)
    this.#started.add(id)
    this.#lost.delete(id)
    let listens = false
    const starting = world.start(id, n, port).then(() => {
      listens = true
    })
    const pause = world.sleep(AFTER_START_MS)
    await Promise.race([pause, starting])
    if (listens) await pause
    else this.#lost.set(id, `it did not listen within ${formatMs(AFTER_START_MS)} of its start: proxy.py tries once`)
    await starting
  }

  async #hear(line: number, id: number, isSent: boolean): Promise<void> {
    const world = this.#world
    const lost = this.#lost.get(id)
    if (lost !== undefined) this.#fail(id, `proxy.py cannot ask ${nodeName(id)}: ${lost}`)
    const until = world.now() + ANSWER_WITHIN_MS
    let other: string | undefined
    for (;;) {
      const said = isSent ? await world.nextLine(id, Math.max(0, until - world.now())) : undefined
      if (said === undefined) this.#fail(id, this.#silence(id, other))
      const [word, first] = said.trim().split(/\s+/)
      if (word !== 'chatLog') other = said
      else if (first === undefined)
        this.#fail(id, `${nodeName(id)} answers get chatLog with an empty list: proxy.py waits for ever after it`)
      else {
        this.answers.push({ line, node: id, log: said.trim().replace(/^chatLog\s+/, ''), atMs: world.now() })
        return
      }
    }
  }

  #silence(id: number, other: string | undefined): string {
    if (!this.#world.isRunning(id)) return `${nodeName(id)} does not run, so proxy.py waits for its chat log for ever`
    const said = other === undefined ? '' : `; it said “${shorten(other)}”`
    return `${nodeName(id)} has not answered get chatLog within ${formatMs(ANSWER_WITHIN_MS)}${said}`
  }

  #fail(node: number, words: string): never {
    throw new RunFailed({ words, node, atMs: this.#world.now() })
  }
}
