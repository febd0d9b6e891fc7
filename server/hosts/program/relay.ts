/** Listens on the TCP ports that a program was asked for, and relays its clients' segments as they come. */
import { createServer, type Server, type Socket } from 'node:net'
import { LineSplitter, MAX_LINE_CLIENTS, MAX_UNREAD_BYTES } from '../../platform/line-splitter.ts'
import { LOOPBACK } from '../ports.ts'
import type { LinkClient, ProgramLink } from './program-link.ts'

export interface RelayOptions {
  readonly link: ProgramLink
  /** A client's line goes to the program now. */
  readonly onLine: (line: string) => void
  /** A client's line is not UTF-8, or too long to be read here; the program gets it all the same. */
  readonly onBadLine: (why: string, start: string) => void
}

/** Time after which a client whose segments wait is read again, in ms. */
const RESUME_AFTER_MS = 50

const NEWLINE = 10

export class Relay {
  readonly #options: RelayOptions
  readonly #servers = new Map<number, Server>()
  readonly #clients = new Set<Socket>()

  constructor(options: RelayOptions) {
    this.#options = options
  }

  get ports(): readonly number[] {
    return [...this.#servers.keys()]
  }

  /**
   * A second call for the same port changes nothing.
   * @throws (rejects) with the system's error when the port is in use.
   */
  async listen(port: number): Promise<void> {
    if (this.#servers.has(port)) return
    const server = createServer((client) => this.#serve(client))
    server.maxConnections = MAX_LINE_CLIENTS
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ port, host: LOOPBACK, exclusive: true }, resolve)
    })
    server.removeAllListeners('error')
    server.on('error', ({ message }) => this.#options.onBadLine(message, ''))
    this.#servers.set(port, server)
  }

  /** Takes no further client there; connected ones stay. */
  unlisten(port: number) {
    this.#servers.get(port)?.close()
    this.#servers.delete(port)
  }

  close() {
    for (const port of this.ports) this.unlisten(port)
    for (const client of this.#clients) client.destroy()
  }

  #serve(socket: Socket) {
    const { link, onLine, onBadLine } = this.#options
    const splitter = new LineSplitter(onBadLine)
    const client: LinkClient = {
      answer(line) {
        // A client that does not read its answers must not fill the memory of the lab.
        if (socket.writableLength > MAX_UNREAD_BYTES) socket.destroy()
        else socket.write(line)
      },
    }
    this.#clients.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      this.#clients.delete(socket)
      link.forget(client)
    })
    socket.on('data', (bytes) => {
      const lines = [...splitter.lines(bytes)]
      const questions = lines.filter((line) => line.startsWith('get chatLog')).length
      const isOpen = bytes.at(-1) !== NEWLINE
      link.relay({ bytes, client, questions, isOpen, onWrite: () => lines.forEach(onLine) })
      this.#pauseWhileFull(socket)
    })
  }

  #pauseWhileFull(socket: Socket) {
    if (!this.#options.link.isFull || socket.destroyed) return
    socket.pause()
    setTimeout(() => {
      socket.resume()
      this.#pauseWhileFull(socket)
    }, RESUME_AFTER_MS)
  }
}
