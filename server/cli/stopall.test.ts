import { once } from 'node:events'
import { chmodSync, copyFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { EXIT } from '../platform/node-link.ts'
import { ownFolder } from '../platform/runtime/directory.ts'
import { handoffSocket } from '../platform/runtime/handoff.ts'
import { labOf, nextEvent } from '../test-support/lab.ts'
import { environment, isAlive, ROOT, start } from '../test-support/processes.ts'
import { folderOfTest, runtimeOfTest } from '../test-support/runtime.ts'
import { lineOf } from '../test-support/standalone.ts'
import { openHandoff } from './handoff-server.ts'

const stopAll = (runtime: string) => start(join(ROOT, 'bin/stopall'), [], { env: environment(runtime, 40_000) }).ended

test('ends standalone nodes, and forgets their generations', async () => {
  const line = await lineOf(2)
  const nodes = await Promise.all([line.node(0), line.node(1)])
  const { code, stdout } = await stopAll(line.runtime)
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'stopall: ended 2 nodes\n' })
  expect((await Promise.all(nodes.map(({ ended }) => ended))).map(({ signal }) => signal)).toEqual([
    'SIGKILL',
    'SIGKILL',
  ])
  expect(readdirSync(line.runtime)).toEqual([])
})

test('changes only our own entries in the given folder', async () => {
  const around = await folderOfTest()
  writeFileSync(join(around, 'generation-40000'), 'the work of somebody')
  chmodSync(around, 0o755)
  expect((await stopAll(ownFolder(around))).code).toBe(0)
  expect(readdirSync(around)).toContain('generation-40000')
  expect(statSync(around).mode & 0o777).toBe(0o755)
})

test('ends a node that is stopped', async () => {
  const line = await lineOf(1)
  const node = await line.node(0)
  node.child.kill('SIGSTOP')
  expect((await stopAll(line.runtime)).stdout).toBe('stopall: ended 1 node\n')
  expect((await node.ended).signal).toBe('SIGKILL')
})

test("ends the nodes of a lab, which reports that they were stopped and lives on, and the lab's bin/process with them", async () => {
  const { lab, settings, runtime } = await labOf(2)
  const handoff = await openHandoff(lab, runtime)
  await lab.startNetwork({ n: 1 })
  const env = environment(runtime, settings.rootId)
  const wrapper = start(join(ROOT, 'bin/process'), ['1', '2', `${settings.basePort + 1}`], { env })
  await nextEvent(lab, 'running', ({ node }) => node === 1)
  expect((await stopAll(runtime)).stdout).toBe('stopall: ended 2 nodes\n')
  expect((await wrapper.ended).code).toBe(EXIT.ok)
  for (const id of [0, 1]) expect((await nextEvent(lab, 'ended', ({ node }) => node === id)).end.how).toBe('stopped')
  await lab.start(0, settings.basePort)
  handoff?.close()
})

test('counts the nodes of a lab that ends before it answers', async () => {
  const line = await lineOf(2)
  const nodes = await Promise.all([line.node(0), line.node(1)])
  const lab = createServer((socket) => {
    socket.once('data', () => {
      for (const { child } of nodes) child.kill('SIGKILL')
      socket.destroy()
    })
  })
  await once(lab.listen(handoffSocket(line.runtime)), 'listening')
  onTestFinished(() => void lab.close())
  expect(await stopAll(line.runtime)).toMatchObject({ code: 0, stdout: 'stopall: ended 2 nodes\n' })
})

test("spares a stranger's process called process or ./process", async () => {
  const line = await lineOf(1)
  const node = await line.node(0)
  const directory = await runtimeOfTest()
  copyFileSync('/bin/sleep', join(directory, 'process'))
  symlinkSync('/bin/sleep', join(directory, 'process.cjs'))
  const strangers = [
    start('./process', ['1000'], { cwd: directory }),
    start('/bin/sleep', ['1000'], { argv0: 'process' }),
    start(join(directory, 'process.cjs'), ['1000']),
  ]
  await stopAll(line.runtime)
  await node.ended
  expect(strangers.map(({ pid, child }) => isAlive(pid) && child.exitCode === null)).toEqual([true, true, true])
})

test('reports when no node runs', async () => {
  expect(await stopAll(await runtimeOfTest())).toMatchObject({
    code: 0,
    stdout: 'stopall: ended 0 nodes\n',
    stderr: '',
  })
})
