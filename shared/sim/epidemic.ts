/** Measures the spread of one message over a world of machines: when each share of the nodes has it, and its cost. */
import { createRandom } from '../gossip/random.ts'
import type { Settings } from '../gossip/settings.ts'
import { rumorCount } from '../gossip/wire.ts'
import { neighboursOf, type Topology } from '../model/topology.ts'
import type { TraceEvent } from './trace.ts'
import { World } from './world.ts'

/** Times in ms since the message was typed; null if it did not get so far. */
export interface Epidemic {
  readonly half: number | null
  readonly most: number | null
  readonly all: number | null
  /** Rumors, and datagrams of all kinds except greetings and rounds of anti-entropy, per node other than the first. */
  readonly rumors: number
  readonly datagrams: number
  /** Share of the nodes without the message in the end. */
  readonly missing: number
}

/** The share of the nodes that `most` stands for. */
export const MOST = 0.99

export interface EpidemicOptions {
  readonly topology: Topology
  readonly n: number
  readonly seed: number
  readonly messages: number
  readonly delayMs: number
  /** Share of the datagrams that are lost. */
  readonly loss?: number
  readonly settings?: Partial<Settings>
  /** Mean number of crashes of a node in each period of anti-entropy. It restarts a second later. */
  readonly crashesPerPeriod?: number
  /** Time that a measurement waits for a message, in ms. */
  readonly limitMs: number
}

/** Not a multiple of the anti-entropy period, so that each message meets another phase of it. */
const GAP_MS = 12_300
const DOWN_MS = 1_000

/** Sends messages from node 0, or the first that lives, one after the other. */
export function spreadInWorld(options: EpidemicOptions): Epidemic[] {
  const { topology, n, seed, messages, delayMs, loss = 0, settings = {} } = options
  const seen = new Seen()
  const world = new World({
    seed,
    neighbours: neighboursOf(topology, n, seed),
    settings,
    faults: { delayMs, loss: 100 * loss },
    watch: (event) => seen.see(event),
  })
  world.startAll()
  if (options.crashesPerPeriod) churn(world, options.crashesPerPeriod, seed)
  const results: Epidemic[] = []
  for (let message = 0; message < messages; message += 1) {
    world.run(world.now + GAP_MS)
    results.push(watchOne(world, seen, `m${message}`, options))
  }
  return results
}

function watchOne(world: World, seen: Seen, text: string, { limitMs, delayMs }: EpidemicOptions): Epidemic {
  const from = world.nodes.find(({ id }) => world.isAlive(id))?.id ?? 0
  const began = world.now
  seen.begin(text)
  world.type(from, text)
  world.run(began + limitMs, () => seen.allHold)
  const all = seen.allHold ? world.now - began : null
  // Acknowledgements are still in flight.
  world.run(world.now + 3 * delayMs)
  const others = world.nodes.length - 1
  return {
    half: seen.timeOf(0.5, world.nodes.length, began),
    most: seen.timeOf(MOST, world.nodes.length, began),
    all,
    rumors: seen.rumors / others,
    datagrams: seen.datagrams / others,
    missing: 1 - seen.holding / Math.max(1, seen.living),
  }
}

/** Returns the figures of one message from a trace. */
class Seen {
  living = 0
  rumors = 0
  datagrams = 0
  #text = ''
  readonly #holders = new Set<number>()
  #times: number[] = []

  get holding(): number {
    return this.#holders.size
  }

  get allHold(): boolean {
    return this.#holders.size >= this.living
  }

  begin(text: string) {
    this.#text = text
    this.#holders.clear()
    this.#times = []
    this.rumors = 0
    this.datagrams = 0
  }

  /** When a share of all nodes had the message, restarted ones counted again. */
  timeOf(share: number, n: number, began: number): number | null {
    const at = this.#times[Math.ceil(n * share) - 1]
    return at === undefined ? null : at - began
  }

  see(event: TraceEvent) {
    if (event.type === 'sent') this.#count(event)
    else if (event.type === 'started') this.living += 1
    else if (event.type === 'ended') {
      this.living -= 1
      this.#holders.delete(event.node)
    } else if (event.type === 'fact' && event.fact.type === 'stored' && event.fact.text === this.#text) {
      this.#holders.add(event.node)
      this.#times.push(event.at)
    }
  }

  #count({ why, what }: Extract<TraceEvent, { type: 'sent' }>) {
    if (why === 'anti-entropy' || why === 'hello') return
    this.datagrams += 1
    if (typeof what !== 'string') this.rumors += rumorCount(what)
  }
}

/** Crashes nodes without their final sendings, by chance, for as long as the world runs. */
function churn(world: World, crashesPerPeriod: number, seed: number) {
  const random = createRandom(seed ^ 0xc4a5)
  const meanMs = world.settings.antiEntropyMs / (crashesPerPeriod * world.nodes.length)
  const next = () =>
    world.at(world.now - Math.log(1 - random.next()) * meanMs, () => {
      const id = random.below(world.nodes.length)
      if (world.isAlive(id)) {
        world.end(id, false)
        world.at(world.now + DOWN_MS, () => world.start(id))
      }
      next()
    })
  next()
}
