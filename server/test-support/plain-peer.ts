/** Acts as a program of another group over real UDP: the plain node of the simulator, with a socket. */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { bytesOf, stringOf } from '../../shared/gossip/text.ts'
import { PlainNode } from '../../shared/sim/plain-node.ts'

const HOST = '127.0.0.1'

export class PlainPeer {
  readonly port: number
  /** Received datagrams, as wire strings. */
  readonly heard: string[] = []
  readonly #socket: Socket
  readonly #node: PlainNode
  #onChange = () => {}

  constructor(socket: Socket, neighbours: readonly number[]) {
    this.#socket = socket
    this.port = socket.address().port
    this.#node = new PlainNode(this.port, neighbours, this.port)
    socket.on('message', (bytes) => {
      const datagram = stringOf(bytes)
      this.heard.push(datagram)
      this.#send(this.#node.receive(datagram))
      this.#onChange()
    })
  }

  /** Gives it a new message. `wire` is the text in its wire form. */
  type(wire: string) {
    this.#send(this.#node.type(wire))
  }

  /** Resolves when it has at least `count` messages of an origin, with their texts in order. One call may wait at a time. */
  async holds(origin: number, count: number): Promise<readonly string[]> {
    for (;;) {
      const texts = this.#node.entries().filter((entry) => entry.origin === origin)
      if (texts.length >= count) return texts.map(({ text }) => text)
      await new Promise<void>((resolve) => {
        this.#onChange = resolve
      })
    }
  }

  #send(datagrams: readonly { readonly to: number; readonly text: string }[]) {
    for (const { to, text } of datagrams) this.#socket.send(bytesOf(text), to, HOST)
  }
}

export async function plainPeerOn(port: number, neighbours: readonly number[]): Promise<PlainPeer> {
  const socket = createSocket('udp4').bind(port, HOST)
  onTestFinished(() => void socket.close())
  await once(socket, 'listening')
  return new PlainPeer(socket, neighbours)
}
