/**
 * A table of sentences that every kind of host must satisfy. A new kind of host needs one more line in
 * server/test-support/hosts.ts. It declares its missing abilities in `can`, and their sentences are then empty.
 */
import { describe, expect, test } from 'vitest'
import { originOf } from '../../shared/gossip/origin.ts'
import { NodeEnded } from '../../shared/lab/node-host.ts'
import { HEALTHY, type LinkCondition } from '../../shared/model/fault.ts'
import { NO_FAULTS } from '../../shared/node/node-faults.ts'
import { HOSTS, type HostBench } from '../test-support/hosts.ts'
import { IMPATIENT, startNode, type WatchedNode } from '../test-support/watched-node.ts'

const KEY = 'k'.repeat(43)

/** Two neighbours that are ready. */
async function pair(bench: HostBench, changes: Parameters<typeof startNode>[2] = {}) {
  const nodes = [startNode(bench, 0, changes), startNode(bench, 1, changes)] as const
  await bench.during(Promise.all(nodes.map(({ handle }) => handle.ready)))
  return nodes
}

const portOf = ({ ports }: HostBench, id: number) => ports.udp + id

const textOf = (node: WatchedNode, text: string) => node.report('stored', (stored) => stored.text === text)

/** Sets this condition for the direction from node 0 to node 1, and no other. */
const way = (bench: HostBench, condition: Partial<LinkCondition>) => ({
  ...NO_FAULTS,
  to: { [portOf(bench, 1)]: { ...HEALTHY, ...condition } },
})

const chatLogOf = async ({ handle }: WatchedNode) => (await handle.chatLog()).replace('chatLog ', '').split(',').sort()

type Sentence = readonly [sentence: string, isKept: (bench: HostBench) => Promise<void>]

const STARTS: readonly Sentence[] = [
  [
    'a node that is ready listens on its ports and has said so',
    async (bench) => {
      const { udp, tcp } = bench.ports
      expect(await bench.host.sockets.isTaken(udp)).toBe(false)
      const node = startNode(bench, 0)
      await bench.during(node.handle.ready)
      expect(node.handle.tcp).toEqual([tcp])
      expect(await bench.host.sockets.isTaken(udp)).toBe(true)
      await node.report('listening')
      expect(node.ends).toEqual([])
    },
  ],
  [
    'ports that are taken are named before anything starts; the lab’s own count as free',
    async (bench) => {
      const { host, ports } = bench
      const network = { n: 3, basePort: ports.tcp, rootId: ports.udp }
      const none = { tcp: new Set<number>(), udp: new Set<number>() }
      expect(await host.whyTaken(network, none)).toBeUndefined()
      await bench.during(startNode(bench, 2).handle.ready)
      const why = await host.whyTaken(network, none)
      expect(why).toContain(`${ports.tcp + 2}`)
      expect(why).toContain(`${ports.udp + 2}`)
      const own = { tcp: new Set([ports.tcp + 2]), udp: new Set([ports.udp + 2]) }
      expect(await host.whyTaken(network, own)).toBeUndefined()
      await host.requireFree(ports.tcp + 1, ports.udp + 1)
      await expect(host.requireFree(ports.tcp + 2, ports.udp + 1)).rejects.toThrow(`${ports.tcp + 2}`)
      await expect(host.requireFree(ports.tcp + 1, ports.udp + 2)).rejects.toThrow(`${ports.udp + 2}`)
    },
  ],
  [
    'a node that cannot have its port is never ready and has failed, with the reason; the other one stays',
    async (bench) => {
      const first = startNode(bench, 0)
      await bench.during(first.handle.ready)
      const second = startNode(bench, 0, { tcp: [bench.ports.tcp + 1] })
      await expect(bench.during(second.handle.ready)).rejects.toThrow(`${bench.ports.udp}`)
      const end = await bench.during(second.handle.ended)
      expect(end).toMatchObject({ how: 'failed', why: expect.stringContaining(`${bench.ports.udp}`) })
      expect(second.ends).toEqual([end])
      await bench.during(first.handle.msg('1', 'still here'))
    },
  ],
  [
    'a node counts its messages in the generation that it was started in',
    async (bench) => {
      const node = startNode(bench, 0, { generation: 2 })
      await bench.during(node.handle.ready)
      await bench.during(node.handle.msg('1', 'hello'))
      const { origin, seq } = await textOf(node, 'hello')
      expect([origin, seq]).toEqual([originOf(bench.ports.udp, 2), 0])
    },
  ],
]

