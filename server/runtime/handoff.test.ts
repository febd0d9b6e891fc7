import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { runtimeOfTest } from '../test-support/runtime.ts'
import { connectToSupervisor, handoffSocket, MAX_HANDOFF_BYTES, readJsonLines } from './handoff.ts'

async function bothEnds(): Promise<{ near: Socket; far: Socket }> {
  const directory = await runtimeOfTest()
  const server = createServer().listen(handoffSocket(directory))
  onTestFinished(() => void server.close())
  const accepted = once(server, 'connection')
  const near = await connectToSupervisor(directory)
  const [far] = (await accepted) as [Socket]
  if (!near) throw new Error('there is a supervisor')
  onTestFinished(() => void near.destroy())
  return { near, far }
}

test('where nobody listens there is no supervisor', async () => {
  expect(await connectToSupervisor(await runtimeOfTest())).toBeUndefined()
})

test('each line is a message, wherever it is cut', async () => {
  const { near, far } = await bothEnds()
  const messages: unknown[] = []
  readJsonLines(far, (message) => messages.push(message))
  near.write('{"a":1}\n{"b"')
  near.write(':2}\n')
  near.end()
  await once(far, 'close')
  expect(messages).toEqual([{ a: 1 }, { b: 2 }])
})

test.each([
  { name: 'is no JSON', bytes: 'hello\n' },
  { name: 'never ends', bytes: 'x'.repeat(MAX_HANDOFF_BYTES + 1) },
])('a line that $name ends the connection', async ({ bytes }) => {
  const { near, far } = await bothEnds()
  readJsonLines(far, () => {})
  near.write(bytes)
  near.resume()
  await once(near, 'close')
})
