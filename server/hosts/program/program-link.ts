/**
 * Keeps the one TCP connection to a program: some programs accept no second one. It carries the segments of clients as
 * they come, and the lab's requests between them. Invariants: no request of the lab is within a client's line, and none
 * goes out while an answer is due, so each answer belongs to the oldest question.
 */
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { stringOf } from '../../../shared/gossip/text.ts'
import { formatMs } from '../../../shared/text/format.ts'
import { shorten } from '../../../shared/text/words.ts'
import { now } from '../../platform/clock.ts'
import { LOOPBACK } from '../ports.ts'

/** Time between two attempts to connect, in ms. */
const CONNECT_EVERY_MS = 20
/** Longest line of a program, in bytes. */
const MAX_ANSWER_BYTES = 4 * 1_024 * 1_024
/** Bytes that a program has not read, past which clients wait and the lab's lines are refused. */
const MAX_UNREAD_BYTES = 256 * 1_024
/**
 * Time after the last line for which the lab sends no request, in ms. A program that reads one command per segment
 * would take both as one line, and the lab would cause the very fault that it looks for.
 */
const QUIET_MS = 100
/** Time that the lab waits for an answer to a client, and for its turn after it, in ms. */
const CLIENT_PATIENCE_MS = 5_000
/** Time that a request of the lab waits for its turn, also behind another one that gets no answer, in ms. */
const ASK_TURN_MS = 2 * CLIENT_PATIENCE_MS + 1_000

const NEWLINE = 10
/** Reason why the lab could not ask, which is no fault of the program. */
export const NO_TURN = 'a client has begun a line and not ended it, or waits for an answer'

/** Takes the answers to a client. */
export interface LinkClient {
  answer(line: Uint8Array): void
}

/** Bytes for the program. */
interface Write {
  readonly bytes: Uint8Array
  /** Missing for a line of the lab. */
  readonly client?: LinkClient
  /** Number of answers that these bytes ask for. */
  readonly questions: number
  /** Whether the bytes end within a line. */
  readonly isOpen: boolean
  /** Called just before the bytes leave. */
  readonly onWrite: () => void
}

interface Ask {
  readonly patienceMs: number
  readonly resolve: (line: string) => void
  readonly reject: (why: Error) => void
  timer?: NodeJS.Timeout
  askedAt?: number
}

export interface LinkOptions {
  readonly port: number
  /** Resolves with a connection; undefined when nobody listens. */
  readonly connect?: (port: number) => Promise<Socket | undefined>
  /** Takes each chat log, of the lab and of clients. `askedAt` is the time of its request, in ms. */
  readonly onChatLog: (line: string, askedAt: number) => void
  /** The program has closed the connection. */
  readonly onClosed: () => void
}

export class ProgramLink {
  readonly #options: LinkOptions
  #socket: Socket | undefined
  readonly #writes: Write[] = []
  readonly #asks: Ask[] = []
  /** The request of the lab whose answer is due. */
  #asked: Ask | undefined
  /** Clients whose answers are due, the oldest first, and since when. */
  #due: { readonly client: LinkClient; readonly since: number }[] = []
  /** The client whose line is not complete. */
  #midLine: LinkClient | undefined
  #lastClient: LinkClient | undefined
  #wroteAt = Number.NEGATIVE_INFINITY
  #rest: Uint8Array[] = []
  #restBytes = 0
  /** The last line that is no chat log, while a request of the lab waits. */
  #other: string | undefined
  #pumping: NodeJS.Timeout | undefined
  #isOver = false

  constructor(options: LinkOptions) {
    this.#options = options
  }

  get isConnected(): boolean {
    return this.#socket !== undefined
  }

  /** Whether the program leaves so much unread that clients must wait. */
  get isFull(): boolean {
    const unread = this.#writes.reduce((sum, { bytes }) => sum + bytes.length, this.#socket?.writableLength ?? 0)
    return unread > MAX_UNREAD_BYTES
  }

