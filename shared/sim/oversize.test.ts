/** Runs our nodes on a system that sends small datagrams only, beside programs that send larger ones. */
import { expect, test } from 'vitest'
import { neighboursOf } from '../model/topology.ts'
import { disagreement, unions } from './checks.ts'
import type { TraceEvent } from './trace.ts'
import { World } from './world.ts'

const MOST = 9_216
const BIG = 'x'.repeat(10_240)

test('a foreign message that is too large stays where it is, reported once; all others spread, and then the network is quiet', () => {
  const events: TraceEvent[] = []
  const world = new World({
    seed: 3,
    neighbours: neighboursOf('line', 4),
    plain: [0],
    systemSends: { 1: MOST, 2: MOST, 3: MOST },
    bytes: true,
    watch: (event) => events.push(event),
  })
  world.startAll()
  world.run(1_000)
  world.type(0, 'before')
  world.type(0, BIG)
  world.type(0, 'behind')
  for (const id of [1, 2, 3]) world.type(id, `of ${id}`)
  world.run(60_000)
  for (const id of [1, 3]) world.type(id, `later, of ${id}`)
  world.run(120_000)
  const texts = (id: number) =>
    world
      .held(id)
      .map(({ text }) => text)
      .sort()
  const small = ['before', 'later%2C of 1', 'later%2C of 3', 'of 1', 'of 2', 'of 3']
  expect(texts(0)).toEqual([...small, BIG, 'behind'].sort())
  expect(texts(1)).toEqual([...small, BIG, 'behind'].sort())
  expect(texts(2)).toEqual(small)
  expect(texts(3)).toEqual(small)
  const oversized = events.filter((event) => event.type === 'fact' && event.fact.type === 'oversized')
  expect(oversized.map(({ node }) => node)).toEqual([1])
  expect(events.filter(({ type }) => type === 'lost')).toEqual([])

  const before = events.length
  const minutes = 10
  world.run(world.now + 60_000 * minutes)
  const sent = events.slice(before).flatMap((event) => (event.type === 'sent' && event.node !== 0 ? [event] : []))
  expect(sent.filter(({ what }) => typeof what !== 'string' && what.kind === 'rumor')).toEqual([])
  // Counts anti-entropy in each direction on three links, and a question about the blocked messages, repeated as often
  // as an unanswered one is.
  expect(sent.length).toBeLessThan(minutes * 6 * (6 + 1 + world.settings.retries))
})

test('a restarted node catches up with more origins than such a datagram can name', () => {
  const origins = 3_000
  const world = new World({
    seed: 3,
    neighbours: neighboursOf('line', 2),
    systemSends: { 0: MOST, 1: MOST },
    bytes: true,
    settings: { antiEntropyMs: 3_600_000 },
  })
  world.start(0)
  for (let place = 0; place < origins; place += 1) {
    world.inject(0, { kind: 'rumor', sender: 9, origin: 10_000 + place, seq: 0, text: 'x' })
    if (place % 50 === 0) world.run(world.now + 1)
  }
  world.run(world.now + 10_000)
  world.start(1)
  world.run(world.now + 60_000, () => world.nodes[1]?.machine?.log.size === origins)
  expect(disagreement(world, unions(world))).toBeUndefined()
})
