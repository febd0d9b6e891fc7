import { once } from 'node:events'
import { readdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { folderOfTest, runtimeOfTest } from '../../test-support/runtime.ts'
import { ensureRuntimeDirectory, ownFolder } from './directory.ts'
import { connectToSupervisor, handoffSocket, MAX_HANDOFF_BYTES, readJsonLines } from './handoff.ts'

async function bothEnds(within?: string): Promise<{ near: Socket; far: Socket }> {
  const directory = within ?? (await runtimeOfTest())
  const server = createServer().listen(handoffSocket(directory))
  onTestFinished(() => void server.close())
  const accepted = once(server, 'connection')
  const near = await connectToSupervisor(directory)
  const [far] = (await accepted) as [Socket]
  if (!near) throw new Error('there is a supervisor')
  onTestFinished(() => void near.destroy())
  return { near, far }
}

test('without a listener there is no supervisor', async () => {
  expect(await connectToSupervisor(await runtimeOfTest())).toBeUndefined()
})

describe('the socket of a runtime folder whose path is long', () => {
  const deep = (within: string) => ensureRuntimeDirectory(ownFolder(join(within, 'x'.repeat(120))))

  test('is in a folder of ours all the same, and is found', async () => {
    const directory = deep(await folderOfTest())
    const path = handoffSocket(directory)
    onTestFinished(() => rmSync(path, { force: true }))
    await bothEnds(directory)
    expect(Buffer.byteLength(path)).toBeLessThanOrEqual(103)
    expect(statSync(path).isSocket()).toBe(true)
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700)
    expect(readdirSync(dirname(directory))).toEqual([basename(directory)])
  })

  test('is the same by each name of the folder, and another one for each folder', async () => {
    const [one, other] = [await folderOfTest(), await folderOfTest()]
    const paths = [deep(one), deep(other)].map((directory) => handoffSocket(directory))
    expect(new Set(paths).size).toBe(2)
    const link = join(one, 'y'.repeat(120))
    symlinkSync(dirname(deep(one)), link)
    expect(handoffSocket(ownFolder(link))).toBe(paths[0])
  })
})

test('on Windows the socket is a pipe, which has no folder', () => {
  expect(handoffSocket('C:\\Temp\\rumorscope-user', 'win32')).toMatch(/^\\\\\.\\pipe\\rumorscope-[0-9a-f]{16}$/)
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
