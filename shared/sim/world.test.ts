import { describe, expect, test } from 'vitest'
import { neighboursOf, type Topology } from '../model/topology.ts'
import { disagreement, unions } from './checks.ts'
import { formatTrace } from './trace.ts'
import { World, type WorldOptions } from './world.ts'

const network = (topology: Topology, n: number, options: Partial<WorldOptions> = {}) =>
  new World({ seed: 1, neighbours: neighboursOf(topology, n), ...options })

const texts = (world: World, id: number) => world.held(id).map(({ text }) => text)
const all = (world: World) => world.nodes.map(({ id }) => texts(world, id))

describe('one seed decides everything', () => {
  const traceOf = (seed: number) => {
    const lines: string[] = []
    const faults = { loss: 20, duplicate: 10, reorder: 10, jitterMs: 5 }
    const world: World = network('random', 8, {
      seed,
      faults,
      watch: (event) => lines.push(formatTrace(event, world.rootId)),
    })
    world.startAll()
    for (let id = 0; id < 8; id += 1) world.type(id, `m${id}`)
    world.run(500)
    world.end(3, true)
    world.run(1_000)
    world.start(3)
    world.run(15_000)
    return lines.join('\n')
  }

  test('the same seed gives the same trace, another seed another', () => {
    expect(traceOf(1)).toBe(traceOf(1))
    expect(traceOf(1)).not.toBe(traceOf(2))
  })
})

describe('generations', () => {
  /** Node 1 sends a message, crashes, restarts, and sends another; then an hour passes. */
  const crashAndSpeakAgain = (reuseGenerations: boolean) => {
    const world = network('line', 3, { reuseGenerations })
    world.startAll()
    world.type(1, 'before')
    world.run(1_000)
    world.end(1, true)
    world.run(3_000)
    world.start(1)
    world.type(1, 'after')
    world.run(3_600_000)
    return world
  }

  test('without them a restarted node uses a number twice, and the network never agrees again', () => {
    const world = crashAndSpeakAgain(true)
    expect(all(world)).toEqual([['before'], ['after'], ['before']])
    expect(disagreement(world, unions(world))).toBeDefined()
  })

  test('with them all agree on both messages', () => {
    const world = crashAndSpeakAgain(false)
    expect(all(world)).toEqual(Array(3).fill(['before', 'after']))
    expect(disagreement(world, unions(world))).toBeUndefined()
  })
})

describe('a node that has lost its generation', () => {
  /**
   * Node 0 of a line sends `before` messages, is killed, forgets, and sends `after` more while its only neighbour is
   * down; so the texts of both lives circulate under the same numbers when that neighbour starts.
   */
  const disputed = (before: number, after: number, seed: number) => {
    const world = network('line', 3, { seed, standalone: true, faults: { delayMs: 1, jitterMs: 2 } })
    world.startAll()
    for (let k = 0; k < before; k += 1) world.type(0, `before ${k}`)
    world.run(5_000)
    for (const id of [1, 0]) world.end(id, false)
    world.forget(0)
    world.start(0)
    for (let k = 0; k < after; k += 1) world.type(0, `after ${k}`)
    world.run(10_000)
    world.start(1)
    world.run(120_000)
    return world
  }

  test.each([
    [1, 1],
    [2, 1],
    [1, 12],
    [40, 5],
    [40, 40],
  ])('and the nodes beyond it agree on both texts of each number: %i messages before, %i after', (before, after) => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const world = disputed(before, after, seed)
      expect(disagreement(world, unions(world))).toBeUndefined()
      expect(new Set(texts(world, 1)).size).toBe(before + after)
    }
  })
})

describe('a message', () => {
  test('survives every crash except that of its last holder', () => {
    const world = network('line', 3)
    world.startAll()
    world.type(0, 'survives')
    world.run(1_000)
    world.end(0, false)
    world.end(1, false)
    world.run(2_000)
    world.start(0)
    world.start(1)
    world.run(4_000)
    expect(all(world)).toEqual(Array(3).fill(['survives']))
    for (const { id } of world.nodes) world.end(id, false)
    world.startAll()
    world.run(30_000)
    expect(all(world)).toEqual([[], [], []])
  })

  test('that was typed just before the crash command of a node still gets out', () => {
    const world = network('line', 2, { settings: { window: 1 } })
    world.startAll()
    world.run(100)
    for (let k = 0; k < 100; k += 1) world.type(0, `m${k}`)
    world.end(0, true)
    world.run(1_000)
    expect(texts(world, 1)).toHaveLength(100)
  })
})

describe('a node that hoards (report, Vulnerability Analysis)', () => {
  const withHoarder = (topology: Topology) => {
    const world = network(topology, 5)
    world.startAll()
    for (const node of world.nodes) node.hoards = node.id === 2
    world.type(0, 'hello')
    world.run(60_000)
    return world.nodes.map(({ id }) => texts(world, id).length)
  }

  test('splits a line', () => {
    expect(withHoarder('line')).toEqual([1, 1, 1, 0, 0])
  })

  test('does not split a ring', () => {
    expect(withHoarder('ring')).toEqual([1, 1, 1, 1, 1])
  })
})

describe('a cut', () => {
  test('in one direction only still lets messages through by questions and answers when it heals', () => {
    const world = network('line', 4)
    world.startAll()
    world.run(100)
    world.network.cut(1, 2)
    world.type(0, 'left')
    world.type(3, 'right')
    world.run(30_000)
    expect(all(world).map((held) => held.length)).toEqual([2, 2, 1, 1])
    world.network.heal(1, 2)
    world.run(50_000)
    expect(all(world)).toEqual(Array(4).fill(['left', 'right']))
  })
})

test('junk from strangers changes nothing', () => {
  const world = network('line', 3)
  world.startAll()
  const junk = [
    '',
    'rumor',
    'rumor:1:{}',
    'status:1:{1:2:3}',
    'rumor:40001:{x,40001,0}',
    'rumor:0:{x,1,0}',
    '\u0000'.repeat(99),
  ]
  for (const { id } of world.nodes) for (const what of junk) world.inject(id, what)
  world.type(0, 'hello')
  world.run(20_000)
  expect(all(world).map((held) => held.filter((text) => text !== 'x'))).toEqual(Array(3).fill(['hello']))
})

test('one datagram from a stranger causes a bounded number of others, whatever messages the nodes have', () => {
  let sent = 0
  const world = network('mesh', 6, { watch: (event) => (sent += event.type === 'sent' ? 1 : 0) })
  world.startAll()
  for (let k = 0; k < 300; k += 1) world.type(k % 6, `m${k}`)
  world.run(9_000)
  const before = sent
  world.inject(0, 'status:9:{9:0}')
  world.run(9_001)
  expect(sent - before).toBeLessThanOrEqual(world.settings.window)
})

test('a restarted node catches up, without anti-entropy, with more origins than a datagram can name', {
  timeout: 60_000,
}, () => {
  const origins = 9_000
  const world = network('line', 2, { settings: { antiEntropyMs: 3_600_000 } })
  world.start(0)
  for (let place = 0; place < origins; place += 1) {
    const rumor = { kind: 'rumor', sender: 9, origin: 10_000 + place, seq: 0, text: 'x' } as const
    world.inject(0, rumor)
    if (place % 50 === 0) world.run(world.now + 1)
  }
  world.run(world.now + 10_000)
  world.start(1)
  world.run(world.now + 60_000, () => world.nodes[1]?.machine?.log.size === origins)
  expect(texts(world, 1)).toHaveLength(origins)
})
