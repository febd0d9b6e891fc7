/** Tests the shared key between real processes. */
import { describe, expect, test } from 'vitest'
import { type Seal, sealOf } from '../../shared/node/seal.ts'
import { EXIT, KEY_VARIABLE } from '../platform/node-link.ts'
import { connectTo, type Peer, peerOn } from '../test-support/peers.ts'
import { BUNDLE, environment, start } from '../test-support/processes.ts'
import { type Line, lineOf } from '../test-support/standalone.ts'
import { machine } from './machine.ts'

const KEY = 'what the nodes of this test share'
const KEYED = { [KEY_VARIABLE]: KEY }

/** A program with the key in the place of node 1, beside a node 0 with the key. */
async function insider(): Promise<{ line: Line; peer: Peer; seal: Seal }> {
  const line = await lineOf(3, KEYED)
  const peer = await peerOn(line.udp + 1)
  const seal = await sealOf(KEY, peer.port, machine)
  await line.node(0)
  return { line, peer, seal }
}

const rumorOf = ({ udp }: Line, text: string) => Buffer.from(`rumor:${udp + 1}:{${text},${udp + 1},0}`)

/** Resolves when node 0 has read all earlier datagrams. */
async function untilRead({ udp }: Line, peer: Peer, seal: Seal, origin: number) {
  await peer.send(udp, seal.close(Buffer.from(`status:${peer.port}:{${origin}:1}`), udp))
  await peer.next((datagram) => datagram.startsWith('status:') && datagram.includes(`{${origin}:0`))
}

async function untilHolds(tcp: number, count: number): Promise<string> {
  const client = await connectTo(tcp)
  for (;;) {
    const log = await client.chatLog()
    if (log !== '<empty>' && log.split(',').length >= count) return log
  }
}

test('nodes with one key gossip, also after a restart', async () => {
  const line = await lineOf(3, KEYED)
  const [, second] = await Promise.all([0, 1, 2].map((id) => line.node(id)))
  ;(await connectTo(line.tcp)).send('msg 1 hello\n')
  expect(await untilHolds(line.tcp + 2, 1)).toBe('hello')
  second?.child.kill('SIGKILL')
  await second?.ended
  await line.node(1)
  expect(await untilHolds(line.tcp + 1, 1)).toBe('hello')
  ;(await connectTo(line.tcp + 1)).send('msg 1 again\n')
  for (const tcp of [line.tcp, line.tcp + 2]) expect(await untilHolds(tcp, 2)).toBe('hello,again')
})

test('a keyed node sends the report’s text with a seal behind it, and nothing else', async () => {
  const { line, peer } = await insider()
  expect(await peer.next()).toMatch(
    new RegExp(`^status:${line.udp}:{${line.udp}:0};${line.udp};\\d+;1;\\d+;[\\w-]{22}$`),
  )
})

describe('a keyed node accepts no datagram', () => {
  test('without a seal, or with one of another key, or in the name of another sender', async () => {
    const { line, peer, seal } = await insider()
    const stranger = await peerOn()
    const text = rumorOf(line, 'forged')
    for (const from of [stranger, peer]) {
      await from.send(line.udp, text)
      await from.send(line.udp, (await sealOf('some other key', peer.port, machine)).close(Buffer.from(text), line.udp))
      await from.send(line.udp, (await sealOf(KEY, stranger.port, machine)).close(Buffer.from(text), line.udp))
    }
    await untilRead(line, peer, seal, 7)
    const client = await connectTo(line.tcp)
    expect(await client.chatLog()).toBe('<empty>')
    await peer.send(line.udp, seal.close(text, line.udp))
    expect(await untilHolds(line.tcp, 1)).toBe('forged')
  })

  test('that was recorded: neither in the same life nor in the next, nor on its way to another node', async () => {
    const { line, peer, seal } = await insider()
    const recorded = seal.close(rumorOf(line, 'recorded'), line.udp)
    await peer.send(line.udp, recorded)
    const client = await connectTo(line.tcp)
    expect(await untilHolds(line.tcp, 1)).toBe('recorded')
    client.send('crash\n')
    await client.closed
    await line.node(0)
    await line.node(2)
    await (await peerOn()).send(line.udp, recorded)
    await (await peerOn()).send(line.udp + 2, recorded)
    await untilRead(line, peer, seal, 7)
    expect(await (await connectTo(line.tcp)).chatLog()).toBe('<empty>')
    expect(await (await connectTo(line.tcp + 2)).chatLog()).toBe('<empty>')
  })

  test('of an earlier life of its neighbour, once it has heard the later one', async () => {
    const { line, peer, seal: earlier } = await insider()
    const kept = earlier.close(rumorOf(line, 'late'), line.udp)
    await new Promise((resolve) => setTimeout(resolve, 2))
    const later = await sealOf(KEY, peer.port, machine)
    await untilRead(line, peer, later, 7)
    await peer.send(line.udp, kept)
    await untilRead(line, peer, later, 8)
    expect(await (await connectTo(line.tcp)).chatLog()).toBe('<empty>')
  })
})

test('a node without a key rejects datagrams of one with a key', async () => {
  const line = await lineOf(2)
  const peer = await peerOn(line.udp + 1)
  await line.node(0)
  await peer.send(line.udp, (await sealOf(KEY, peer.port, machine)).close(rumorOf(line, 'sealed'), line.udp))
  await peer.send(line.udp, `status:${peer.port}:{7:1}`)
  expect(await peer.next((datagram) => datagram.includes('{7:0'))).toBe(`status:${line.udp}:{7:0,${line.udp}:0}`)
  expect(await (await connectTo(line.tcp)).chatLog()).toBe('<empty>')
})

test('a key that is too short is refused in a line that does not repeat it', async () => {
  const line = await lineOf(1)
  const env = environment(line.runtime, line.udp, { [KEY_VARIABLE]: 'qwertz' })
  const { code, stderr } = await start(process.execPath, [BUNDLE, '0', '1', `${line.tcp}`], { env }).ended
  expect(code).toBe(EXIT.usage)
  expect(stderr).toMatch(/^process: RUMORSCOPE_KEY is shorter than \d+ characters\n$/)
})
