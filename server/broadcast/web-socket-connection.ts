/** Connects one page over a WebSocket: sends, counts unread bytes, and notices whether the page takes any. */
import type { WebSocket } from '@fastify/websocket'
import type { ClientSession } from '../../shared/lab/client-session.ts'
import { type CloseReason, type Connection, type Frame, MAX_BACKLOG_BYTES } from '../../shared/lab/connection.ts'
import type { Role } from '../../shared/wire/protocol.ts'

/** WebSocket close codes: going away, try again later, policy violation. */
const CODES: Readonly<Record<CloseReason, number>> = { ending: 1_001, full: 1_013, misused: 1_008 }
/** Time that a page gets to say goodbye, in ms. */
const FAREWELL_MS = 500

export class WebSocketConnection implements Connection {
  readonly role: Role
  readonly #socket: WebSocket
  /** Number of bytes sent so far, and of those that the page had taken at the last check. */
  #sent = 0
  #taken = 0
  #tookAt: number
  #answered = true

  constructor(socket: WebSocket, role: Role, now: number) {
    this.role = role
    this.#socket = socket
    this.#tookAt = now
    socket.on('pong', () => {
      this.#answered = true
    })
    // `ws` closes the socket itself after an error.
    socket.on('error', () => {})
  }

  /** Passes the page's messages, and its end, to a session. */
  serve(session: ClientSession) {
    this.#socket.on('message', (data) => {
      session.hear(String(data))
      // Stops reading a page that asks and does not read, or its answers would pile up.
      if (this.#isFull) this.#socket.pause()
    })
    this.#socket.on('close', () => session.end())
  }

  get waiting(): number {
    return this.#socket.bufferedAmount
  }

  /** When the page last took some unread bytes, or had none, as of the last check. */
  get tookAt(): number {
    return this.#tookAt
  }

  /** Checks whether the page takes unread bytes. */
  look(now: number) {
    const taken = this.#sent - this.waiting
    if (taken > this.#taken || this.waiting === 0) this.#tookAt = now
    this.#taken = taken
  }

  send(frame: Frame) {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    const bytes = bytesOf(frame)
    this.#sent += bytes.length
    this.#socket.send(bytes, { binary: false }, this.#onSent)
  }

  /** Pings the page; one that has not answered the last ping is closed. */
  ping() {
    if (!this.#answered) return this.drop()
    this.#answered = false
    this.#socket.ping()
  }

  drop() {
    this.#socket.terminate()
  }

  close(reason: CloseReason, words: string) {
    this.#socket.close(CODES[reason], words)
    // A page that does not answer must not keep the lab from ending.
    setTimeout(() => this.#socket.terminate(), FAREWELL_MS).unref()
  }

  get #isFull(): boolean {
    return this.waiting > MAX_BACKLOG_BYTES
  }

  readonly #onSent = () => {
    if (this.#socket.isPaused && !this.#isFull) this.#socket.resume()
  }
}

const known = new WeakMap<Frame, Buffer>()

/** Encodes a frame once, for any number of pages. */
function bytesOf(frame: Frame): Buffer {
  const before = known.get(frame)
  if (before) return before
  const bytes = Buffer.from(frame.text)
  known.set(frame, bytes)
  return bytes
}
