/** Leads TCP clients of the lab's network to the same ports in the network of programs. */
import { createServer, type Server, type Socket } from 'node:net'
import { MAX_LINE_CLIENTS } from '../../platform/line-splitter.ts'
import { LOOPBACK } from '../ports.ts'

/** Resolves with a connection to a port; undefined when nobody listens there. */
type Connect = (port: number) => Promise<Socket | undefined>

export class TcpDoor {
  readonly #connect: Connect
  readonly #servers = new Map<number, Server>()
  readonly #sockets = new Set<Socket>()

  constructor(connect: Connect) {
    this.#connect = connect
  }

  /**
   * A second call for the same port changes nothing.
   * @throws (rejects) with the system's error when the port is in use.
   */
  async listen(port: number): Promise<void> {
    if (this.#servers.has(port)) return
    const server = createServer({ pauseOnConnect: true }, (client) => void this.#lead(client, port))
    server.maxConnections = MAX_LINE_CLIENTS
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ port, host: LOOPBACK, exclusive: true }, resolve)
    })
    server.removeAllListeners('error')
    // The system cannot accept a client now; it will accept the next one.
    server.on('error', () => {})
    this.#servers.set(port, server)
  }

  /** Takes no further client there; connected ones stay. */
  unlisten(port: number) {
    this.#servers.get(port)?.close()
    this.#servers.delete(port)
  }

  close() {
    for (const port of [...this.#servers.keys()]) this.unlisten(port)
    for (const socket of this.#sockets) socket.end()
  }

  async #lead(client: Socket, port: number) {
    this.#keep(client)
    const inner = await this.#connect(port)
    if (!inner || client.destroyed) {
      client.destroy()
      inner?.destroy()
      return
    }
    this.#keep(inner)
    client.setNoDelay(true)
    // When one side has gone, the other ends too, after it got everything.
    client.on('close', () => inner.end())
    inner.on('close', () => client.end())
    client.pipe(inner)
    inner.pipe(client)
    client.resume()
  }

  #keep(socket: Socket) {
    this.#sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#sockets.delete(socket))
  }
}
