/**
 * `flooder.mjs <port> <seconds>`: sends valid datagrams, long ones among them, to one port from one port without pause,
 * reports when it has begun, and ends by itself.
 */
import { createSocket } from 'node:dgram'

const [to, seconds] = process.argv.slice(2).map(Number)
/** 20,000 a second: a node that parsed each would do nothing else, and this process leaves it a processor. */
const BATCH = 200
const TURN_MS = 10

const socket = createSocket('udp4')
socket.bind(0, '127.0.0.1', () => {
  const { port } = socket.address()
  const pairs = Array.from({ length: 600 }, (_, place) => `${10_000 + place}:1`)
  const datagrams = [`status:${port}:{}`, `rumor:${port}:{flood,${port},0}`, `status:${port}:{${pairs.join(',')}}`]
  setInterval(() => {
    for (let sent = 0; sent < BATCH; sent += 1) socket.send(datagrams[sent % 3] ?? '', to, '127.0.0.1')
  }, TURN_MS)
  process.stdout.write('flooding\n')
})
setTimeout(() => process.exit(), seconds * 1_000)
