/**
 * The ports of virtual machines. Datagrams arrive in order of sending, and are lost if no socket listens at their
 * arrival; lines are answered at once.
 */
import { MAX_DATAGRAM_BYTES } from '../gossip/limits.ts'
import type { UdpSocket } from '../lab/node-host.ts'
import type { LineHandler, LineInterface, Platform, Udp, UdpOptions } from '../node/platform.ts'

/**
 * Time from one port to any other, in ms. A datagram must arrive after its sending also by the lab's clock, which
 * counts microseconds.
 */
const HOP_MS = 0.05

interface Socket extends UdpOptions {
  readonly inode: string
  isOpen: boolean
}

export class VirtualWire {
  readonly #machine: Pick<Platform, 'after'>
  readonly #sockets = new Map<number, Socket>()
  readonly #lines = new Map<number, LineHandler>()
  #opened = 0

  constructor(machine: Pick<Platform, 'after'>) {
    this.#machine = machine
  }

  /** @throws when the port is in use. */
  openUdp(options: UdpOptions): Udp {
    const { port } = options
    if (this.#sockets.has(port)) throw new Error(`UDP port ${port} is in use`)
    this.#opened += 1
    const socket = { ...options, inode: `${this.#opened}`, isOpen: true }
    this.#sockets.set(port, socket)
    return {
      send: (to, bytes) => {
        if (socket.isOpen) this.#send(port, to, bytes)
      },
      measure: async () => MAX_DATAGRAM_BYTES,
      flush: (done) => done(),
      close: () => {
        if (socket.isOpen) this.#sockets.delete(port)
        socket.isOpen = false
      },
    }
  }

  /** @throws when the port is in use. */
  openLines(port: number, handler: LineHandler): LineInterface {
    if (this.#lines.has(port)) throw new Error(`TCP port ${port} is in use`)
    this.#lines.set(port, handler)
    return {
      close: () => {
        if (this.#lines.get(port) === handler) this.#lines.delete(port)
      },
    }
  }

  /** Sends a line to a TCP port. Returns the lines of the answer, or undefined when no node listens. */
  sendLine(port: number, line: string): readonly string[] | undefined {
    return this.#lines.get(port)?.onLine(line)
  }

  udpSocketAt(port: number): UdpSocket | undefined {
    const socket = this.#sockets.get(port)
    return socket && { inode: socket.inode, drops: 0 }
  }

  isTcpTaken(port: number): boolean {
    return this.#lines.has(port)
  }

  #send(from: number, to: number, bytes: Uint8Array) {
    // As on loopback, a port receives nothing from itself.
    if (to !== from) this.#machine.after(HOP_MS, () => this.#sockets.get(to)?.onDatagram(bytes, from))
  }
}
