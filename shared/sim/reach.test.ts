/** Compares the rule of reachability (`../model/reach.ts`) with the deliveries of the protocol. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DEFAULTS } from '../gossip/settings.ts'
import { HEALTHY } from '../model/fault.ts'
import { pushedFrom, reachOf } from '../model/reach.ts'
import { neighboursOf, TOPOLOGIES, type Topology } from '../model/topology.ts'
import { World } from './world.ts'

const N = 5
const ids = Array.from({ length: N }, (_, id) => id)

interface Case {
  readonly topology: Topology
  readonly cuts: readonly (readonly [from: number, to: number])[]
  readonly dead: readonly number[]
  readonly seed: number
}

/** Cuts links, ends nodes, gives each other node a message, and returns who has whose message a long time after. */
function played({ topology, cuts, dead, seed }: Case): readonly (readonly number[])[] {
  const world = new World({ seed, neighbours: neighboursOf(topology, N), settings: { antiEntropyMs: 1_000 } })
  world.startAll()
  world.run(200)
  for (const [from, to] of cuts) world.network.cut(from, to)
  for (const id of dead) world.end(id, false)
  for (const id of ids) world.type(id, `${id}`)
  world.run(60_000)
  return ids.map((id) => world.held(id).map(({ text }) => Number(text)))
}

function reached({ topology, cuts, dead }: Case) {
  const settings = { n: N, topology, linkDelayMs: 0, seed: 1, rootId: 0, basePort: 0, gossip: DEFAULTS }
  const nodes = ids.map((id) => ({ status: dead.includes(id) ? ('crashed' as const) : ('running' as const) }))
  const links = Object.fromEntries(cuts.map(([from, to]) => [`${from}>${to}`, { ...HEALTHY, cut: true }]))
  return reachOf({ settings, nodes, links })
}

const node = fc.nat(N - 1)
const cases = fc.record<Case>({
  topology: fc.constantFrom(...TOPOLOGIES),
  cuts: fc.array(fc.tuple(node, node), { maxLength: 6 }),
  dead: fc.uniqueArray(node, { maxLength: 2 }),
  seed: fc.nat(1e6),
})

test('a reachable node gets everything, and one that is cut off gets nothing', () => {
  let uncertain = 0
  fc.assert(
    fc.property(cases, (one) => {
      const reach = reached(one)
      const holds = played(one)
      for (const from of ids.filter((id) => !one.dead.includes(id))) {
        const pushed = pushedFrom([from], reach)
        for (const to of ids.filter((id) => !one.dead.includes(id))) {
          const got = holds[to]?.includes(from)
          if (reach.parts[from] === reach.parts[to]) expect(got, `${from} reaches ${to}`).toBe(true)
          else if (!pushed.has(to)) expect(got, `${to} is cut off from ${from}`).toBe(false)
          else uncertain += 1
        }
      }
    }),
    { numRuns: 150 },
  )
  expect(uncertain).toBeGreaterThan(50)
})

test('over a link that is cut one way a push gets through, and an earlier loss is never repaired', () => {
  const heldBy1 = (healed: 'both ways' | 'there only') => {
    const world = new World({ seed: 1, neighbours: neighboursOf('line', 2), settings: { antiEntropyMs: 1_000 } })
    world.startAll()
    world.type(1, 'first of 1')
    world.run(200)
    world.network.cut(0, 1)
    world.network.cut(1, 0)
    world.type(0, 'lost')
    // The rumor is repeated, and given up.
    world.run(10_000)
    world.network.heal(0, 1)
    if (healed === 'both ways') world.network.heal(1, 0)
    world.run(60_000)
    return world.held(1).map(({ text }) => text)
  }
  expect(heldBy1('both ways')).toEqual(['lost', 'first of 1'])
  expect(heldBy1('there only')).toEqual(['first of 1'])
})
