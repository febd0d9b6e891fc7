/** Tests standalone nodes that have forgotten their generation: real processes, real UDP. */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { originOf } from '../../shared/gossip/origin.ts'
import { sealOf } from '../../shared/node/seal.ts'
import { KEY_VARIABLE } from '../platform/node-link.ts'
import { connectTo, type LineClient, peerOn } from '../test-support/peers.ts'
import { BUNDLE, environment, ROOT, start } from '../test-support/processes.ts'
import { runtimeOfTest } from '../test-support/runtime.ts'
import { type Line, lineOf } from '../test-support/standalone.ts'
import { machine } from './machine.ts'

/** Node 0 of a line of two, in a runtime folder that may differ from that of node 1. */
async function nodeZero({ tcp, udp }: Line, runtime: string) {
  const env = environment(runtime, udp, { RUMORSCOPE_SEED: '1' })
  const node = start(process.execPath, [BUNDLE, '0', '2', `${tcp}`], { env })
  await node.firstLine
  return node
}

const forget = (runtime: string, udp: number) => rmSync(join(runtime, `generation-${udp}`))

async function untilHolds(client: LineClient, log: string) {
  for (;;) if ((await client.chatLog()) === log) return
}

describe('a node that was killed and has forgotten its generation', () => {
  test.each([
    [
      'its file is gone',
      async ({ udp }: Line, runtime: string) => {
        forget(runtime, udp)
        return runtime
      },
    ],
    ['it starts in another runtime folder', () => runtimeOfTest()],
    [
      'stopall has cleared the folder, which is not that of its neighbour',
      async ({ udp }: Line, runtime: string) => {
        const stopall = start(join(ROOT, 'bin/stopall'), [], { env: environment(runtime, udp) })
        expect((await stopall.ended).code).toBe(0)
        return runtime
      },
    ],
  ])('learns it from its neighbour, takes the next one, and both agree: %s', async (_, lose) => {
    const line = await lineOf(2)
    const runtime = await runtimeOfTest()
    const [first] = await Promise.all([nodeZero(line, runtime), line.node(1)])
    const before = await connectTo(line.tcp)
    const neighbour = await connectTo(line.tcp + 1)
    before.send('msg 1 first\nmsg 2 second\n')
    await untilHolds(neighbour, 'first,second')
    first.child.kill('SIGKILL')
    await first.ended
    const later = await lose(line, runtime)
    const second = await nodeZero(line, later)
    const after = await connectTo(line.tcp)
    after.send('msg 1 new\n')
    // One number, one text: the logs are in the order of generations, and the new text is in a later one.
    for (const client of [after, neighbour]) await untilHolds(client, 'first,second,new')
    expect(readFileSync(join(later, `generation-${line.udp}`), 'utf8')).toBe('000002\n')
    second.child.kill('SIGKILL')
    expect((await second.ended).stderr).toBe(
      `process: port ${line.udp + 1} knows a generation of this node that it has lost; the node continues in generation 1\n`,
    )
  })

  test('sends its earlier messages again, also when its neighbour has as many', async () => {
    const line = await lineOf(2)
    const [first] = await Promise.all([line.node(0), line.node(1)])
    const neighbour = await connectTo(line.tcp + 1)
    ;(await connectTo(line.tcp)).send('msg 1 old\n')
    await untilHolds(neighbour, 'old')
    first.child.kill('SIGKILL')
    await first.ended
    forget(line.runtime, line.udp)
    await line.node(0)
    const after = await connectTo(line.tcp)
    after.send('msg 1 new\n')
    for (const client of [after, neighbour]) await untilHolds(client, 'old,new')
  })
})

describe('a node that has forgotten nothing', () => {
  /** Node 0 of a line, and its status once it has read all earlier datagrams. */
  async function alone(more: NodeJS.ProcessEnv = {}) {
    const line = await lineOf(2, more)
    const [neighbour, stranger] = await Promise.all([peerOn(line.udp + 1), peerOn()])
    await line.node(0)
    const origins = async (close = (text: string): string | Uint8Array => text) => {
      await neighbour.send(line.udp, close(`status:${neighbour.port}:{7:1}`))
      return neighbour.next((datagram) => /[{,]7:0,/.test(datagram))
    }
    return { line, neighbour, stranger, origins }
  }
  const claims = (from: number, udp: number) => [
    `status:${from}:{${udp}:3}`,
    `status:${from}:{${originOf(udp, 4)}:1}`,
    `rumor:${from}:{forged,${udp},0}`,
    `rumor:${from}:{forged,${originOf(udp, 1)},0}`,
  ]

  test('does not believe a stranger', async () => {
    const { line, stranger, origins } = await alone()
    for (const claim of claims(stranger.port, line.udp)) await stranger.send(line.udp, claim)
    expect(await origins()).toBe(`status:${line.udp}:{7:0,${line.udp}:0}`)
  })

  test('believes a neighbour once, however many lives the neighbour makes up', async () => {
    const { line, neighbour, origins } = await alone()
    for (let generation = 1; generation <= 50; generation += 1)
      await neighbour.send(line.udp, `status:${neighbour.port}:{${originOf(line.udp, generation)}:1}`)
    // It asks for the life that it believes in too, in the same status or in one before.
    expect(await origins()).toMatch(new RegExp(`:{(${originOf(line.udp, 1)}:0,)?7:0,${originOf(line.udp, 2)}:0}$`))
  })

  test('with a shared key, believes only owners of the key', async () => {
    const key = 'what the nodes of this test share'
    const { line, neighbour, origins } = await alone({ [KEY_VARIABLE]: key })
    const seal = await sealOf(key, neighbour.port, machine)
    const other = await sealOf('some other key', neighbour.port, machine)
    const close = (text: string) => seal.close(Buffer.from(text), line.udp)
    for (const claim of claims(neighbour.port, line.udp))
      for (const bytes of [claim, other.close(Buffer.from(claim), line.udp)]) await neighbour.send(line.udp, bytes)
    expect(await origins(close)).toMatch(`{7:0,${line.udp}:0}`)
    await neighbour.send(line.udp, close(`status:${neighbour.port}:{${line.udp}:3}`))
    await neighbour.next((datagram) => datagram.includes(`{${originOf(line.udp, 1)}:0`))
  })
})
