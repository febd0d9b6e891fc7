/** The node's UDP socket: sends datagrams at once, delivers them one by one. */
import { createSocket, type Socket } from 'node:dgram'
import { MAX_DATAGRAM_BYTES } from '../../shared/gossip/limits.ts'
import type { Udp, UdpOptions } from '../../shared/node/platform.ts'

/** Size of the receive buffer requested for a node's UDP socket, in bytes. The system may grant less. */
const UDP_RECEIVE_BUFFER_BYTES = 4 * 1_024 * 1_024
/** The same for sending: on some systems it limits the length of a datagram, so it has room for the longest. */
const UDP_SEND_BUFFER_BYTES = 256 * 1_024

export const LOOPBACK = '127.0.0.1'

/** Systems on which the send buffer does not limit a datagram: there is nothing to measure at a node's start. */
const SENDS_ALL: ReadonlySet<NodeJS.Platform> = new Set(['linux', 'win32'])

type Sent = (error: Error | null) => void
type Send = (to: number, bytes: Uint8Array, sent: Sent) => void

/**
 * Binds to a port of the loopback interface. `systemSends` is for tests: it limits datagrams, in bytes, like a system
 * whose send buffer cannot be enlarged.
 * @throws (rejects) with the system's error when the port is in use.
 */
export function openUdp(options: UdpOptions, systemSends = Number.POSITIVE_INFINITY): Promise<Udp> {
  const { port, onDatagram, onError } = options
  // Node resolves an address before each send, which costs a turn of the event loop; this one is constant.
  const lookup = (_host: string, _options: unknown, found: (error: null, address: string, family: number) => void) =>
    found(null, LOOPBACK, 4)
  const socket = createSocket({ type: 'udp4', lookup })
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close()
      reject(error)
    })
    socket.bind({ port, address: LOOPBACK, exclusive: true }, () => {
      socket.removeAllListeners('error')
      socket.on('error', onError)
      socket.on('message', (bytes, from) => {
        // Only this socket sends from its port, so the datagram is a probe.
        if (from.port !== port || from.address !== LOOPBACK) onDatagram(bytes, from.port)
      })
      enlargeBuffers(socket)
      resolve(wrap(socket, options, systemSends))
    })
  })
}

function wrap(socket: Socket, { port, onError }: UdpOptions, systemSends: number): Udp {
  let pending = 0
  let flushed: (() => void) | undefined
  const sent: Sent = (error) => {
    pending -= 1
    if (error) onError(error)
    if (pending === 0) flushed?.()
  }
  const send: Send = (to, bytes, done) => {
    if (bytes.length > systemSends) setImmediate(done, Object.assign(new Error('send EMSGSIZE'), { code: 'EMSGSIZE' }))
    else socket.send(bytes, to, LOOPBACK, done)
  }
  return {
    send: (to, bytes) => {
      pending += 1
      send(to, bytes, sent)
    },
    measure: async () =>
      SENDS_ALL.has(process.platform) && systemSends === Number.POSITIVE_INFINITY
        ? MAX_DATAGRAM_BYTES
        : measure((bytes) => isSent(send, port, bytes)),
    flush: (done) => {
      if (pending === 0) done()
      else flushed = done
    },
    close: () => socket.close(),
  }
}

/** Finds the largest datagram that the system sends, in bytes. One probe is enough if it sends all of them. */
async function measure(sends: (bytes: number) => Promise<boolean>): Promise<number> {
  if (await sends(MAX_DATAGRAM_BYTES)) return MAX_DATAGRAM_BYTES
  let most = 0
  let tooMany = MAX_DATAGRAM_BYTES
  while (tooMany - most > 1) {
    const middle = (most + tooMany) >> 1
    if (await sends(middle)) most = middle
    else tooMany = middle
  }
  return most
}

/**
 * Sends a probe to the socket itself. Returns false only if it is too large: other errors say nothing about its size.
 */
const isSent = (send: Send, port: number, bytes: number): Promise<boolean> =>
  new Promise((resolve) =>
    send(port, new Uint8Array(bytes), (error) => resolve((error as NodeJS.ErrnoException | null)?.code !== 'EMSGSIZE')),
  )

/** A burst must not overflow the buffers, and on BSD and macOS no datagram may be longer than the send buffer. */
function enlargeBuffers(socket: Socket) {
  attempt(() => socket.setRecvBufferSize(UDP_RECEIVE_BUFFER_BYTES))
  attempt(() => socket.setSendBufferSize(UDP_SEND_BUFFER_BYTES))
}

/**
 * Some systems refuse instead of granting less. Their default suffices: lost rumors are repeated, and messages that are
 * too long are reported.
 */
function attempt(enlarge: () => void) {
  try {
    enlarge()
  } catch {}
}
