/** Runs the experiments of the study. All seeds are fixed: the same code gives the same figures. */
import { encodeDatagram, splitStatus } from '../../shared/gossip/wire.ts'
import type { Topology } from '../../shared/model/topology.ts'
import { type Epidemic, spreadInWorld } from '../../shared/sim/epidemic.ts'
import { modelMesh } from '../../shared/sim/mesh-model.ts'
import { quantile } from '../../shared/sim/spread.ts'

/** Delay of one link, in ms: so times in ms are numbers of links too. */
const DELAY_MS = 1

/** Medians over the messages; times in ms, null if most messages did not get so far. */
export interface Point extends Epidemic {
  readonly topology: Topology
  readonly n: number
  readonly messages: number
  /** Whether machines spread it, or the model of a mesh. */
  readonly by: 'machines' | 'model'
  /** Share of the messages that reached everybody. */
  readonly complete: number
}

export interface FaultPoint extends Point {
  /** Share of datagrams lost, or crashes of a node in each period of anti-entropy. */
  readonly fault: number
  /** By then 95 % of the messages had reached every node. */
  readonly worst: number | null
}

export interface ResiduePoint {
  readonly fanout: number
  readonly coin: number
  readonly rumors: number
  readonly missing: number
}

export interface StatusPoint {
  readonly origins: number
  readonly bytes: number
  readonly datagrams: number
}

export interface Findings {
  readonly delayMs: number
  readonly size: readonly Point[]
  readonly loss: readonly FaultPoint[]
  readonly churn: readonly FaultPoint[]
  readonly residue: readonly ResiduePoint[]
  readonly status: readonly StatusPoint[]
  readonly statusLater: readonly StatusPoint[]
}

interface Plan {
  readonly sizes: readonly number[]
  /** Beyond this number, machines of a mesh take too long. */
  readonly mostMachinesInMesh: number
  readonly losses: readonly number[]
  readonly crashes: readonly number[]
  readonly messages: number
  readonly residueNodes: number
}

const FULL: Plan = {
  sizes: [10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000],
  mostMachinesInMesh: 300,
  losses: [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3],
  crashes: [0, 0.03, 0.1, 0.3, 1],
  messages: 40,
  residueNodes: 10_000,
}

const QUICK: Plan = {
  sizes: [10, 30, 100, 300],
  mostMachinesInMesh: 30,
  losses: [0, 0.2],
  crashes: [0, 0.1],
  messages: 8,
  residueNodes: 1_000,
}

const FAULTY: readonly (readonly [Topology, number])[] = [
  ['line', 64],
  ['ring', 64],
  ['grid', 256],
  ['random', 256],
  ['mesh', 64],
]

export function findOut(quick: boolean, say: (what: string) => void): Findings {
  const plan = quick ? QUICK : FULL
  return {
    delayMs: DELAY_MS,
    size: bySize(plan, say),
    loss: plan.losses.flatMap((loss) => withFault(plan, loss, { loss }, say)),
    churn: plan.crashes.flatMap((crashes) => withFault(plan, crashes, { crashesPerPeriod: crashes }, say)),
    residue: residue(plan),
    status: statuses(40_000),
    statusLater: statuses(40_000 + 65_536 * 20_000),
  }
}

function bySize({ sizes, mostMachinesInMesh, messages }: Plan, say: (what: string) => void): Point[] {
  const points: Point[] = []
  for (const n of sizes) {
    for (const topology of ['line', 'ring', 'grid', 'random', 'mesh'] as const) {
      // In a mesh the rounds of anti-entropy between two messages are n (n - 1) statuses each.
      const count = Math.max(
        n > 10_000 ? 1 : 2,
        Math.min(messages, Math.floor((topology === 'mesh' ? 2_000 : 10_000) / n)),
      )
      if (topology === 'mesh') points.push(meshByModel(n, Math.max(10, count)))
      if (topology === 'mesh' && n > mostMachinesInMesh) continue
      const limitMs = 2 * n * DELAY_MS + 60_000
      points.push(
        medians(
          topology,
          n,
          'machines',
          spreadInWorld({ topology, n, seed: n, messages: count, delayMs: DELAY_MS, limitMs }),
        ),
      )
      say(`${topology} of ${n}`)
    }
  }
  return points
}

