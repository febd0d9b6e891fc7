/** The way to one browser: what is sent there, what of it waits, and whether any of it is taken. */
import type { WebSocket } from '@fastify/websocket'

/** Bytes waiting for one browser; past it events are held back until it has caught up. */
export const MAX_BROWSER_BACKLOG_BYTES = 1_048_576

export class Outbox {
  readonly #socket: WebSocket
  /** Bytes sent so far; and of these, those that had been taken when that was last looked at. */
  #sent = 0
  #taken = 0
  #tookAt: number

  constructor(socket: WebSocket, now: number) {
    this.#socket = socket
    this.#tookAt = now
  }

  /** Bytes that wait. */
  get waiting(): number {
    return this.#socket.bufferedAmount
  }

  /** Too much waits: nothing that can wait is to be added. */
  get isFull(): boolean {
    return this.waiting > MAX_BROWSER_BACKLOG_BYTES
  }

  /** When some of what waits was last taken, or nothing waited, as of the last look. */
  get tookAt(): number {
    return this.#tookAt
  }

  look(now: number) {
    const taken = this.#sent - this.waiting
    if (taken > this.#taken || this.waiting === 0) this.#tookAt = now
    this.#taken = taken
  }

  send(frame: Buffer) {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    this.#sent += frame.length
    this.#socket.send(frame, { binary: false })
  }
}