const GOSSIP: readonly Sentence[] = [
  [
    'a message is in the chat log of its node, and none is told as such',
    async (bench) => {
      const node = startNode(bench, 0)
      await bench.during(node.handle.ready)
      expect(await bench.during(node.handle.chatLog())).toBe('chatLog <empty>')
      await bench.during(node.handle.msg('1', 'one'))
      await bench.during(node.handle.msg('2', 'two'))
      expect(await bench.during(node.handle.chatLog())).toBe('chatLog one,two')
    },
  ],
  [
    'a message reaches the neighbour, and both ends report its way at times that fit',
    async (bench) => {
      const [a, b] = await pair(bench)
      const began = bench.now()
      await bench.during(a.handle.msg('1', 'hello'))
      const stored = await textOf(a, 'hello')
      const origin = originOf(portOf(bench, 0), 0)
      expect(stored).toMatchObject({ from: null, origin, seq: 0 })
      const there = await textOf(b, 'hello')
      expect(there).toMatchObject({ origin, seq: 0 })
      if (!a.handle.can.reports) return
      expect(there.from).toBe(portOf(bench, 0))
      const sent = await a.report('sent', ({ content }) => content.kind === 'rumor')
      const received = await b.report('received', ({ hash }) => hash === sent.hash)
      expect(sent).toMatchObject({ to: portOf(bench, 1), content: { origin, seq: 0 } })
      expect(received).toMatchObject({ from: portOf(bench, 0), bytes: sent.bytes })
      const times = [began, stored.at, sent.at, received.at, bench.now()]
      expect(times.toSorted((one, other) => one - other)).toEqual(times)
    },
  ],
  [
    'nodes gossip with the neighbours that they are configured with',
    async (bench) => {
      const [a, b] = await pair(bench, { neighbours: [] })
      if (!a.handle.can.neighbours) return
      await bench.during(a.handle.msg('1', 'before'))
      const settings = { settings: IMPATIENT, linkDelayMs: 0 }
      a.handle.configure({ ...settings, neighbours: [portOf(bench, 1)] })
      b.handle.configure({ ...settings, neighbours: [portOf(bench, 0)] })
      await bench.during(a.handle.msg('2', 'after'))
      await textOf(b, 'after')
    },
  ],
  [
    'a neighbour that comes up again gets what it lost',
    async (bench) => {
      const [a, b] = await pair(bench)
      await bench.during(a.handle.msg('1', 'hello'))
      await textOf(b, 'hello')
      await bench.during(b.handle.crash())
      const next = startNode(bench, 1, { generation: 1 })
      await bench.during(next.handle.ready)
      a.handle.neighbourUp(portOf(bench, 1), 1)
      await textOf(next, 'hello')
    },
  ],
  [
    'a node listens on a further port, and takes it back',
    async (bench) => {
      const { host, ports } = bench
      const node = startNode(bench, 0)
      await bench.during(node.handle.ready)
      await bench.during(node.handle.listen(ports.tcp + 2))
      await bench.during(node.handle.listen(ports.tcp + 2))
      expect(node.handle.tcp).toEqual([ports.tcp, ports.tcp + 2])
      await expect(host.requireFree(ports.tcp + 2, ports.udp + 2)).rejects.toThrow(`${ports.tcp + 2}`)
      await bench.during(node.handle.unlisten(ports.tcp + 2))
      expect(node.handle.tcp).toEqual([ports.tcp])
      await host.requireFree(ports.tcp + 2, ports.udp + 2)
    },
  ],
  [
    'a port that another node has is no further one',
    async (bench) => {
      const [a] = await pair(bench)
      await expect(bench.during(a.handle.listen(bench.ports.tcp + 1))).rejects.toThrow(`${bench.ports.tcp + 1}`)
      expect(a.handle.tcp).toEqual([bench.ports.tcp])
    },
  ],
  [
    'a node that gives signs of life has given them for some time',
    async (bench) => {
      const [a] = await pair(bench)
      const since = bench.now()
      await bench.during(a.handle.msg('1', 'hello'))
      // Without reports, an answer is the sign of life.
      await textOf(a, 'hello')
      expect(a.handle.responsiveFor(since)).toBeGreaterThanOrEqual(0)
      await bench.during(a.handle.stop())
    },
  ],
]

