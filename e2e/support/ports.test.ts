import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { freePorts } from '../../server/test-support/ports.ts'

test('a block of ports can be bound, every one of them', async () => {
  const { tcp, udp } = await freePorts(4)
  for (let index = 0; index < 4; index++) {
    const server = createServer().listen(tcp + index, '127.0.0.1')
    await once(server, 'listening')
    server.close()
    const socket = createSocket('udp4').bind(udp + index, '127.0.0.1')
    await once(socket, 'listening')
    socket.close()
  }
})

test('no port is returned twice', async () => {
  const blocks = await Promise.all(Array.from({ length: 40 }, () => freePorts(5)))
  for (const kind of ['tcp', 'udp'] as const) {
    const ports = blocks.flatMap((block) => [0, 1, 2, 3, 4].map((index) => block[kind] + index))
    expect(new Set(ports).size).toBe(200)
  }
})
