/** Occupies ports until the test is over. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { onTestFinished } from 'vitest'

export async function takeTcp(port: number) {
  const server = createServer().listen(port, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
}

export async function takeUdp(port: number) {
  const socket = createSocket('udp4').bind(port, '127.0.0.1')
  onTestFinished(() => void socket.close())
  await once(socket, 'listening')
}