const FAULTS: readonly Sentence[] = [
  [
    'a cut is in force when `fail` resolves, and what is missing comes when it heals',
    async (bench) => {
      const [a, b] = await pair(bench)
      if (!a.handle.can.links.includes('cut')) return
      expect(await bench.during(a.handle.fail(way(bench, { cut: true })))).toBe(true)
      await bench.during(a.handle.msg('1', 'hello'))
      expect(await a.report('sent', ({ content }) => content.kind === 'rumor')).toMatchObject({ fate: 'cut' })
      expect(await bench.during(b.handle.chatLog())).toBe('chatLog <empty>')
      expect(await bench.during(a.handle.fail(NO_FAULTS))).toBe(true)
      await textOf(b, 'hello')
    },
  ],
  [
    'a fault that a node starts with is in force from the beginning, and so is one that comes while it starts',
    async (bench) => {
      const a = startNode(bench, 0, { faults: way(bench, { cut: true }) })
      const b = startNode(bench, 1)
      if (!a.handle.can.behaviours.includes('babble')) return
      await bench.during(b.handle.fail({ ...NO_FAULTS, behaviours: ['babble'] }))
      await bench.during(Promise.all([a.handle.ready, b.handle.ready]))
      await bench.during(a.handle.msg('1', 'hello'))
      expect(await a.report('sent')).toMatchObject({ fate: 'cut' })
      await b.report('sent', ({ why }) => why === 'babble')
    },
  ],
  [
    'a datagram on hold waits until it is released, once',
    async (bench) => {
      const [a, b] = await pair(bench)
      if (!a.handle.can.links.includes('hold')) return
      await bench.during(a.handle.fail({ ...way(bench, { hold: true }), timersHeld: true }))
      await bench.during(a.handle.msg('1', 'hello'))
      const held = await a.report('held', ({ content }) => content.kind === 'rumor')
      expect(await bench.during(b.handle.chatLog())).toBe('chatLog <empty>')
      await bench.during(a.handle.release(held.ticket, 'deliver'))
      await textOf(b, 'hello')
      expect(await a.report('sent', ({ ticket }) => ticket === held.ticket)).not.toHaveProperty('fate')
      const again = bench.during(a.handle.release(held.ticket, 'deliver'))
      await expect(again).rejects.toThrow('no longer held')
      await expect(again).rejects.not.toThrow(NodeEnded)
    },
  ],
  [
    'what is on hold goes with its sender',
    async (bench) => {
      const [a, b] = await pair(bench)
      if (!a.handle.can.links.includes('hold')) return
      await bench.during(a.handle.fail(way(bench, { hold: true })))
      await bench.during(a.handle.msg('1', 'held'))
      await a.report('held', ({ content }) => content.kind === 'rumor')
      await bench.during(a.handle.stop())
      const next = startNode(bench, 0, { generation: 1 })
      await bench.during(next.handle.ready)
      await bench.during(next.handle.msg('1', 'after'))
      await textOf(b, 'after')
      expect(await bench.during(chatLogOf(b))).toEqual(['after'])
    },
  ],
  [
    'a key is in force when `shareKey` resolves: what carries no seal is not taken',
    async (bench) => {
      const [a, b] = await pair(bench)
      if (!a.handle.can.key) return
      expect(await bench.during(b.handle.shareKey(KEY))).toBe(true)
      await bench.during(a.handle.msg('1', 'hello'))
      await b.report('rejected', ({ from }) => from === portOf(bench, 0))
      expect(await bench.during(b.handle.chatLog())).toBe('chatLog <empty>')
      expect(await bench.during(a.handle.shareKey(KEY))).toBe(true)
      await textOf(b, 'hello')
    },
  ],
  [
    'who has the key believes each life of a neighbour that has it, also one that begins at once',
    async (bench) => {
      const [a, b] = await pair(bench, { key: KEY })
      if (!a.handle.can.key) return
      await bench.during(b.handle.msg('1', 'first'))
      await bench.during(b.handle.crash())
      const next = startNode(bench, 1, { generation: 1, key: KEY })
      await bench.during(next.handle.ready)
      await bench.during(next.handle.msg('1', 'second'))
      expect(await textOf(a, 'second')).toMatchObject({ origin: originOf(portOf(bench, 1), 1) })
      expect(a.reports.filter(({ type }) => type === 'rejected')).toEqual([])
    },
  ],
]

