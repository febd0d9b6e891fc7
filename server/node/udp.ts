/** The node's UDP socket: datagrams out at once, datagrams in one by one. */
import { createSocket, type Socket } from 'node:dgram'
import { UDP_RECEIVE_BUFFER_BYTES } from '../../shared/limits.ts'

export const LOOPBACK = '127.0.0.1'

export interface Udp {
  /** Hands a datagram to the operating system before it returns. What cannot be sent is counted by `onError`. */
  send(to: number, bytes: Uint8Array): void
  /** Calls back once everything sent has left this process. */
  flush(done: () => void): void
  close(): void
}

/**
 * Binds to a port of the loopback interface.
 * @throws (rejects) with the system's error when the port is taken.
 */
export function openUdp(
  port: number,
  onDatagram: (bytes: Uint8Array, fromPort: number) => void,
  onError: (error: Error) => void,
): Promise<Udp> {
  // Node looks an address up before each send, and that costs a turn of the event loop; this one is known.
  const lookup = (_host: string, _options: unknown, found: (error: null, address: string, family: number) => void) =>
    found(null, LOOPBACK, 4)
  const socket = createSocket({ type: 'udp4', lookup })
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind({ port, address: LOOPBACK, exclusive: true }, () => {
      socket.removeListener('error', reject)
      socket.on('error', onError)
      socket.on('message', (bytes, from) => onDatagram(bytes, from.port))
      enlargeBuffer(socket)
      resolve(wrap(socket, onError))
    })
  })
}

function wrap(socket: Socket, onError: (error: Error) => void): Udp {
  let pending = 0
  let flushed: (() => void) | undefined
  const sent = (error: Error | null) => {
    pending -= 1
    if (error) onError(error)
    if (pending === 0) flushed?.()
  }
  return {
    send: (to, bytes) => {
      pending += 1
      socket.send(bytes, to, LOOPBACK, sent)
    },
    flush: (done) => {
      if (pending === 0) done()
      else flushed = done
    },
    close: () => socket.close(),
  }
}

/** A burst must not overflow the buffer. The system may grant less; then the protocol repeats what was lost. */
function enlargeBuffer(socket: Socket) {
  try {
    socket.setRecvBufferSize(UDP_RECEIVE_BUFFER_BYTES)
  } catch {
    // Some systems refuse instead of granting less. The default does, slower.
  }
}