  /** Connects as soon as the program listens. Resolves with false when the link was closed before. */
  async connect(): Promise<boolean> {
    while (!this.#isOver) {
      const { connect: connectTo = attempt, port } = this.#options
      const socket = await connectTo(port)
      if (socket && this.#isOver) socket.destroy()
      else if (socket) {
        this.#use(socket)
        return true
      }
      await wait(CONNECT_EVERY_MS)
    }
    return false
  }

  /** Sends a client's segment, as it came. */
  relay(write: Write) {
    this.#writes.push(write)
    this.#pump()
  }

  /** Sends a line of the lab. Rejects when the program does not read. */
  async tell(line: string, onWrite: () => void): Promise<void> {
    if (!this.#socket) throw new Error('it has closed its TCP connection')
    if (this.isFull) throw new Error('it does not read its TCP connection')
    await new Promise<void>((resolve, reject) => {
      const sent = () => {
        clearTimeout(timer)
        onWrite()
        resolve()
      }
      const write: Write = { bytes: Buffer.from(`${line}\n`), questions: 0, isOpen: false, onWrite: sent }
      const timer = setTimeout(() => {
        this.#writes.splice(this.#writes.indexOf(write), 1)
        reject(new Error(NO_TURN))
      }, CLIENT_PATIENCE_MS)
      this.#writes.push(write)
      this.#pump()
    })
  }

  /** Asks for the chat log. Rejects when no answer comes within `patienceMs` after the question could be asked. */
  ask(patienceMs: number): Promise<string> {
    return new Promise((resolve, reject) => {
      if (!this.#socket) return reject(new Error('it has closed its TCP connection'))
      const ask: Ask = { patienceMs, resolve, reject }
      ask.timer = setTimeout(() => {
        this.#asks.splice(this.#asks.indexOf(ask), 1)
        reject(new Error(NO_TURN))
      }, ASK_TURN_MS)
      this.#asks.push(ask)
      this.#pump()
    })
  }

  /** A client has gone. All that it sent still goes to the program, and an incomplete line is ended. */
  forget(client: LinkClient) {
    if (this.#lastClient === client) this.#lastClient = undefined
    const last = this.#writes.findLast((write) => write.client === client)
    const isOpen = last ? last.isOpen : this.#midLine === client
    if (isOpen) this.relay({ bytes: Buffer.from('\n'), client, questions: 0, isOpen: false, onWrite: () => {} })
  }

  close() {
    this.#isOver = true
    clearTimeout(this.#pumping)
    this.#socket?.destroy()
    this.#lose('the node has ended')
  }

  #use(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => this.#read(chunk))
    socket.on('drain', () => this.#pump())
    socket.on('close', () => {
      if (this.#socket !== socket) return
      this.#lose('it has closed its TCP connection')
      if (!this.#isOver) this.#options.onClosed()
    })
    this.#pump()
  }

  /** Everything that was due on the connection is lost with it. */
  #lose(why: string) {
    this.#socket = undefined
    this.#due = []
    this.#midLine = undefined
    this.#rest = []
    this.#restBytes = 0
    const lost = this.#asked ? [this.#asked, ...this.#asks] : [...this.#asks]
    this.#asked = undefined
    this.#asks.length = 0
    for (const { reject, timer } of lost) {
      clearTimeout(timer)
      reject(new Error(why))
    }
  }

  #pump() {
    clearTimeout(this.#pumping)
    if (!this.#socket) return
    this.#giveUpClients()
    while (!this.#asked) {
      const write = this.#takeWrite()
      if (!write) break
      this.#send(write)
    }
    const [ask] = this.#asks
    if (!ask || this.#asked) return
    const isBusy = this.#writes.length > 0 || this.#midLine !== undefined || this.#due.length > 0
    const waitMs = isBusy ? QUIET_MS : this.#wroteAt + QUIET_MS - now()
    if (waitMs > 0) this.#pumping = setTimeout(() => this.#pump(), Math.ceil(waitMs))
    else this.#put(ask)
  }

  /** Within a client's line, only that client goes on. */
  #takeWrite(): Write | undefined {
    const client = this.#midLine
    const place = client ? this.#writes.findIndex((write) => write.client === client) : 0
    return place < 0 ? undefined : this.#writes.splice(place, 1)[0]
  }

  #send({ bytes, client, questions, isOpen, onWrite }: Write) {
    onWrite()
    if (client) this.#lastClient = client
    if (client) for (let count = 0; count < questions; count += 1) this.#due.push({ client, since: now() })
    this.#midLine = client && isOpen ? client : undefined
    this.#write(bytes)
  }

  #write(bytes: Uint8Array) {
    this.#wroteAt = now()
    this.#socket?.write(bytes)
  }

  #put(ask: Ask) {
    this.#asks.shift()
    this.#asked = ask
    this.#other = undefined
    ask.askedAt = now()
    clearTimeout(ask.timer)
    ask.timer = setTimeout(() => setImmediate(() => this.#giveUp(ask)), ask.patienceMs)
    // The answer shows that the program has read all: a line may follow at once.
    this.#socket?.write('get chatLog\n')
  }

  #giveUp(ask: Ask) {
    if (this.#asked !== ask) return
    this.#asked = undefined
    // The program may still read the question: nothing may follow in the same segment.
    this.#wroteAt = now()
    ask.reject(new Error(this.#silence(ask.patienceMs)))
    this.#pump()
  }

  #silence(patienceMs: number): string {
    if (this.#restBytes > 0) return 'its answer to get chatLog has no end of line, so proxy.py would wait for ever'
    if (this.#other !== undefined) return `it answers get chatLog with ‘${shorten(this.#other)}’, which is no chat log`
    return `it has not answered get chatLog within ${formatMs(patienceMs)}`
  }

  /** A client whose question stays open must not keep the lab from its work. */
  #giveUpClients() {
    const before = now() - CLIENT_PATIENCE_MS
    this.#due = this.#due.filter(({ since }) => since > before)
  }

  #read(chunk: Uint8Array) {
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end + 1))
      start = end + 1
      const line = Buffer.concat(this.#rest)
      this.#rest = []
      this.#restBytes = 0
      this.#hear(line)
    }
    this.#keep(chunk.subarray(start))
  }

  /** A line without end is discarded: nobody could use it. */
  #keep(part: Uint8Array) {
    if (part.length === 0 || this.#restBytes > MAX_ANSWER_BYTES) return
    this.#rest.push(part)
    this.#restBytes += part.length
    if (this.#restBytes > MAX_ANSWER_BYTES) this.#rest = []
  }

  #hear(bytes: Uint8Array) {
    const line = stringOf(bytes).replace(/\r?\n$/, '')
    const isChatLog = line.startsWith('chatLog')
    const [due] = this.#due
    if (isChatLog) this.#options.onChatLog(line, due?.since ?? this.#asked?.askedAt ?? now())
    if (due) {
      if (isChatLog) this.#due.shift()
      due.client.answer(bytes)
    } else if (this.#asked && isChatLog) {
      const { resolve, timer } = this.#asked
      clearTimeout(timer)
      this.#asked = undefined
      resolve(line)
    } else {
      if (!isChatLog) this.#other = line
      // Nobody asked, or the lab has given up waiting: a late chat log is not for the client.
      if (!isChatLog) this.#lastClient?.answer(bytes)
    }
    this.#pump()
  }
}

function attempt(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: LOOPBACK })
    socket.once('error', () => resolve(undefined))
    socket.once('connect', () => {
      socket.removeAllListeners('error')
      resolve(socket)
    })
  })
}
