/**
 * Handles requests that offer another protocol. Java's HttpClient and `curl --http2` offer HTTP/2 with each first
 * request; a server may ignore that (RFC 9110, 7.8). From Node 24.9 on the server asks `isForWebSocket`
 * (shouldUpgradeCallback). Older ones do not parse the body of such a request, and pass all of them to the listener for
 * WebSockets.
 */
import { EventEmitter } from 'node:events'
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'

export const isForWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket'

/**
 * Returns an emitter of `upgrade` for WebSockets only. Every other offer is ignored: the server answers the request.
 */
export function webSocketsOf(server: Server): Server {
  const webSockets = new EventEmitter() as Server
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (isForWebSocket(request)) webSockets.emit('upgrade', request, socket, head)
    else readAgain(server, request, socket, head)
  })
  return webSockets
}

/** Makes the server read the request from its first line on, without the offer. */
function readAgain(
  server: Server,
  { method, url, httpVersion, rawHeaders }: IncomingMessage,
  socket: Socket,
  head: Buffer,
) {
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (rawHeaders[at]?.toLowerCase() !== 'upgrade') lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`)
  // Node reads headers as Latin-1.
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]))
  server.emit('connection', socket)
}
