import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DEFAULTS } from '../gossip/settings.ts'
import { neighboursOf, TOPOLOGIES } from '../model/topology.ts'
import { World } from './world.ts'

const MAX_NODES = 7
const PERIOD_MS = 1_000
/** Time for agreement, in ms: the report's program learns from anti-entropy alone. */
const LIMIT_MS = 400_000

const stories = fc.record({
  seed: fc.nat(),
  topology: fc.constantFrom(...TOPOLOGIES),
  n: fc.integer({ min: 2, max: MAX_NODES }),
  fanout: fc.constantFrom(1, 3, 64),
  batchMs: fc.constantFrom(20, 150, 700),
  faults: fc.record({
    loss: fc.constantFrom(0, 30),
    duplicate: fc.constantFrom(0, 30),
    reorder: fc.constantFrom(0, 30),
    delayMs: fc.constantFrom(0, 30),
    jitterMs: fc.constantFrom(0, 20),
  }),
  /** Nodes that run the report's program, and nodes with batches off. */
  plain: fc.subarray([0, 3], { maxLength: 1 }),
  older: fc.subarray([1, 4]),
  typed: fc.array(fc.record({ node: fc.nat(MAX_NODES - 1), after: fc.nat(60) }), { minLength: 2, maxLength: 40 }),
})

type Story = typeof stories extends fc.Arbitrary<infer Made> ? Made : never

/** Returns the chat log of each node once all agree, and the receivers of batches. */
function run({ seed, topology, n, fanout, faults, plain, older, typed }: Story, batchMs: number) {
  const batchesTo: number[] = []
  const world = new World({
    ...{ seed, faults, plain, bytes: true },
    neighbours: neighboursOf(topology, n, seed),
    watch: (event) => {
      if (event.type === 'sent' && typeof event.what !== 'string' && event.what.kind === 'batch')
        batchesTo.push(event.to)
    },
  })
  for (let id = 0; id < n; id += 1) {
    world.settings = { ...DEFAULTS, antiEntropyMs: PERIOD_MS, fanout, batchMs: older.includes(id) ? 0 : batchMs }
    world.start(id)
  }
  for (const [count, { node, after }] of typed.entries()) {
    world.run(world.now + after)
    world.type(node % n, `${count}`)
  }
  world.changeFaults({ loss: 0, duplicate: 0, reorder: 0 })
  // Sorted, because the report's program keeps another order.
  const logOf = (id: number) =>
    world
      .held(id)
      .map(({ origin, seq, text }) => `${origin}.${seq} ${text}`)
      .sort()
  const logs = () => world.nodes.map(({ id }) => logOf(id))
  const agree = () => logs().every((log) => log.length === typed.length)
  for (const end = world.now + LIMIT_MS; world.now < end && !agree(); ) world.run(world.now + PERIOD_MS)
  return { logs: logs(), batchesTo }
}

test('batches change no chat log, and none goes to a program or node that does not offer to take them', () => {
  let batches = 0
  fc.assert(
    fc.property(stories, (story) => {
      const [off, on] = [run(story, 0), run(story, story.batchMs)]
      expect(off.batchesTo).toEqual([])
      expect(on.logs).toEqual(off.logs)
      expect(new Set(on.logs.map((log) => log.join())).size).toBe(1)
      expect(on.logs[0]).toHaveLength(story.typed.length)
      const takeNone = [...story.plain, ...story.older]
      expect(on.batchesTo.filter((id) => takeNone.includes(id))).toEqual([])
      batches += on.batchesTo.length
    }),
    { numRuns: 100, seed: 1 },
  )
  expect(batches).toBeGreaterThan(100)
}, 60_000)
