import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePorts } from '../../server/test-support/ports.ts'
import { CourseProxy, type ProxyOptions } from './proxy.ts'

/** A stand-in for a node: records its input, and misbehaves on request. */
const FAKE_PROCESS = `#!/usr/bin/env node
const fs = require('node:fs')
const [id, n, port] = process.argv.slice(2)
const note = (fact) => fs.appendFileSync('facts-' + id, JSON.stringify(fact) + '\\n')
const writing = (fd) => { try { fs.writeSync(fd, 'x'); return 'written' } catch (error) { return error.code } }
note({ started: [id, n, port], cwd: process.cwd(), out: writing(1), err: writing(2) })
if (n === '99') setInterval(() => {}, 1000)
else require('node:net').createServer((socket) => {
  const texts = []
  let buffer = ''
  let bytes = Buffer.alloc(0)
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    note({ segment: chunk.toString('latin1'), at: performance.now() })
    bytes = Buffer.concat([bytes, chunk])
    const end = bytes.lastIndexOf(10) + 1
    const lines = bytes.subarray(0, end).toString().split('\\n').slice(0, -1)
    bytes = bytes.subarray(end)
    for (const line of lines) {
      if (line.startsWith('msg ')) texts.push(line.split(' ').slice(2).join(' '))
      else if (line.startsWith('get chatLog later')) setTimeout(() => socket.write('chatLog late\\n'), 300)
      else if (line.startsWith('get chatLog never')) continue
      else if (line.startsWith('get chatLog')) socket.write('chatLog ' + texts.join(',') + '\\n')
      else if (line.startsWith('say ')) socket.write(line.slice(4) + '\\n')
      else if (line === 'reset') socket.resetAndDestroy()
      else if (line.startsWith('crash')) process.exit()
    }
  })
}).listen(Number(port), '127.0.0.1')
`

const FAKE_STOPALL = `#!/bin/sh
echo stopped >> stopped
`

let directory: string
let port: number
const proxies: CourseProxy[] = []

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rumorscope-proxy-'))
  for (const [name, text] of [
    ['process', FAKE_PROCESS],
    ['stopall', FAKE_STOPALL],
  ] as const) {
    writeFileSync(join(directory, name), text)
    chmodSync(join(directory, name), 0o755)
  }
  port = (await freePorts(3)).tcp
})

afterEach(async () => {
  for (const proxy of proxies.splice(0)) await proxy.cleanUp()
  rmSync(directory, { recursive: true, force: true })
})

function newProxy(options: Partial<ProxyOptions> = {}): CourseProxy {
  const proxy = new CourseProxy({ directory, ...options })
  proxies.push(proxy)
  return proxy
}

/** The script checks once, after a second, whether a node listens: on a busy machine, another one is started. */
async function startedProxy(options: Partial<ProxyOptions> = {}): Promise<CourseProxy> {
  for (;;) {
    const proxy = newProxy(options)
    await proxy.type(`0 start 3 ${port}`)
    if (proxy.connected.length > 0) return proxy
    await proxy.cleanUp()
    rmSync(join(directory, 'facts-0'), { force: true })
  }
}

/** Starts a node as often as necessary. */
async function start(proxy: CourseProxy, id: number): Promise<void> {
  for (let lost = -1; lost < proxy.lost.length; ) {
    lost = proxy.lost.length
    await proxy.type(`${id} start 3 ${port + id}`)
  }
}

test('a process is started in the directory, with an output that it cannot write to', async () => {
  await startedProxy()
  const [fact] = facts(0)
  expect(fact).toMatchObject({ started: ['0', '3', String(port)], out: 'EBADF', err: 'EBADF' })
})

test('the text after the id goes out exactly as typed', async () => {
  const proxy = await startedProxy()
  await proxy.type('0 msg 1  two  spaces,and a comma ')
  await segmentsBecome(0, ['msg 1  two  spaces,and a comma \n'])
})

test('a process that does not listen in time is lost: there is no second attempt', async () => {
  const proxy = newProxy()
  await proxy.type(`0 start 99 ${port}`)
  expect(proxy.lost).toEqual([0])
  await proxy.type('0 msg 1 hello')
  expect(proxy.unsent).toEqual(['0 msg 1 hello'])
})

test('an answer is printed up to its first space, and whole by the patched script', async () => {
  const proxy = await startedProxy()
  await proxy.type('0 msg 1 hello')
  await proxy.type('0 msg 2 good  morning')
  await proxy.type('0 get chatLog')
  await proxy.answered()
  expect(proxy.output).toEqual(['hello,good'])
  expect(proxy.patchedOutput).toEqual(['hello,good  morning'])
  expect(await proxy.chatLog(0)).toBe('hello,good  morning')
})

