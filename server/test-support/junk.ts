/** Sends junk from many ports. Bounded, on loopback, and answers go only to those ports. */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import fc from 'fast-check'
import { onTestFinished } from 'vitest'
import { MAX_DATAGRAM_BYTES, MAX_SEQ } from '../../shared/gossip/limits.ts'

const HOST = '127.0.0.1'
/** Number of datagrams sent before the next ones wait for the system to have taken these. */
const BATCH = 64

export interface Crowd {
  readonly ports: readonly number[]
  /** Number of bytes that came to each port. */
  readonly heard: ReadonlyMap<number, number>
  /** Sends each datagram to each node, from one port after the other. Resolves when all have left. */
  send(to: readonly number[], datagrams: readonly Uint8Array[]): Promise<void>
}

export async function crowdOf(size: number): Promise<Crowd> {
  const sockets = await Promise.all(Array.from({ length: size }, open))
  const heard = new Map<number, number>()
  for (const socket of sockets) {
    const { port } = socket.address()
    heard.set(port, 0)
    socket.on('message', (bytes) => heard.set(port, (heard.get(port) ?? 0) + bytes.length))
  }
  const send = async (to: readonly number[], datagrams: readonly Uint8Array[]) => {
    for (let first = 0; first < datagrams.length; first += BATCH) {
      const batch = datagrams.slice(first, first + BATCH)
      await Promise.all(
        batch.flatMap((datagram, place) => to.map((port) => sendOne(sockets[(first + place) % size], port, datagram))),
      )
    }
  }
  return { ports: [...heard.keys()], heard, send }
}

async function open(): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, HOST)
  onTestFinished(() => void socket.close())
  await once(socket, 'listening')
  return socket
}

/** A datagram that the system refuses is lost, as many others are. */
const sendOne = (socket: Socket | undefined, port: number, datagram: Uint8Array) =>
  new Promise<void>((resolve) => (socket ? socket.send(datagram, port, HOST, () => resolve()) : resolve()))

const bytes = (text: string) => Buffer.from(text)

/**
 * Generates junk of every kind, with senders from these ports only: a node answers to the named port. `mine` is the
 * port of the receiving node, which some of the junk names.
 */
export function junkFor(mine: number, senders: readonly number[], count: number, seed: number): Uint8Array[] {
  const sender = fc.constantFrom(...senders)
  const made = fc.integer({ min: 1, max: MAX_SEQ })
  const text = fc.constantFrom('junk', '__proto__', 'constructor', '%00', 'x'.repeat(900))
  const rumor = (from: fc.Arbitrary<number>, origin: fc.Arbitrary<number>, seq: fc.Arbitrary<number>) =>
    fc.tuple(from, text, origin, seq).map(([by, said, of, number]) => bytes(`rumor:${by}:{${said},${of},${number}}`))
  const self = fc.constant(mine)
  const life = fc.nat(9).map((generation) => mine + 65_536 * generation)
  const valid = fc.oneof(
    rumor(sender, made, fc.nat(3)),
    fc
      .tuple(sender, fc.uniqueArray(fc.tuple(made, made), { maxLength: 40, selector: ([origin]) => origin }))
      .map(([by, pairs]) => bytes(`status:${by}:{${pairs.map((pair) => pair.join(':')).join(',')}}`)),
  )
  // Cut behind the bracket, so that no other port is named by accident.
  const mutated = fc.tuple(valid, fc.nat(), fc.nat(255)).map(([right, place, byte]) => {
    const wrong = Buffer.from(right)
    const bracket = wrong.indexOf('{')
    wrong[bracket + (place % (wrong.length - bracket))] = byte
    return wrong
  })
  const proto = fc
    .constantFrom('__proto__', 'rumor:__proto__:{__proto__,__proto__,0}', 'status:1:{__proto__:1}')
    .map(bytes)
  const huge = fc
    .constantFrom('x', 'rumor:1:{', 'status:1:{')
    .map((start) => bytes(start.padEnd(MAX_DATAGRAM_BYTES, '1')))
  const junk = fc.oneof(
    { arbitrary: fc.uint8Array({ maxLength: 200 }), weight: 20 },
    { arbitrary: valid, weight: 5 },
    { arbitrary: mutated, weight: 20 },
    { arbitrary: proto, weight: 10 },
    { arbitrary: rumor(sender, life, made), weight: 10 },
    { arbitrary: rumor(self, self, fc.nat(9)), weight: 10 },
    { arbitrary: rumor(sender, made, fc.integer({ min: 1_000_000_000, max: MAX_SEQ })), weight: 10 },
    { arbitrary: huge, weight: 1 },
  )
  return fc.sample(junk, { numRuns: count, seed })
}
