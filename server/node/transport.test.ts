/**
 * Tests what the protocol may expect of a network. One table of sentences runs over real UDP sockets and over a virtual
 * wire, both with the link layer of a node, and over the network between machines of the bare protocol. So results of
 * the simulators hold for processes too.
 */
import { describe, expect, test } from 'vitest'
import { MAX_DATAGRAM_BYTES } from '../../shared/gossip/limits.ts'
import {
  type Arrived,
  type End,
  NOBODY,
  overUdp,
  overVirtualWire,
  simulated,
  type Transport,
} from '../test-support/transports.ts'

const rumor = (seq: number, text = 'hello') => `rumor:40000:{${text},40000,${seq}}`
const rumors = (count: number, first = 0) => Array.from({ length: count }, (_, seq) => rumor(first + seq))
const texts = (arrived: readonly Arrived[]) => arrived.map(({ text }) => text)

/** Returns a status of so many bytes: pairs of 12, some of which are made one longer. */
const statusOf = (bytes: number) => {
  const count = Math.floor((bytes - 'status:40000:{}'.length + 1) / 13)
  const longer = bytes + 1 - 'status:40000:{}'.length - 13 * count
  const pairs = Array.from({ length: count }, (_, k) => `${1_000_000_001 + k}:${k < longer ? 10 : 1}`)
  return `status:40000:{${pairs.join(',')}}`
}

/**
 * Returns everything that reaches the other end of a link direction; a later datagram over the healed link marks the
 * end.
 */
async function allThatGotThrough(transport: Transport, from: End): Promise<string[]> {
  transport.set(from, {})
  const last = rumor(999_999, 'last')
  transport.send(from, from === 0 ? 1 : 0, last)
  for (let count = 1; ; count += 1) {
    const arrived = texts(await transport.arrivals(from === 0 ? 1 : 0, count))
    if (arrived.includes(last)) return arrived.filter((text) => text !== last)
  }
}

