import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { chmodSync, openSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { EXIT } from '../platform/node-link.ts'
import { handoffSocket } from '../platform/runtime/handoff.ts'
import { connectTo, type LineClient } from '../test-support/peers.ts'
import { freePorts } from '../test-support/ports.ts'
import { BUNDLE, environment, start } from '../test-support/processes.ts'
import { folderOfTest, runtimeOfTest } from '../test-support/runtime.ts'
import { lineOf } from '../test-support/standalone.ts'

/** Asks until the node has this log: gossip has no guaranteed duration. */
async function chatLogOf(client: LineClient, count: number): Promise<string> {
  for (;;) {
    const log = await client.chatLog()
    if (count === 0 || (log !== '<empty>' && log.split(',').length >= count)) return log
  }
}

describe('a port in use', () => {
  const HOST = '127.0.0.1'

  test('for TCP is named, with a way out, and the process exits with 1', async () => {
    const line = await lineOf(1)
    const taken = createServer().listen(line.tcp, HOST)
    onTestFinished(() => void taken.close())
    await once(taken, 'listening')
    const env = environment(line.runtime, line.udp)
    const { code, stderr } = await start(process.execPath, [BUNDLE, '0', '1', `${line.tcp}`], { env }).ended
    expect(code).toBe(EXIT.failed)
    expect(stderr).toBe(
      `process: TCP port ${line.tcp} is in use; ./stopall ends nodes that are left over, or choose another port\n`,
    )
  })

  test('for UDP is named, with a way out, and the process exits with 1', async () => {
    const line = await lineOf(1)
    const taken = createSocket('udp4').bind(line.udp, HOST)
    onTestFinished(() => void taken.close())
    await once(taken, 'listening')
    const env = environment(line.runtime, line.udp)
    const { code, stderr } = await start(process.execPath, [BUNDLE, '0', '1', `${line.tcp}`], { env }).ended
    expect(code).toBe(EXIT.failed)
    expect(stderr).toBe(
      `process: UDP port ${line.udp} is in use; end the program that uses it (./stopall ends nodes that are left over), or choose other ports for all nodes\n`,
    )
  })
})

test('a runtime directory that cannot be made is a line on stderr, not a stack', async () => {
  const { tcp, udp } = await freePorts(1)
  const env = environment('/dev/null/rumorscope', udp)
  const { code, stderr } = await start(process.execPath, [BUNDLE, '0', '1', `${tcp}`], { env }).ended
  expect(code).toBe(EXIT.failed)
  expect(stderr).toMatch(/^process: .*\/dev\/null\/rumorscope.*\n$/)
})

test('a runtime folder that others can write to is refused in one line, and no lab in it is asked', async () => {
  const [{ tcp, udp }, runtime] = await Promise.all([freePorts(1), runtimeOfTest()])
  const impostor = createServer((socket) => socket.end('{"type":"running"}\n')).listen(handoffSocket(runtime))
  onTestFinished(() => void impostor.close())
  await once(impostor, 'listening')
  chmodSync(runtime, 0o777)
  const env = environment(runtime, udp)
  const { code, stderr } = await start(process.execPath, [BUNDLE, '0', '1', `${tcp}`], { env }).ended
  expect(code).toBe(EXIT.failed)
  expect(stderr).toMatch(/^process: .* is open to other users .*\n$/)
})

test('a missing session folder is reported, and the node runs', async () => {
  const { tcp, udp } = await freePorts(1)
  const { RUMORSCOPE_RUNTIME: _, ...env } = environment('', udp)
  const TMPDIR = await folderOfTest()
  const gone = join(TMPDIR, 'gone')
  const node = start(process.execPath, [BUNDLE, '0', '1', `${tcp}`], {
    env: { ...env, XDG_RUNTIME_DIR: gone, TMPDIR },
  })
  await node.firstLine
  node.child.kill()
  const [said = '', rest] = (await node.ended).stderr.split('; using ')
  expect(said).toBe(`process: XDG_RUNTIME_DIR is ${gone}, which does not exist`)
  expect(rest).toMatch(/^.+\n$/)
  expect(readdirSync(TMPDIR)).toHaveLength(1)
})

test('a node with read-only stdout and stderr lives and answers', async () => {
  const runtime = await runtimeOfTest()
  const { tcp, udp } = await freePorts(1)
  const readOnly = openSync('/dev/null', 'r')
  const { child, ended } = start(process.execPath, [BUNDLE, '0', '1', `${tcp}`], {
    env: environment(runtime, udp),
    stdio: ['ignore', readOnly, readOnly],
  })
  const client = await connectWhenItListens(tcp)
  client.send('nonsense\nmsg 1 hello\n')
  expect(await client.chatLog()).toBe('hello')
  expect(child.exitCode).toBeNull()
  client.send('crash\n')
  expect((await ended).code).toBe(EXIT.crashed)
})

async function connectWhenItListens(port: number): Promise<LineClient> {
  for (;;) {
    try {
      return await connectTo(port)
    } catch {
      // It still starts, and has no stdout to report when it is ready.
    }
  }
}

describe('the line interface', () => {
  test('answers <empty> while there is no message', async () => {
    const line = await lineOf(1)
    await line.node(0)
    const client = await connectTo(line.tcp)
    client.send('get chatLog\n')
    expect(await client.line()).toBe('chatLog <empty>')
  })

  test('takes several clients, and one that leaves disturbs no other', async () => {
    const line = await lineOf(1)
    await line.node(0)
    const first = await connectTo(line.tcp)
    first.send('msg 1 from the first\n')
    expect(await first.chatLog()).toBe('from the first')
    first.socket.end()
    const second = await connectTo(line.tcp)
    second.send('msg 1 half a line')
    second.socket.resetAndDestroy()
    const third = await connectTo(line.tcp)
    expect(await third.chatLog()).toBe('from the first')
  })

  test('ignores unknown words, and the connection stays', async () => {
    const line = await lineOf(1)
    await line.node(0)
    const client = await connectTo(line.tcp)
    client.send('hello?\n\nget\nget lost\nmsg\nmsg 1\nmsg 1 \nstart 4 20000\nexit\nmsg 1 hello\n')
    client.send(Uint8Array.of(0xc3, 0x28, 10))
    expect(await client.chatLog()).toBe('hello')
  })

  test('returns texts verbatim, except for characters that would break the line or its split at commas', async () => {
    const line = await lineOf(2)
    await Promise.all([line.node(0), line.node(1)])
    const [client, reader] = await Promise.all([connectTo(line.tcp), connectTo(line.tcp + 1)])
    client.send('msg 1 a, 100% {b}: c  d \nmsg 2 żółć 🦜\nmsg 3 tab\tand\rreturn\n')
    const log = 'a%2C 100%25 {b}: c  d ,żółć 🦜,tab%09and%0Dreturn'
    expect(await client.chatLog()).toBe(log)
    expect(await chatLogOf(reader, 3)).toBe(log)
    expect(log.split(',').map(decodeURIComponent)).toEqual(['a, 100% {b}: c  d ', 'żółć 🦜', 'tab\tand\rreturn'])
  })

  test('returns the same line on every node with the same messages', async () => {
    const line = await lineOf(4)
    await Promise.all([0, 1, 2, 3].map(line.node))
    const clients = await Promise.all([0, 1, 2, 3].map((id) => connectTo(line.tcp + id)))
    for (const [id, client] of clients.entries()) client.send(`msg 1 ${id}a\nmsg 2 ${id}b\n`)
    const logs = await Promise.all(clients.map((client) => chatLogOf(client, 8)))
    expect(logs).toEqual(Array(4).fill('0a,1a,2a,3a,0b,1b,2b,3b'))
  })

  test('serves a node with an id beyond those of a lab', async () => {
    const line = await lineOf(1)
    const { udp } = await freePorts(1)
    const env = environment(line.runtime, udp - 100)
    const node = start(process.execPath, [BUNDLE, '100', '101', `${line.tcp}`], { env })
    await node.firstLine
    const client = await connectTo(line.tcp)
    client.send('msg 1 hello\n')
    expect(await client.chatLog()).toBe('hello')
  })
})

describe('crash', () => {
  test.each(['crash', 'crashXXX', 'crash now'])('is the meaning of %s', async (word) => {
    const line = await lineOf(1)
    const { ended } = await line.node(0)
    const client = await connectTo(line.tcp)
    client.send(`${word}\n`)
    expect((await ended).code).toBe(EXIT.crashed)
    await client.closed
  })

  test('comes after earlier lines of the same segment, datagrams included', async () => {
    const line = await lineOf(2)
    const [first] = await Promise.all([line.node(0), line.node(1)])
    const [client, survivor] = await Promise.all([connectTo(line.tcp), connectTo(line.tcp + 1)])
    // More than a neighbour gets before its first acknowledgement.
    const texts = Array.from({ length: 300 }, (_, index) => `last word ${index}`)
    client.send(`${texts.map((text) => `msg 1 ${text}\n`).join('')}crash\nmsg 2 too late\n`)
    expect((await first.ended).code).toBe(EXIT.crashed)
    expect(await chatLogOf(survivor, 300)).toBe(texts.join(','))
  })
})

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s ends a node normally', async (signal) => {
  const line = await lineOf(1)
  const { child, ended } = await line.node(0)
  child.kill(signal)
  expect((await ended).code).toBe(EXIT.ok)
})
