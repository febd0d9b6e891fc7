/**
 * Runs the broadcast challenge of Gossip Glomers (fly.io/dist-sys/3d and 3e) on simulated nodes: many messages at random
 * nodes over slow links. It measures the datagrams of each operation, and the time until the last node has a message.
 */
import { createRandom } from '../gossip/random.ts'
import type { Settings } from '../gossip/settings.ts'
import { neighboursOf, type Topology } from '../model/topology.ts'
import { ShellWorld } from './shell-world.ts'
import type { TraceEvent } from './trace.ts'

export const CHALLENGE = { nodes: 25, linkDelayMs: 100, perSecond: 100 } as const

/** Longest wait for the last messages, in ms. */
const PATIENCE_MS = 60_000
/** Time in which nodes greet each other, in ms. */
const WARM_UP_MS = 1_000

export interface ChallengeResult {
  /** Time from typing each message until the last node stored it, in ms. */
  readonly latencies: readonly number[]
  readonly datagrams: number
}

/** Returns datagrams for each operation: each message comes with a read, which costs none. */
export const costOf = ({ latencies, datagrams }: ChallengeResult): number => datagrams / (2 * latencies.length)

export interface ChallengeOptions {
  readonly topology: Topology
  readonly settings: Partial<Settings>
  readonly seed: number
  readonly messages: number
}

export async function runChallenge({ topology, settings, seed, messages }: ChallengeOptions): Promise<ChallengeResult> {
  const { nodes, linkDelayMs, perSecond } = CHALLENGE
  const watcher = new Watcher()
  const world = new ShellWorld({
    ...{ seed, settings, plain: [], standalone: false, reuseGenerations: false },
    neighbours: neighboursOf(topology, nodes, seed),
    faults: { delayMs: linkDelayMs },
    watch: (event) => watcher.see(event),
  })
  for (let id = 0; id < nodes; id += 1) world.start(id)
  await world.run(WARM_UP_MS)
  watcher.datagrams = 0
  const random = createRandom(seed)
  for (let count = 0; count < messages; count += 1) {
    await world.run(WARM_UP_MS + (count * 1_000) / perSecond)
    world.type(random.below(nodes), `${count}`)
  }
  const end = world.now + PATIENCE_MS
  while (watcher.latencies.length < messages && world.now < end) await world.run(world.now + linkDelayMs)
  return watcher
}

class Watcher implements ChallengeResult {
  datagrams = 0
  readonly latencies: number[] = []
  /** Time of typing and number of holders, by text. */
  readonly #messages = new Map<string, { at: number; holders: number }>()

  see(event: TraceEvent) {
    if (event.type === 'sent') this.datagrams += 1
    if (event.type === 'typed') this.#messages.set(event.text, { at: event.at, holders: 0 })
    if (event.type !== 'fact' || event.fact.type !== 'stored') return
    const message = this.#messages.get(event.fact.text)
    if (!message) return
    message.holders += 1
    if (message.holders === CHALLENGE.nodes) this.latencies.push(event.at - message.at)
  }
}
