/** A hand-written WebSocket client that can stop reading, which no library lets a test do down to the last byte. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { ServerMessage } from '../../shared/wire/protocol.ts'

export class RawBrowser {
  readonly #socket: Socket
  #rest = Buffer.alloc(0)

  constructor(socket: Socket) {
    this.#socket = socket
  }

  /** Encodes one text frame, masked as clients must; a mask of zeros changes nothing. */
  send(message: unknown) {
    const payload = Buffer.from(JSON.stringify(message))
    if (payload.length > 125) throw new Error('only short messages are needed')
    this.#socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]))
  }

  /** Reads until a message matches. Before, between and after nothing is read. */
  async readUntil(fits: (message: ServerMessage) => boolean): Promise<void> {
    for (;;) {
      const message = this.#takeMessage()
      if (message && fits(message)) return
      if (!message) this.#rest = Buffer.concat([this.#rest, await this.#readMore()])
    }
  }

  async #readMore(): Promise<Buffer> {
    for (;;) {
      const chunk: Buffer | null = this.#socket.read()
      if (chunk) return chunk
      await once(this.#socket, 'readable')
    }
  }

  #takeMessage(): ServerMessage | undefined {
    if (this.#rest.length < 10) return undefined
    const short = (this.#rest[1] ?? 0) & 127
    const [from, length] =
      short < 126
        ? [2, short]
        : short === 126
          ? [4, this.#rest.readUInt16BE(2)]
          : [10, Number(this.#rest.readBigUInt64BE(2))]
    if (this.#rest.length < from + length) return undefined
    const payload = this.#rest.subarray(from, from + length)
    this.#rest = this.#rest.subarray(from + length)
    return JSON.parse(payload.toString())
  }
}

/** `headers` are lines, sent after those that a WebSocket needs. */
export async function rawBrowserOf(address: URL, headers: readonly string[] = []): Promise<RawBrowser> {
  const socket = connect(Number(address.port), address.hostname)
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  const key = randomBytes(16).toString('base64')
  const lines = ['GET /api/ws HTTP/1.1', `Host: ${address.host}`, 'Connection: Upgrade', 'Upgrade: websocket']
  lines.push('Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${key}`, ...headers)
  socket.write([...lines, '', ''].join('\r\n'))
  // The server sends nothing more before the client joins, so this is the whole answer.
  await once(socket, 'readable')
  const answer = String(socket.read())
  if (!answer.startsWith('HTTP/1.1 101')) throw new Error(answer)
  return new RawBrowser(socket)
}
