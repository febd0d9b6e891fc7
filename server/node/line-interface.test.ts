import { once } from 'node:events'
import { connect, type Server } from 'node:net'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import type { LineHandler } from '../../shared/node/platform.ts'
import { MAX_LINE_CLIENTS, MAX_UNREAD_BYTES } from '../platform/line-splitter.ts'
import { connectTo, LineClient } from '../test-support/peers.ts'
import { freePorts } from '../test-support/ports.ts'
import { openLineInterface } from './line-interface.ts'

interface Interface {
  readonly port: number
  readonly server: Server
  readonly bad: string[]
}

async function open(onLine: LineHandler['onLine'] = (line) => [line]): Promise<Interface> {
  const { tcp: port } = await freePorts(1)
  const bad: string[] = []
  const server = await openLineInterface(port, { onLine, onBadLine: (why) => bad.push(why) })
  onTestFinished(() => void server.close())
  return { port, server, bad }
}

test('several clients are answered, each with its own answer', async () => {
  const { port } = await open()
  const [ada, ben] = await Promise.all([connectTo(port), connectTo(port)])
  ada.send('a1\na2\n')
  ben.send('b1\n')
  expect(await ben.line()).toBe('b1')
  expect([await ada.line(), await ada.line()]).toEqual(['a1', 'a2'])
})

test('a client that ends after its question still gets the answer', async () => {
  const { port } = await open()
  const client = await connectTo(port)
  client.socket.end('question\n')
  expect(await client.line()).toBe('question')
  await client.closed
})

test('a client that resets its connection disturbs no other', async () => {
  const { port, server } = await open()
  const [rude, other] = await Promise.all([connectTo(port), connectTo(port)])
  rude.send('hello\n')
  rude.socket.resetAndDestroy()
  await expect.poll(promisify(server.getConnections.bind(server))).toBe(1)
  other.send('still there\n')
  expect(await other.line()).toBe('still there')
})

test('a client that asks and does not read is not read either, and gets every answer once it reads', async () => {
  const answer = 'x'.repeat(100_000)
  const asked = 400
  let answered = 0
  const { port } = await open(() => {
    answered += 1
    return [answer]
  })
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  socket.pause()
  socket.write('get\n'.repeat(asked))
  const other = await connectTo(port)
  // By the time of this answer all possible answers have been written.
  other.send('get\n')
  await other.line()
  // The bytes in the system's buffers come on top.
  expect(answered).toBeLessThan(asked / 2)
  const client = new LineClient(socket)
  socket.resume()
  for (let line = 0; line < asked; line += 1) expect((await client.line()).length).toBe(answer.length)
})

test('one answer may exceed the bound on waiting bytes', async () => {
  const answer = 'x'.repeat(2 * MAX_UNREAD_BYTES)
  const { port } = await open(() => [answer])
  const client = await connectTo(port)
  client.send('get\nget\n')
  expect((await client.line()).length).toBe(answer.length)
  expect((await client.line()).length).toBe(answer.length)
})

test('one client too many is refused and reported; the others stay', async () => {
  const { port, bad } = await open()
  const clients = await Promise.all(Array.from({ length: MAX_LINE_CLIENTS }, () => connectTo(port)))
  const late = await connectTo(port)
  await late.closed
  expect(bad).toEqual([`more than ${MAX_LINE_CLIENTS} clients`])
  clients[0]?.send('here\n')
  expect(await clients[0]?.line()).toBe('here')
})

test('a port in use is refused with the reason of the system', async () => {
  const { port } = await open()
  await expect(openLineInterface(port, { onLine: () => [], onBadLine: () => {} })).rejects.toMatchObject({
    code: 'EADDRINUSE',
    port,
  })
})