const ENDS: readonly Sentence[] = [
  [
    'a crash ends a node, and what it did just before has been reported',
    async (bench) => {
      const [a, b] = await pair(bench)
      await bench.during(a.handle.msg('1', 'hello'))
      // Without reports, the chat log must have been read before.
      if (!a.handle.can.reports) await textOf(a, 'hello')
      expect(await bench.during(a.handle.crash())).toEqual({ how: 'crashed' })
      expect(a.ends).toEqual([{ how: 'crashed' }])
      await textOf(a, 'hello')
      await textOf(b, 'hello')
      expect(a.late()).toBe(0)
      expect(await bench.host.sockets.isTaken(bench.ports.udp)).toBe(false)
    },
  ],
  [
    'a node that crashes in grace takes nothing more, and ends',
    async (bench) => {
      const [a, b] = await pair(bench)
      await bench.during(a.handle.msg('1', 'hello'))
      const crashing = a.handle.crash(1_000)
      await expect(bench.during(a.handle.msg('2', 'late'))).rejects.toThrow()
      expect(await bench.during(crashing)).toEqual({ how: 'crashed' })
      await textOf(b, 'hello')
      expect(await bench.during(b.handle.chatLog())).toBe('chatLog hello')
      expect([a.ends, a.late()]).toEqual([[{ how: 'crashed' }], 0])
    },
  ],
  [
    'a stop ends a node whatever it does; only the first end counts, and is told once',
    async (bench) => {
      const [a, b] = await pair(bench)
      const ends = [a.handle.stop(), a.handle.crash(), a.handle.stop()]
      expect(await bench.during(Promise.all([...ends, a.handle.ended]))).toEqual(Array(4).fill({ how: 'stopped' }))
      await bench.during(b.handle.crash())
      expect(await bench.during(b.handle.stop())).toEqual({ how: 'crashed' })
      expect([a.ends, b.ends]).toEqual([[{ how: 'stopped' }], [{ how: 'crashed' }]])
    },
  ],
  [
    'a node that is stopped or crashed while it starts is never ready',
    async (bench) => {
      const [a, b] = [startNode(bench, 0), startNode(bench, 1)]
      const [stopped, crashed] = [a.handle.stop(), b.handle.crash()]
      await expect(bench.during(a.handle.ready)).rejects.toThrow()
      expect(await bench.during(stopped)).toEqual({ how: 'stopped' })
      expect(await bench.during(crashed)).toEqual({ how: 'crashed' })
      expect([a.ends, b.ends]).toEqual([[{ how: 'stopped' }], [{ how: 'crashed' }]])
    },
  ],
  [
    'a node that has ended does nothing and says so; what is imposed on it counts as in force',
    async (bench) => {
      const { tcp, udp } = bench.ports
      const [a] = await pair(bench)
      await bench.during(a.handle.crash())
      const { handle } = a
      const deeds: Promise<unknown>[] = [handle.msg('1', 'late'), handle.chatLog(), handle.listen(tcp + 2)]
      for (const deed of deeds) await expect(bench.during(deed)).rejects.toThrow(NodeEnded)
      expect(await bench.during(handle.fail(NO_FAULTS))).toBe(true)
      expect(await bench.during(handle.shareKey(undefined))).toBe(true)
      handle.configure({ neighbours: [udp + 1], settings: IMPATIENT, linkDelayMs: 0 })
      handle.neighbourUp(udp + 1, 0)
      expect(handle.responsiveFor(bench.now())).toBeLessThanOrEqual(0)
      expect(a.late()).toBe(0)
    },
  ],
]

describe.each(Object.entries(HOSTS))('%s', (_, open) => {
  test.each([...STARTS, ...GOSSIP, ...FAULTS, ...ENDS])('%s', async (_sentence, isKept) => {
    await isKept(await open())
  })
})
