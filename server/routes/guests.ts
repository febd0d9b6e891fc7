/** Connections from other machines are counted: those of this one, the presenter's among them, always find room. */
import type { Server } from 'node:net'
import { MAX_GUEST_CONNECTIONS } from '../../shared/limits.ts'
import { isLoopback } from '../addresses.ts'

export function limitGuests(server: Server, max = MAX_GUEST_CONNECTIONS) {
  let guests = 0
  server.on('connection', (socket) => {
    // What listens on IPv6 sees addresses of IPv4 with this in front.
    if (isLoopback((socket.remoteAddress ?? '').replace(/^::ffff:/, ''))) return
    if (guests >= max) {
      socket.destroy()
      return
    }
    guests += 1
    socket.once('close', () => {
      guests -= 1
    })
  })
}
