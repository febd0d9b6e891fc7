import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EXIT } from '../platform/node-link.ts'
import { connectTo, type Peer, peerOn } from '../test-support/peers.ts'
import { type Line, lineOf } from '../test-support/standalone.ts'

/** One node, and a foreign program in the place of its neighbour. */
async function nodeAndNeighbour(): Promise<{ line: Line; neighbour: Peer }> {
  const line = await lineOf(2)
  const neighbour = await peerOn(line.udp + 1)
  await line.node(0)
  return { line, neighbour }
}

/** Resolves when the node has read all earlier datagrams. */
async function untilRead({ udp }: Line, peer: Peer) {
  await peer.send(udp, `status:${peer.port}:{7:1}`)
  await peer.next((datagram) => datagram.startsWith('status:'))
}

describe('a node', () => {
  test('greets its neighbour at start with a status that names itself', async () => {
    const { line, neighbour } = await nodeAndNeighbour()
    expect(await neighbour.next()).toBe(`status:${line.udp}:{${line.udp}:0}`)
  })

  test("sends a plain message in the report's bytes, numbered from 0", async () => {
    const { line, neighbour } = await nodeAndNeighbour()
    const client = await connectTo(line.tcp)
    client.send('msg 9 Lexi\nmsg 9 my528\n')
    expect(await neighbour.next((datagram) => datagram.startsWith('rumor'))).toBe(
      `rumor:${line.udp}:{Lexi,${line.udp},0}`,
    )
    expect(await neighbour.next((datagram) => datagram.includes('my528'))).toBe(
      `rumor:${line.udp}:{my528,${line.udp},1}`,
    )
  })

  test('answers to the port named inside a datagram, not to the one it came from', async () => {
    const { line, neighbour } = await nodeAndNeighbour()
    const throwAway = await peerOn()
    await throwAway.send(line.udp, `rumor:${neighbour.port}:{Sophie,${neighbour.port},0}`)
    expect(await neighbour.next((datagram) => datagram.includes(`${neighbour.port}:1`))).toBe(
      `status:${line.udp}:{${neighbour.port}:1,${line.udp}:0}`,
    )
    const client = await connectTo(line.tcp)
    expect(await client.chatLog()).toBe('Sophie')
  })

  test('stores a rumor once, however often it comes', async () => {
    const { line, neighbour } = await nodeAndNeighbour()
    for (let time = 0; time < 5; time += 1)
      await neighbour.send(line.udp, `rumor:${neighbour.port}:{once,${neighbour.port},0}`)
    await untilRead(line, neighbour)
    expect(await (await connectTo(line.tcp)).chatLog()).toBe('once')
  })

  test('refuses a forged rumor of its own; lost-life.test.ts tests evidence from its neighbour', async () => {
    const { line, neighbour } = await nodeAndNeighbour()
    const stranger = await peerOn()
    await neighbour.send(line.udp, `rumor:${stranger.port}:{I never said that,${line.udp},0}`)
    await neighbour.send(line.udp, `rumor:${line.udp}:{nor that,${line.udp},0}`)
    await untilRead(line, neighbour)
    const client = await connectTo(line.tcp)
    expect(await client.chatLog()).toBe('<empty>')
    client.send('msg 1 but this\n')
    expect(await client.chatLog()).toBe('but this')
  })
})

const MALFORMED = [
  '',
  'hello',
  '__proto__',
  'rumor',
  'rumor:__proto__:{__proto__,__proto__,__proto__}',
  'rumor:40001:{text,40001}',
  'rumor:0:{text,40001,0}',
  'rumor:65536:{text,40001,0}',
  'rumor:40001:{text,40001,-1}',
  'rumor:40001:{text,40001,99999999999}',
  'rumor:40001:{text,0,0}',
  'rumor:40001:{text,40001,0}}',
  'status:40001:{__proto__:1}',
  'status:40001:{40001:1,40001:2}',
  'status:40001:{40001:1,}',
  'status:40001:{40001}',
  `rumor:40001:{${'x'.repeat(65_400)},40001,0}`,
  'x'.repeat(65_507),
]

test('no malformed datagram is stored, answered or deadly', async () => {
  const { line, neighbour } = await nodeAndNeighbour()
  const stranger = await peerOn()
  for (const datagram of MALFORMED) await stranger.send(line.udp, datagram)
  await untilRead(line, neighbour)
  const client = await connectTo(line.tcp)
  expect(await client.chatLog()).toBe('<empty>')
})

test('random bytes, and bytes that are nearly a datagram, do no harm', async () => {
  const { line, neighbour } = await nodeAndNeighbour()
  const part = fc.constantFrom(
    'rumor:',
    'status:',
    `${neighbour.port}`,
    ':{',
    ',',
    ':',
    '}',
    '%2C',
    '__proto__',
    '0',
    '\0',
  )
  const nearly = fc.array(part, { maxLength: 12 }).map((parts) => Buffer.from(parts.join('')))
  const datagrams = fc.sample(fc.oneof(nearly, fc.uint8Array({ maxLength: 2_000 })), { numRuns: 500, seed: 5 })
  for (const datagram of datagrams) await neighbour.send(line.udp, datagram)
  await untilRead(line, neighbour)
  const client = await connectTo(line.tcp)
  client.send('msg 1 alive\n')
  expect(await client.chatLog()).toContain('alive')
})

describe('generations', () => {
  test('a node that comes back is another origin: its port plus 65536 for each start before', async () => {
    const { line, neighbour } = await nodeAndNeighbour()
    for (const generation of [0, 1, 2]) {
      if (generation > 0) await line.node(0)
      const client = await connectTo(line.tcp)
      client.send(`msg 1 life ${generation}\ncrash\n`)
      const origin = line.udp + 65_536 * generation
      expect(await neighbour.next((datagram) => datagram.includes(`life ${generation}`))).toBe(
        `rumor:${line.udp}:{life ${generation},${origin},0}`,
      )
      await client.closed
    }
  })

  test('so a message of its next life never replaces one of the last', async () => {
    const line = await lineOf(2)
    const [first] = await Promise.all([line.node(0), line.node(1)])
    const [client, other] = await Promise.all([connectTo(line.tcp), connectTo(line.tcp + 1)])
    client.send('msg 1 before\ncrash\n')
    expect((await first.ended).code).toBe(EXIT.crashed)
    await line.node(0)
    const again = await connectTo(line.tcp)
    again.send('msg 1 after\n')
    for (const reader of [again, other]) {
      let log = ''
      while (log.split(',').length < 2) log = await reader.chatLog()
      expect(log).toBe('before,after')
    }
  })
})
