/**
 * Generates stories with a determined outcome, independent of speed: links and nodes are healed and nodes agree before
 * each crash and each restart, and at the end.
 */
import fc from 'fast-check'
import { expect } from 'vitest'
import { neighboursOf } from '../../shared/model/topology.ts'
import { onProcesses, onSimulatedNodes, type Story } from './scenario-outcome.ts'

const MAX_NODES = 4
const node = fc.nat({ max: MAX_NODES - 1 })
const link = { node, other: node }

const deed = fc.oneof(
  {
    arbitrary: fc.record({ do: fc.constant('type' as const), node, times: fc.integer({ min: 1, max: 5 }) }),
    weight: 4,
  },
  { arbitrary: fc.record({ do: fc.constant('toggle' as const), node }), weight: 3 },
  {
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      ...link,
      how: fc.constantFrom('cut', 'loss 50', 'loss 100', 'duplicate 50', 'reorder 50', 'delay 20 jitter 10'),
    }),
    weight: 2,
  },
  {
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      ...link,
      end: fc.constantFrom('deliver', 'drop', 'duplicate'),
    }),
    weight: 1,
  },
  { arbitrary: fc.record({ do: fc.constant('hoard' as const), node }), weight: 1 },
  { arbitrary: fc.record({ do: fc.constant('pause' as const), ms: fc.integer({ min: 1, max: 60 }) }), weight: 1 },
)
type Deed = typeof deed extends fc.Arbitrary<infer Made> ? Made : never

const HEALED = ['heal', 'hold off', 'until agreed']

const determinedStories: fc.Arbitrary<Story> = fc
  .record({
    n: fc.integer({ min: 2, max: MAX_NODES }),
    topology: fc.constantFrom('line' as const, 'ring' as const, 'star' as const),
    deeds: fc.array(deed, { minLength: 4, maxLength: 14 }),
  })
  .map(({ n, topology, deeds }) => ({ n, topology, file: fileOf(deeds, n, neighboursOf(topology, n, 1)) }))

/** Writes the actions down as a scenario. Leaves out impossible ones, such as a message to a dead node. */
function fileOf(deeds: readonly Deed[], n: number, neighbours: readonly (readonly number[])[]): string {
  const dead = new Set<number>()
  let typed = 0
  const lines = deeds.flatMap((deed): readonly string[] => {
    if (deed.do === 'pause') return [`sleep ${deed.ms}ms`]
    const id = deed.node % n
    if (deed.do === 'toggle') {
      if (dead.delete(id)) return [...HEALED, `${id} start ${n} ${20_000 + id}`, `until running ${id}`]
      dead.add(id)
      return [...HEALED, `${id} crash`, `until crashed ${id}`]
    }
    if (dead.has(id)) return []
    if (deed.do === 'hoard') return [`node ${id} hoard on`]
    if (deed.do === 'type') {
      return Array.from({ length: deed.times }, () => {
        typed += 1
        return `${id} msg ${typed} m${typed}`
      })
    }
    const links = neighbours[id] ?? []
    const other = links[deed.other % links.length] ?? 0
    if (deed.do === 'fault') return [`link ${id} ${other} ${deed.how}`]
    const way = `${id}>${other}`
    // Waits for a datagram of anti-entropy at the latest.
    return dead.has(other) ? [] : ['heal', `hold ${way} on`, `until waiting ${way} >= 1`, `${deed.end} ${way}`]
  })
  return [...lines, ...HEALED].join('\n')
}

/** Checks that stories have the same outcome on real processes and on simulated nodes. */
export const expectSameOutcomes = (runs: number): Promise<void> =>
  fc.assert(
    fc.asyncProperty(determinedStories, async (story) => {
      const simulated = await onSimulatedNodes(story)
      expect(simulated.complaints).toEqual([])
      expect(await onProcesses(story)).toEqual(simulated)
    }),
    // A story on processes takes a second; the printed seed repeats it.
    { numRuns: runs, endOnFailure: true },
  )

/** Checks that stories have the same outcome on simulated nodes with any seed. */
export const expectSameWithAnySeed = (runs: number): Promise<void> =>
  fc.assert(
    fc.asyncProperty(determinedStories, fc.integer({ min: 2, max: 2 ** 31 }), async (story, seed) => {
      expect(await onSimulatedNodes(story, seed)).toEqual(await onSimulatedNodes(story))
    }),
    { numRuns: runs },
  )
