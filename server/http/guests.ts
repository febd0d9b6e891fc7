/** Counts connections from elsewhere: those of this machine, the presenter's among them, always find room. */
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { isLoopback } from '../platform/addresses.ts'
import { cameDirectly } from './forwarded.ts'

/** Maximum number of TCP connections from other machines: the rest stay free for the presenter, and for nodes. */
const MAX_GUEST_CONNECTIONS = 960

export function limitGuests(server: Server, max = MAX_GUEST_CONNECTIONS) {
  const guests = new Set<Socket>()
  const count = (socket: Socket) => {
    if (guests.has(socket)) return
    if (guests.size >= max) {
      socket.destroy()
      return
    }
    guests.add(socket)
    socket.once('close', () => guests.delete(socket))
  }
  server.prependListener('connection', (socket: Socket) => {
    if (!isLoopback(socket.remoteAddress ?? '')) count(socket)
  })
  // A forwarder's connection looks like one of this machine until a request comes over it.
  const look = (request: IncomingMessage) => {
    if (!cameDirectly(request)) count(request.socket)
  }
  server.prependListener('request', look)
  server.prependListener('upgrade', look)
}