/** Measures only the rumors of a larger mesh: one round of anti-entropy there is more than 10^7 statuses. */
const MOST_ROUNDS_IN_MESH = 3_000

const meshByModel = (n: number, messages: number): Point =>
  medians(
    'mesh',
    n,
    'model',
    Array.from({ length: messages }, (_, seed) =>
      modelMesh({ n, seed, delayMs: DELAY_MS, antiEntropy: n <= MOST_ROUNDS_IN_MESH }),
    ),
  )

function withFault(
  { messages }: Plan,
  fault: number,
  options: { readonly loss?: number; readonly crashesPerPeriod?: number },
  say: (what: string) => void,
): FaultPoint[] {
  return FAULTY.map(([topology, n]) => {
    const seed = n + Math.round(1_000 * fault)
    const results = spreadInWorld({ topology, n, seed, messages, delayMs: DELAY_MS, limitMs: 120_000, ...options })
    say(`${topology} of ${n}, ${JSON.stringify(options)}`)
    return {
      ...medians(topology, n, 'machines', results),
      fault,
      worst: quantileOf(
        results.map(({ all }) => all),
        0.95,
      ),
    }
  })
}

/** Rumors without anti-entropy: the share of nodes that they miss, beside the number sent. */
function residue({ residueNodes: n, messages }: Plan): ResiduePoint[] {
  const choices = [1, 2, 3, 4].flatMap((fanout) => [0, 0.3, 0.5, 0.7].map((coin) => ({ fanout, coin })))
  return (
    choices
      .map(({ fanout, coin }) => {
        const settings = { fanout, coin }
        const results = Array.from({ length: messages }, (_, seed) =>
          modelMesh({ n, seed, delayMs: DELAY_MS, settings, antiEntropy: false }),
        )
        return {
          fanout,
          coin,
          rumors:
            quantileOf(
              results.map(({ rumors }) => rumors),
              0.5,
            ) ?? 0,
          missing:
            quantileOf(
              results.map(({ missing }) => missing),
              0.5,
            ) ?? 1,
        }
      })
      // With one neighbour and no coin a message walks a few links and ends.
      .filter(({ missing }) => missing < 0.9)
  )
}

/** A status with one message of each of many origins. */
function statuses(first: number): StatusPoint[] {
  const counts = [10, 30, 100, 300, 1_000, 2_000, 3_000, 5_000, 7_000, 10_000, 15_000, 20_000]
  return counts.map((origins) => {
    const parts = splitStatus(
      40_000,
      Array.from({ length: origins }, (_, k) => [first + k, 1] as const),
    )
    const bytes = parts.reduce((sum, part) => sum + encodeDatagram(part).length, 0)
    return { origins, bytes, datagrams: parts.length }
  })
}

function medians(topology: Topology, n: number, by: Point['by'], results: readonly Epidemic[]): Point {
  const median = (of: (one: Epidemic) => number | null) => quantileOf(results.map(of), 0.5)
  return {
    topology,
    n,
    by,
    messages: results.length,
    half: median(({ half }) => half),
    most: median(({ most }) => most),
    all: median(({ all }) => all),
    rumors: median(({ rumors }) => rumors) ?? 0,
    datagrams: median(({ datagrams }) => datagrams) ?? 0,
    missing: median(({ missing }) => missing) ?? 0,
    complete: results.filter(({ all }) => all !== null).length / results.length,
  }
}

/** A message that never came counts as later than all others. */
function quantileOf(values: readonly (number | null)[], part: number): number | null {
  const sorted = values.map((value) => value ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)
  const value = quantile(sorted, part)
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : null
}
