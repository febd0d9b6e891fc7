import { execFileSync } from 'node:child_process'
import { linkSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { start } from '../../test-support/processes.ts'
import { runtimeOfTest } from '../../test-support/runtime.ts'
import { lineOf } from '../../test-support/standalone.ts'
import { commandLineQuery, endRegistered, registeredNodes } from './registered-nodes.ts'
import { birthOf, register } from './registry.ts'

test('a node is registered while it runs, and no longer', async () => {
  const line = await lineOf(1)
  const { pid, child, ended } = await line.node(0)
  expect(registeredNodes(line.runtime)).toEqual([{ port: line.udp, pid }])
  child.kill()
  await ended
  expect(readdirSync(line.runtime).filter((name) => name.startsWith('node-'))).toEqual([])
})

test('an entry is never seen half written: it replaces the previous one as a whole', async () => {
  const directory = await runtimeOfTest()
  writeFileSync(join(directory, 'node-40000'), '1 1\n')
  linkSync(join(directory, 'node-40000'), join(directory, 'before'))
  register(directory, 40_000)
  expect(registeredNodes(directory)).toEqual([{ port: 40_000, pid: process.pid }])
  expect(readFileSync(join(directory, 'before'), 'utf8')).toBe('1 1\n')
})

test('a node that was killed is no longer listed, and its entry is removed', async () => {
  const line = await lineOf(1)
  const { child, ended } = await line.node(0)
  child.kill('SIGKILL')
  await ended
  expect(registeredNodes(line.runtime)).toEqual([])
  expect(readdirSync(line.runtime)).not.toContain(`node-${line.udp}`)
})

test.runIf(process.platform === 'linux')('a stranger with a reused process id is not listed', async () => {
  const directory = await runtimeOfTest()
  // Its command line looks like a node's, but its start time differs.
  const { pid } = start(process.execPath, ['-e', 'setInterval(() => {}, 1e6)', 'process.cjs'])
  writeFileSync(join(directory, 'node-40000'), `${pid} ${Number(birthOf(pid)) - 1}\n`)
  expect(registeredNodes(directory)).toEqual([])
})

test('invalid entries are not nodes', async () => {
  const directory = await runtimeOfTest()
  writeFileSync(join(directory, 'node-40000'), '')
  writeFileSync(join(directory, 'node-40001'), 'rm -rf /\n')
  writeFileSync(join(directory, 'node-40002'), '1 \n')
  writeFileSync(join(directory, 'node-40003'), '-1 5\n')
  writeFileSync(join(directory, 'node-x'), `${process.pid} ${birthOf(process.pid)}\n`)
  expect(registeredNodes(directory)).toEqual([])
})

test('a missing directory lists no nodes', () => {
  expect(registeredNodes('/nowhere/at/all')).toEqual([])
})

test.runIf(process.platform === 'linux')(
  'a process has one start time, and a process that is gone has none',
  async () => {
    const { pid, child, ended } = start(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'])
    expect(birthOf(pid)).toMatch(/^\d+$/)
    expect(birthOf(pid)).toBe(birthOf(pid))
    child.kill('SIGKILL')
    await ended
    expect(birthOf(pid)).toBeUndefined()
  },
)

test.runIf(process.platform === 'linux')('nodes that register while others are ended are ended too', async () => {
  const directory = await runtimeOfTest()
  const sleeper = () => start(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'])
  const list = (port: number, pid: number) => writeFileSync(join(directory, `node-${port}`), `${pid} ${birthOf(pid)}\n`)
  const [early, late] = [sleeper(), sleeper()]
  list(40_000, early.pid)
  const kill = (pid: number) => {
    if (pid === early.pid) list(40_001, late.pid)
    process.kill(pid, 'SIGKILL')
  }
  expect(await endRegistered(directory, kill)).toBe(2)
  expect([(await early.ended).signal, (await late.ended).signal]).toEqual(['SIGKILL', 'SIGKILL'])
  expect(registeredNodes(directory)).toEqual([])
})

test('on Windows, which has neither /proc nor ps, PowerShell tells the command line of a process', () => {
  const [program, ...args] = commandLineQuery(4711, 'win32')
  expect(program).toBe('powershell.exe')
  expect(args.at(-1)).toBe('(Get-CimInstance Win32_Process -Filter "ProcessId = 4711").CommandLine')
})

test('elsewhere ps tells it, also without /proc', async () => {
  const { pid } = start(process.execPath, ['-e', 'setInterval(() => {}, 1e6)', 'process.cjs'])
  const [program, ...args] = commandLineQuery(pid, 'darwin')
  expect(execFileSync(program, args, { encoding: 'utf8' })).toContain('process.cjs')
})
