/** The proxy interface: TCP on loopback, lines of UTF-8 that end in \n, several clients at once. */

import { createServer, type Server, type Socket } from 'node:net'
import type { LineHandler } from '../../shared/node/platform.ts'
import { LineSplitter, MAX_LINE_CLIENTS, MAX_UNREAD_BYTES } from '../platform/line-splitter.ts'
import { LOOPBACK } from './udp.ts'

/**
 * Listens for clients.
 * @throws (rejects) with the system's error when the port is in use.
 */
export function openLineInterface(port: number, handler: LineHandler): Promise<Server> {
  const server = createServer((client) => serve(client, handler))
  server.maxConnections = MAX_LINE_CLIENTS
  server.on('drop', () => handler.onBadLine(`more than ${MAX_LINE_CLIENTS} clients`, ''))
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      server.removeListener('error', reject)
      // A client that cannot be accepted, for lack of file descriptors for example, must not end the node.
      server.on('error', (error) => handler.onBadLine(error.message, ''))
      resolve(server)
    })
  })
}

/** Stops reading a client that does not read its answers, so that its unread bytes are bounded. */
function serve(client: Socket, handler: LineHandler) {
  const splitter = new LineSplitter(handler.onBadLine)
  let lines: Iterator<string> | undefined
  const carryOn = () => {
    while (client.writableLength <= MAX_UNREAD_BYTES) {
      const line = lines?.next()
      if (!line || line.done) {
        client.resume()
        return
      }
      for (const answer of handler.onLine(line.value)) client.write(`${answer}\n`)
    }
    client.pause()
  }
  client.setNoDelay(true)
  // A client that disconnects, by end or reset, is no error.
  client.on('error', () => client.destroy())
  client.on('drain', carryOn)
  client.on('data', (chunk) => {
    lines = splitter.lines(chunk)
    carryOn()
  })
}
