/** Tests a node on a system that sends small datagrams only, as macOS does by default. */
import { expect, onTestFinished, test } from 'vitest'
import { MAX_DATAGRAM_BYTES, MAX_SEAL_BYTES } from '../../shared/gossip/limits.ts'
import { DEFAULTS } from '../../shared/gossip/settings.ts'
import type { NodeReport } from '../../shared/model/event.ts'
import { GossipNode } from '../../shared/node/gossip-node.ts'
import { NO_FAULTS } from '../../shared/node/node-faults.ts'
import { connectTo, type Peer, peerOn } from '../test-support/peers.ts'
import { freePorts } from '../test-support/ports.ts'
import { machine } from './machine.ts'
import { openUdp } from './udp.ts'

const MOST = 9_216
const BIG = 'x'.repeat(10_240)

/** The node runs in this process, with a foreign program on each side. */
async function nodeBetween(systemSends = MOST) {
  const { udp, tcp } = await freePorts(3)
  const [left, right] = await Promise.all([peerOn(udp), peerOn(udp + 2)])
  const reports: NodeReport[] = []
  const node = new GossipNode({
    id: 1,
    rootId: udp,
    port: udp + 1,
    seed: 1,
    generation: 0,
    generationIs: 'counted',
    neighbours: [udp, udp + 2],
    settings: DEFAULTS,
    linkDelayMs: 0,
    faults: NO_FAULTS,
    platform: { ...machine, openUdp: (udp) => openUdp(udp, systemSends) },
    deliver: (batch, done) => {
      reports.push(...batch)
      done()
    },
    onCrash: () => {},
  })
  onTestFinished(() => void node.carryOut('crash'))
  await node.start([tcp])
  const ofType = <Type extends NodeReport['type']>(type: Type) =>
    reports.filter((report): report is Extract<NodeReport, { type: Type }> => report.type === type)
  return { node, left, right, port: udp + 1, tcp, ofType }
}

/** Resolves when the node has read all earlier datagrams. */
async function untilRead(port: number, peer: Peer) {
  await peer.send(port, `status:${peer.port}:{9:1}`)
  await peer.next((datagram) => datagram.startsWith(`status:${port}:{9:0`))
}

test('the system’s limit is measured, to the byte', async () => {
  const { udp: port } = await freePorts(1)
  const quiet = { port, onDatagram: () => expect.fail('a probe is no datagram'), onError: () => {} }
  for (const systemSends of [undefined, 1_472, MOST, 65_506, 100_000]) {
    const udp = await openUdp(quiet, systemSends)
    expect(await udp.measure()).toBe(Math.min(systemSends ?? MAX_DATAGRAM_BYTES, MAX_DATAGRAM_BYTES))
    udp.close()
  }
})

test('a typed text that cannot leave is refused with the limit, and the next one goes out', async () => {
  const { node, right, tcp, port, ofType } = await nodeBetween()
  const why = 'the text cannot be sent: 10,276 bytes, this system sends at most 9,216'
  expect(node.carryOut(`msg 1 ${BIG}`)).toEqual({ lines: [], why })
  const client = await connectTo(tcp)
  client.send(`msg 1 ${BIG}\nmsg 2 next\n`)
  expect(await client.chatLog()).toBe('next')
  expect(await right.next((datagram) => datagram.startsWith('rumor'))).toBe(`rumor:${port}:{next,${port},0}`)
  await expect.poll(() => ofType('line-refused').map((report) => report.why)).toEqual([why])
})

test('a foreign message that cannot leave is stored, reported once, and delays no other message', async () => {
  const { left, right, port, tcp, ofType } = await nodeBetween()
  for (const [seq, text] of [BIG, 'behind'].entries())
    await left.send(port, `rumor:${left.port}:{${text},${left.port},${seq}}`)
  await left.send(port, `rumor:${left.port}:{of another,7,0}`)
  expect(await right.next((datagram) => datagram.startsWith('rumor'))).toBe(`rumor:${port}:{of another,7,0}`)
  for (let time = 0; time < 3; time += 1) await right.send(port, `status:${right.port}:{${left.port}:0,7:1}`)
  await untilRead(port, right)
  expect(await (await connectTo(tcp)).chatLog()).toBe(`of another,${BIG},behind`)
  await expect
    .poll(() => ofType('oversized'))
    .toEqual([
      expect.objectContaining({
        origin: left.port,
        seq: 0,
        bytes: `rumor:${port}:{${BIG},${left.port},0}`.length,
        most: MOST,
      }),
    ])
  const rumors = ofType('sent').filter(({ to, content }) => to === right.port && content.kind === 'rumor')
  expect(rumors).toHaveLength(1)
  expect(ofType('rejected')).toEqual([])
})

test('with a key there is room for the seal', async () => {
  const { node } = await nodeBetween()
  const text = 'x'.repeat(MOST - 36 - MAX_SEAL_BYTES)
  await node.shareKey('a key of some length')
  expect(node.carryOut(`msg 1 ${text}`).why).toBeUndefined()
  expect(node.carryOut(`msg 1 ${text}x`).why).toMatch(/at most 9,096$/)
  await node.shareKey(undefined)
  expect(node.carryOut(`msg 1 ${text}x`).why).toBeUndefined()
})
