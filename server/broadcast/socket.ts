/** The WebSocket: admits clients, and bounds the unread bytes of all of them together. */

import type { WebSocket } from '@fastify/websocket'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Sessions, type SessionsOptions } from '../../shared/lab/sessions.ts'
import type { Access } from '../http/access.ts'
import { PING_EVERY_MS } from './bounds.ts'
import { leastReading } from './waiting.ts'
import { WebSocketConnection } from './web-socket-connection.ts'

/** Interval at which the unread bytes of all pages are summed, in ms. */
const WEIGH_EVERY_MS = 100

export interface SocketOptions extends SessionsOptions {
  readonly access: Access
}

export function socketRoute(app: FastifyInstance, { access, ...options }: SocketOptions) {
  const { lab } = options
  const sessions = new Sessions(options)
  const connections = new Set<WebSocketConnection>()

  const serve = (socket: WebSocket, request: FastifyRequest) => {
    const role = access.roleOf(request.raw)
    const connection = new WebSocketConnection(socket, role, lab.now())
    const session = sessions.open(connection, role)
    if (!session) return
    connection.serve(session)
    connections.add(connection)
    socket.on('close', () => connections.delete(connection))
  }
  app.route({ method: 'GET', url: '/api/ws', handler: refusePlain, wsHandler: serve })

  const weigh = () => {
    for (const connection of connections) connection.look(lab.now())
    for (const connection of leastReading(connections)) connection.drop()
  }
  const ping = () => {
    for (const connection of connections) connection.ping()
  }
  const timers = [setInterval(weigh, WEIGH_EVERY_MS), setInterval(ping, PING_EVERY_MS)]
  app.addHook('preClose', async () => {
    for (const timer of timers) clearInterval(timer)
    sessions.close()
  })
}

/** Without an upgrade there is no connection to answer on. */
const refusePlain = (_request: FastifyRequest, reply: FastifyReply) =>
  reply.code(426).header('upgrade', 'websocket').send({
    ok: false,
    error: 'this address is for WebSockets; scripts use /api/state and /api/commands',
  })
