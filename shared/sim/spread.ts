/** Measures the spread of messages in a world, for tests and curious readers. */
import { messageKey } from '../gossip/origin.ts'
import type { Settings } from '../gossip/settings.ts'
import type { LinkCondition } from '../model/fault.ts'
import { neighboursOf, type Topology } from '../model/topology.ts'
import { World } from './world.ts'

export interface Experiment {
  readonly topology: Topology
  readonly n: number
  readonly seed?: number
  readonly faults?: Partial<LinkCondition>
  readonly settings?: Partial<Settings>
  readonly messages: number
  /** Time between two messages, in ms; 0 is a burst. */
  readonly everyMs: number
  /** Returns the node that gets message number k. */
  readonly at?: (k: number) => number
  /** Time that the nodes have known each other before the first message, in ms. */
  readonly warmUpMs?: number
  /** Time to wait after the last message, in ms. */
  readonly waitMs?: number
}

export interface Spread {
  /** Number of messages that reached every node. */
  readonly complete: number
  /** Time from typing to the last node, in ms, sorted; of the complete ones. */
  readonly times: readonly number[]
  /** Datagrams sent, without anti-entropy, per message and node other than the first. */
  readonly datagramsPerHop: number
}

export function measureSpread(experiment: Experiment): Spread {
  const { topology, n, seed = 1, messages, everyMs, at = (k) => k % n, warmUpMs = 3_000, waitMs = 30_000 } = experiment
  const typedAt = new Map<string, number>()
  const copies = new Map<string, number>()
  const times: number[] = []
  let datagrams = 0
  const world = new World({
    seed,
    neighbours: neighboursOf(topology, n, seed),
    settings: experiment.settings ?? {},
    faults: experiment.faults ?? {},
    watch: (event) => {
      if (event.type === 'sent' && event.why !== 'anti-entropy') datagrams += 1
      if (event.type !== 'fact' || event.fact.type !== 'stored') return
      const key = messageKey(event.fact.origin, event.fact.seq)
      if (event.fact.from === null) typedAt.set(key, event.at)
      const count = (copies.get(key) ?? 0) + 1
      copies.set(key, count)
      if (count === n) times.push(event.at - (typedAt.get(key) ?? 0))
    },
  })
  world.startAll()
  world.run(warmUpMs)
  datagrams = 0
  for (let k = 0; k < messages; k += 1) {
    world.type(at(k), `m${k}`)
    world.run(world.now + everyMs)
  }
  world.run(world.now + waitMs)
  times.sort((a, b) => a - b)
  return { complete: times.length, times, datagramsPerHop: datagrams / messages / (n - 1) }
}

/** Returns the value that a share of a sorted list does not exceed. */
export const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
