/** A TCP client of a node, such as proxy.py. It keeps the lines that the node says. */
import { connect, type Socket } from 'node:net'
import { stringOf } from '../../shared/gossip/text.ts'
import { LOOPBACK } from '../hosts/ports.ts'

/** Bytes of one line, past which the rest of what a node says is discarded. */
const MAX_LINE_BYTES = 4 * 1_024 * 1_024
/** Lines that nobody has taken, past which further ones are discarded. */
const MAX_LINES = 10_000

export class Client {
  readonly #socket: Socket
  #rest = Buffer.alloc(0)
  readonly #lines: string[] = []
  #waiter: (() => void) | undefined
  #isOver = false

  constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk) => this.#read(chunk))
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      this.#isOver = true
      this.#waiter?.()
    })
  }

  /** @throws (rejects) with the system's error when nobody listens. */
  static async to(port: number): Promise<Client> {
    const socket = connect({ port, host: LOOPBACK })
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
    return new Client(socket)
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** Returns false when the connection is closed. */
  send(bytes: Uint8Array | string): boolean {
    if (this.#isOver) return false
    this.#socket.write(bytes)
    return true
  }

  /** Stops reading: what the node says stays in the buffers of the system. */
  pause() {
    this.#socket.pause()
  }

  /** Resolves with the next line; undefined when none comes within so many ms, or the connection is closed. */
  async next(withinMs: number): Promise<string | undefined> {
    if (this.#lines.length === 0 && !this.#isOver)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, withinMs)
        this.#waiter = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    this.#waiter = undefined
    return this.#lines.shift()
  }

  close() {
    this.#socket.destroy()
  }

  #read(chunk: Buffer) {
    let bytes = Buffer.concat([this.#rest, chunk])
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10)) {
      if (this.#lines.length < MAX_LINES) this.#lines.push(stringOf(bytes.subarray(0, end)).replace(/\r$/, ''))
      bytes = bytes.subarray(end + 1)
    }
    this.#rest = bytes.length > MAX_LINE_BYTES ? Buffer.alloc(0) : bytes
    if (this.#lines.length > 0) this.#waiter?.()
  }
}