test('the first question comes a second after the line before it', async () => {
  const proxy = await startedProxy()
  await proxy.type('0 msg 1 hello')
  await proxy.chatLog(0)
  const [message, question] = facts(0).filter((fact) => fact.segment !== undefined)
  // A timer may be early by its rounding.
  expect(Number(question?.at) - Number(message?.at)).toBeGreaterThan(900)
})

test('lines typed after a question wait for its answer', async () => {
  const proxy = await startedProxy()
  await proxy.type('0 get chatLog later')
  expect(proxy.output).toEqual([])
  await proxy.type('0 msg 1 afterwards')
  expect(proxy.output).toEqual(['late'])
})

test('a node that does not answer blocks the script, and fails the test with its other output', async () => {
  const proxy = await startedProxy({ answerLimitMs: 500 })
  await proxy.typeTogether(['0 say not now', '0 get chatLog never'])
  await expect(proxy.type('0 msg 1 held up')).rejects.toThrow(
    'node 0 did not answer get chatLog within 500 ms; said "not now"',
  )
})

test('an answer without a word in it is none', async () => {
  const proxy = await startedProxy({ answerLimitMs: 500 })
  await proxy.type('0 get chatLog')
  await expect(proxy.answered()).rejects.toThrow('said "chatLog "')
  expect(proxy.output).toEqual([])
})

test('several lines arrive as one segment', async () => {
  const proxy = await startedProxy()
  await proxy.typeTogether(['0 msg 1 Alice', '0 msg 2 Bob'])
  await segmentsBecome(0, ['msg 1 Alice\nmsg 2 Bob\n'])
})

test('one line arrives in several segments, cut through a character', async () => {
  const proxy = await startedProxy()
  await proxy.typeInPieces('0 msg 1 ü', 11)
  expect(await proxy.chatLog(0)).toBe('ü')
  // The number depends on the speed of reading; all in one would mean that nothing was cut.
  const first = facts(0).find((fact) => fact.segment !== undefined)
  expect(first?.segment).not.toContain('\n')
})

test('a crashed node stays in the table, and a reset one goes', async () => {
  const proxy = await startedProxy()
  await start(proxy, 1)
  const [crashing] = proxy.children
  const crashed = crashing ? once(crashing, 'exit') : Promise.reject(new Error('no process'))
  await proxy.type('0 crash')
  await crashed
  expect(proxy.connected).toEqual([0, 1])
  await proxy.type('1 reset')
  await untilTrue(() => proxy.connected.length === 1)
  expect(proxy.connected).toEqual([0])
})

test('a crashed node is started again after two more seconds', async () => {
  const proxy = await startedProxy()
  await proxy.type('0 msg 1 forgotten')
  await proxy.type('0 crash')
  const before = performance.now()
  await start(proxy, 0)
  expect(performance.now() - before).toBeGreaterThan(2900)
  await proxy.type('0 msg 1 new')
  expect(await proxy.chatLog(0)).toBe('new')
})

test('exit waits for the answer, closes, and runs stopall', async () => {
  const proxy = await startedProxy()
  await proxy.type('0 get chatLog later')
  await proxy.type('exit')
  expect(proxy.output).toEqual(['late'])
  expect(proxy.connected).toEqual([])
  expect(readFileSync(join(directory, 'stopped'), 'utf8')).toBe('stopped\n')
  await expect(proxy.type('0 msg 1 more')).rejects.toThrow('has exited')
})

test('without input, it exits by itself', async () => {
  newProxy({ speed: 100 })
  await untilTrue(() => existsSync(join(directory, 'stopped')))
})

test('cleaning up ends every process that was started, and only those', async () => {
  const proxy = await startedProxy()
  const other = newProxy()
  await start(other, 1)
  await proxy.cleanUp()
  expect(proxy.children.map((child) => child.signalCode)).toEqual(['SIGKILL'])
  await other.type('1 msg 1 still here')
  expect(await other.chatLog(1)).toBe('still here')
})

interface Fact {
  readonly started?: readonly string[]
  readonly out?: string
  readonly err?: string
  readonly segment?: string
  readonly at?: number
}

function facts(id: number): Fact[] {
  const lines = readFileSync(join(directory, `facts-${id}`), 'utf8')
    .trimEnd()
    .split('\n')
  return lines.map((line): Fact => JSON.parse(line))
}

async function segmentsBecome(id: number, expected: readonly string[]): Promise<void> {
  const segments = () => facts(id).flatMap((fact) => fact.segment ?? [])
  await untilTrue(() => segments().join('').length >= expected.join('').length)
  expect(segments()).toEqual(expected)
}

async function untilTrue(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10)
}
