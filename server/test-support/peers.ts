/** Speaks to a node from outside: a client of its lines, and a program that gossips with it. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

const HOST = '127.0.0.1'

/** Queues arrivals, and resolves a wait with the first match. */
class Mailbox<T> {
  readonly #kept: T[] = []
  readonly #waiting: { readonly fits: (item: T) => boolean; readonly resolve: (item: T) => void }[] = []

  put(item: T) {
    const place = this.#waiting.findIndex(({ fits }) => fits(item))
    if (place < 0) this.#kept.push(item)
    else this.#waiting.splice(place, 1)[0]?.resolve(item)
  }

  take(fits: (item: T) => boolean = () => true): Promise<T> {
    const place = this.#kept.findIndex(fits)
    if (place >= 0) return Promise.resolve(this.#kept.splice(place, 1)[0] as T)
    return new Promise((resolve) => this.#waiting.push({ fits, resolve }))
  }
}

/** A client of a node's proxy interface. */
export class LineClient {
  readonly socket: Socket
  readonly #lines = new Mailbox<string>()
  readonly closed: Promise<unknown>
  #rest = ''

  constructor(socket: Socket) {
    this.socket = socket
    this.closed = new Promise((resolve) => socket.once('close', resolve))
    socket.setNoDelay(true).setEncoding('utf8')
    socket.on('error', () => {})
    socket.on('data', (text) => {
      const lines = (this.#rest + text).split('\n')
      this.#rest = lines.pop() ?? ''
      for (const line of lines) this.#lines.put(line)
    })
  }

  /** Sends bytes unchanged: no end of line is added. */
  send(bytes: string | Uint8Array) {
    this.socket.write(bytes)
  }

  /** Resolves with the next line. */
  line(): Promise<string> {
    return this.#lines.take()
  }

  async chatLog(): Promise<string> {
    this.send('get chatLog\n')
    return (await this.line()).replace(/^chatLog /, '')
  }
}

export async function connectTo(port: number): Promise<LineClient> {
  const socket = connect(port, HOST)
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return new LineClient(socket)
}

/** Another program that gossips: it sends datagrams on request and keeps those that it receives. */
export class Peer {
  readonly port: number
  readonly #socket: UdpSocket
  readonly #datagrams = new Mailbox<string>()
  #closed = false

  constructor(socket: UdpSocket) {
    this.#socket = socket
    this.port = socket.address().port
    socket.on('message', (bytes) => this.#datagrams.put(bytes.toString()))
  }

  send(to: number, datagram: string | Uint8Array): Promise<void> {
    return new Promise((resolve, reject) =>
      this.#socket.send(datagram, to, HOST, (error) => (error ? reject(error) : resolve())),
    )
  }

  /** Releases its port, once. */
  close() {
    if (!this.#closed) this.#socket.close()
    this.#closed = true
  }

  /** Resolves with the first matching datagram. */
  next(fits: (datagram: string) => boolean = () => true): Promise<string> {
    return this.#datagrams.take(fits)
  }
}

/** On this UDP port, or any. */
export async function peerOn(port = 0): Promise<Peer> {
  const socket = createSocket('udp4').bind(port, HOST)
  await once(socket, 'listening')
  const peer = new Peer(socket)
  onTestFinished(() => peer.close())
  return peer
}