const CONTRACT: readonly [sentence: string, isTrue: (transport: Transport) => Promise<void>][] = [
  [
    'a datagram arrives once, unchanged, whatever its text',
    async (transport) => {
      const sent = [rumor(0, 'plain'), rumor(1, 'spaces and %2C %7B'), rumor(2, 'Grüße 漢字 🦆'), 'status:40000:{}']
      for (const text of sent) transport.send(0, 1, text)
      expect(await allThatGotThrough(transport, 0)).toEqual(sent)
    },
  ],
  [
    'it goes to the one that it is for, and comes back by itself never',
    async (transport) => {
      transport.send(0, 1, rumor(0))
      transport.send(1, 0, rumor(1))
      expect(await allThatGotThrough(transport, 0)).toEqual([rumor(0)])
      expect(await allThatGotThrough(transport, 1)).toEqual([rumor(1)])
    },
  ],
  [
    'without faults the order stays',
    async (transport) => {
      for (const text of rumors(200)) transport.send(0, 1, text)
      expect(await allThatGotThrough(transport, 0)).toEqual(rumors(200))
    },
  ],
  [
    'what is sent to nobody is lost without a word, and the next one arrives',
    async (transport) => {
      for (const text of rumors(3)) transport.send(0, NOBODY, text)
      transport.send(0, 1, rumor(3))
      expect(await allThatGotThrough(transport, 0)).toEqual([rumor(3)])
    },
  ],
  [
    'a delay is served whole by each datagram',
    async (transport) => {
      transport.set(0, { delayMs: 40 })
      const began = transport.now()
      for (const text of rumors(5)) transport.send(0, 1, text)
      const arrived = await transport.arrivals(1, 5)
      expect(texts(arrived)).toEqual(rumors(5))
      // Timers may be early by a millisecond.
      for (const { at } of arrived) expect(at - began).toBeGreaterThanOrEqual(39)
    },
  ],
  [
    'jitter comes on top of the delay, and nothing is lost by it',
    async (transport) => {
      transport.set(0, { delayMs: 20, jitterMs: 20 })
      const began = transport.now()
      for (const text of rumors(50)) transport.send(0, 1, text)
      const arrived = await transport.arrivals(1, 50)
      expect(texts(arrived).sort()).toEqual(rumors(50).sort())
      for (const { at } of arrived) expect(at - began).toBeGreaterThanOrEqual(19)
    },
  ],
  [
    'loss takes some, and those that arrive are whole, once and in order',
    async (transport) => {
      transport.set(0, { loss: 50 })
      for (const text of rumors(400)) transport.send(0, 1, text)
      const arrived = await allThatGotThrough(transport, 0)
      expect(arrived.length).toBeGreaterThan(120)
      expect(arrived.length).toBeLessThan(280)
      expect(rumors(400).filter((text) => arrived.includes(text))).toEqual(arrived)
    },
  ],
  [
    'a link that loses all lets nothing through',
    async (transport) => {
      transport.set(0, { loss: 100 })
      for (const text of rumors(50)) transport.send(0, 1, text)
      expect(await allThatGotThrough(transport, 0)).toEqual([])
    },
  ],
  [
    'duplication makes a second one of each, the same',
    async (transport) => {
      transport.set(0, { duplicate: 100 })
      for (const text of rumors(20)) transport.send(0, 1, text)
      expect(await allThatGotThrough(transport, 0)).toEqual(rumors(20).flatMap((text) => [text, text]))
    },
  ],
  [
    'reordering lets some be overtaken, and loses none',
    async (transport) => {
      transport.set(0, { reorder: 30 })
      for (const text of rumors(100)) transport.send(0, 1, text)
      const arrived = texts(await transport.arrivals(1, 100))
      expect(arrived).not.toEqual(rumors(100))
      expect([...arrived].sort()).toEqual(rumors(100).sort())
    },
  ],
  [
    'a cut goes one way, and heals',
    async (transport) => {
      transport.set(0, { cut: true })
      for (const text of rumors(5)) transport.send(0, 1, text)
      for (const text of rumors(5, 5)) transport.send(1, 0, text)
      expect(texts(await transport.arrivals(0, 5))).toEqual(rumors(5, 5))
      expect(await allThatGotThrough(transport, 0)).toEqual([])
    },
  ],
  [
    'what is in the air when the link is cut arrives all the same',
    async (transport) => {
      transport.set(0, { delayMs: 30 })
      transport.send(0, 1, rumor(0))
      transport.set(0, { delayMs: 30, cut: true })
      transport.send(0, 1, rumor(1))
      expect(texts(await transport.arrivals(1, 1))).toEqual([rumor(0)])
      expect(await allThatGotThrough(transport, 0)).toEqual([rumor(0)])
    },
  ],
  [
    'what is held goes, ends or doubles at a word, once, and the rest in order when holding ends',
    async (transport) => {
      transport.set(0, { hold: true })
      for (const text of rumors(5)) transport.send(0, 1, text)
      transport.send(1, 0, rumor(9))
      expect(texts(await transport.arrivals(0, 1))).toEqual([rumor(9)])
      expect(transport.release(0, 4, 'deliver')).toBe(true)
      expect(texts(await transport.arrivals(1, 1))).toEqual([rumor(3)])
      expect([transport.release(0, 1, 'drop'), transport.release(0, 2, 'duplicate')]).toEqual([true, true])
      expect([transport.release(0, 4, 'deliver'), transport.release(0, 1, 'duplicate')]).toEqual([false, false])
      expect(await allThatGotThrough(transport, 0)).toEqual([3, 1, 2, 4, 1].map((seq) => rumor(seq)))
    },
  ],
  [
    'the longest datagram arrives; a longer one is lost, and the next one arrives',
    async (transport) => {
      transport.send(0, 1, statusOf(MAX_DATAGRAM_BYTES))
      transport.send(0, 1, statusOf(MAX_DATAGRAM_BYTES + 1))
      transport.send(0, 1, rumor(0))
      expect((await allThatGotThrough(transport, 0)).map((text) => text.length)).toEqual([
        MAX_DATAGRAM_BYTES,
        rumor(0).length,
      ])
    },
  ],
  [
    'what means nothing does not get past the end that it arrives at',
    async (transport) => {
      for (const junk of ['', 'hello', 'rumor:1:{}', 'status:0:{}']) transport.send(0, 1, junk)
      transport.send(0, 1, rumor(0))
      expect(await allThatGotThrough(transport, 0)).toEqual([rumor(0)])
    },
  ],
]

describe.each([
  ['over UDP', overUdp],
  ['over a virtual wire', overVirtualWire],
  ['between machines of the bare protocol', simulated],
] as const)('%s', (_, open) => {
  test.each(CONTRACT)('%s', async (_sentence, isTrue) => {
    await isTrue(await open())
  })
})
