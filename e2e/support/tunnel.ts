/** A tunnel like those of editors in the cloud: it asks for `localhost`, and names the original host in headers. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { onTestFinished } from 'vitest'

/** Its address: its port is known before its target. */
export interface Tunnel {
  readonly url: string
  leadTo(url: string): void
}

export async function openTunnel(): Promise<Tunnel> {
  let port = ''
  const forward = (incoming: IncomingMessage) => {
    const { host = '', ...headers } = incoming.headers
    const added = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-host': host, 'x-forwarded-proto': 'http' }
    return request({
      ...{ host: '127.0.0.1', port, method: incoming.method, path: incoming.url },
      headers: { ...headers, ...added, host: `localhost:${port}` },
    })
  }
  const server = createServer((incoming, outgoing) => {
    const onward = forward(incoming)
    onward.on('response', (answer) => answer.pipe(outgoing.writeHead(answer.statusCode ?? 502, answer.headers)))
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  server.on('upgrade', (incoming: IncomingMessage, near: Duplex) => {
    const onward = forward(incoming).end()
    near.on('error', () => onward.destroy())
    onward.on('error', () => near.destroy())
    onward.on('response', (answer) => near.end(`HTTP/1.1 ${answer.statusCode} refused\r\n\r\n`))
    onward.on('upgrade', ({ headers }, far) => {
      far.on('error', () => near.destroy())
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
      near.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`)
      near.pipe(far).pipe(near)
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo(url) {
      port = new URL(url).port
    },
  }
}
