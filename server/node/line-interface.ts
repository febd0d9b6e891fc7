/** The proxy interface: TCP on loopback, lines of UTF-8 that end in \n, several clients at once. */

import { createServer, type Server, type Socket } from 'node:net'
import { stringOf } from '../../shared/gossip/text.ts'
import { MAX_LINE_BYTES } from '../../shared/language/command.ts'
import type { LineHandler } from '../../shared/node/platform.ts'
import { LOOPBACK } from './udp.ts'

/** Maximum number of TCP clients of one node at a time. */
export const MAX_LINE_CLIENTS = 64
/** Number of unread answer bytes of one TCP client past which none of its further lines is carried out. */
export const MAX_UNREAD_BYTES = 4 * 1_024 * 1_024

/**
 * Listens for clients.
 * @throws (rejects) with the system's error when the port is in use.
 */
export function openLineInterface(port: number, handler: LineHandler): Promise<Server> {
  const server = createServer((client) => serve(client, handler))
  server.maxConnections = MAX_LINE_CLIENTS
  server.on('drop', () => handler.onBadLine(`more than ${MAX_LINE_CLIENTS} clients`, ''))
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      server.removeListener('error', reject)
      // A client that cannot be accepted, for lack of file descriptors for example, must not end the node.
      server.on('error', (error) => handler.onBadLine(error.message, ''))
      resolve(server)
    })
  })
}

/** Stops reading a client that does not read its answers, so that its unread bytes are bounded. */
function serve(client: Socket, handler: LineHandler) {
  const splitter = new LineSplitter(handler.onBadLine)
  let lines: Iterator<string> | undefined
  const carryOn = () => {
    while (client.writableLength <= MAX_UNREAD_BYTES) {
      const line = lines?.next()
      if (!line || line.done) {
        client.resume()
        return
      }
      for (const answer of handler.onLine(line.value)) client.write(`${answer}\n`)
    }
    client.pause()
  }
  client.setNoDelay(true)
  // A client that disconnects, by end or reset, is no error.
  client.on('error', () => client.destroy())
  client.on('drain', carryOn)
  client.on('data', (chunk) => {
    lines = splitter.lines(chunk)
    carryOn()
  })
}

const NEWLINE = 10
/** Length of a refused line that is shown, in characters. */
const SHOWN_CHARS = 40

/** Joins lines from segments that end anywhere, also within a character. */
export class LineSplitter {
  #parts: Uint8Array[] = []
  #length = 0
  /** Set within a line that is too long: its rest is discarded up to the next end of line. */
  #skipping = false
  readonly #onBadLine: LineHandler['onBadLine']

  constructor(onBadLine: LineHandler['onBadLine']) {
    this.#onBadLine = onBadLine
  }

  /** Returns the lines that this segment completes, without \n or \r\n. */
  *lines(chunk: Uint8Array): Generator<string> {
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#add(chunk.subarray(start, end))
      start = end + 1
      const line = this.#take()
      if (line !== undefined) yield line
    }
    this.#add(chunk.subarray(start))
  }

  #add(part: Uint8Array) {
    if (this.#skipping || part.length === 0) return
    this.#parts.push(part)
    this.#length += part.length
    if (this.#length <= MAX_LINE_BYTES) return
    this.#onBadLine(`longer than ${MAX_LINE_BYTES} bytes`, stringOf(Buffer.concat(this.#parts)).slice(0, SHOWN_CHARS))
    this.#parts = []
    this.#length = 0
    this.#skipping = true
  }

  #take(): string | undefined {
    const [first] = this.#parts
    const bytes = first && this.#parts.length === 1 ? first : Buffer.concat(this.#parts)
    const skipped = this.#skipping
    this.#parts = []
    this.#length = 0
    this.#skipping = false
    if (skipped) return undefined
    const line = stringOf(bytes).replace(/\r$/, '')
    if (line.isWellFormed()) return line
    this.#onBadLine('not UTF-8', line.slice(0, SHOWN_CHARS))
    return undefined
  }
}
