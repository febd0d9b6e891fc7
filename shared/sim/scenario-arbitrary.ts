/** Generates scenarios with fast-check, which shrinks a failing one to the smallest that still fails. */
import fc from 'fast-check'
import { TOPOLOGIES } from '../model/topology.ts'
import { type Deed, DISTURBING, type Scenario } from './scenario.ts'

const MAX_NODES = 12
const node = fc.nat({ max: MAX_NODES - 1 })

const type = fc.record({
  do: fc.constant('type' as const),
  node,
  text: fc.constantFrom('m', 'hello ', 'a,b:{c} 100% ', '%41%2C\t{},', '\udcff,40000,', 'ż}🦜'),
  times: fc.integer({ min: 1, max: 8 }),
})
const start = fc.record({ do: fc.constant('start' as const), node })
const end = fc.record({ do: fc.constant('end' as const), node, lastWords: fc.boolean() })
const hoard = fc.record({ do: fc.constant('hoard' as const), node, hoards: fc.boolean() })
const forget = fc.record({ do: fc.constant('forget' as const), node })
const link = fc.record({ do: fc.constantFrom('cut', 'cut one way', 'hold', 'heal'), node, other: fc.nat({ max: 3 }) })

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { arbitrary: type, weight: 6 },
  { arbitrary: start, weight: 3 },
  { arbitrary: end, weight: 2 },
  { arbitrary: link, weight: 2 },
  { arbitrary: hoard, weight: 1 },
  { arbitrary: forget, weight: 1 },
)

const after = fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 3_000 }))

const settings = fc.record(
  {
    fanout: fc.constantFrom(1, 3),
    window: fc.constantFrom(1, 4),
    coin: fc.constantFrom(0, 1),
    retries: fc.constantFrom(0, 1),
    batchMs: fc.constantFrom(20, 500),
    antiEntropyMs: fc.constantFrom(1_000, 3_000),
  },
  { requiredKeys: [] },
)

const faults = fc.record(
  {
    loss: fc.constantFrom(5, 30),
    duplicate: fc.constantFrom(5, 30),
    reorder: fc.constantFrom(5, 30),
    delayMs: fc.constantFrom(0, 30, 300),
    jitterMs: fc.constantFrom(1, 20),
  },
  { requiredKeys: [] },
)

const story = fc.record({
  seed: fc.nat(),
  topology: fc.constantFrom(...TOPOLOGIES),
  n: fc.integer({ min: 2, max: MAX_NODES }),
  settings,
  faults,
  plain: fc.oneof(
    { arbitrary: fc.constant([]), weight: 3 },
    { arbitrary: fc.array(node, { maxLength: 3 }), weight: 1 },
  ),
  deeds: fc.array(
    fc.tuple(deed, after).map(([what, wait]) => ({ ...what, after: wait })),
    { maxLength: 30, size: 'max' },
  ),
})

/**
 * A plain node answers each copy of a status with a rumor, and each copy of a rumor with a status: at 30 % the number
 * of datagrams of a node that catches up grows by 69 % every round trip. The report's protocol causes this.
 */
function withFewDuplicates({ faults: { duplicate, ...others }, plain }: Pick<Scenario, 'faults' | 'plain'>) {
  if (duplicate === undefined) return others
  return { ...others, duplicate: plain?.length ? Math.min(duplicate, 5) : duplicate }
}

/** The owner of the count of lives; and whether, besides, anything is disturbed. */
const kind = fc.constantFrom('counted', 'remembered', 'remembered, undisturbed')

export const scenarios: fc.Arbitrary<Scenario> = fc.tuple(story, kind).map(([made, which]): Scenario => {
  const told = { ...made, faults: withFewDuplicates(made) }
  if (which === 'counted') return told
  if (which === 'remembered') return { ...told, standalone: true }
  const { loss, ...faults } = told.faults
  const deeds = told.deeds.filter((deed) => !DISTURBING.has(deed.do))
  return { ...told, standalone: true, faults, plain: [], deeds }
})
