/** Parses the arguments of `npm run study -- --sweep`. */
import { parseArgs } from 'node:util'
import { DEFAULTS } from '../../shared/gossip/settings.ts'
import { TOPOLOGIES, type Topology } from '../../shared/model/topology.ts'

/** One run of a sweep. */
export interface Run {
  readonly topology: Topology
  readonly nodes: number
  readonly fanout: number
  readonly coin: number
  /** Share of the datagrams that are lost, in percent. */
  readonly loss: number
  /** Time that a datagram is in the air of a link, in ms. */
  readonly delay: number
  /** Mean number of crashes of a node in each period of anti-entropy. */
  readonly crashes: number
  readonly seed: number
}

export interface Sweep {
  readonly runs: readonly Run[]
  /** Number of messages in each run. */
  readonly messages: number
}

export const SWEEP_USAGE = `npm run -s study -- --sweep [options] > FILE.csv

  --topology LIST   ${TOPOLOGIES.join(', ')}; line
  --nodes RANGE     100
  --fanout RANGE    neighbours that get a new message; 2
  --coin RANGE      probability of going on after a neighbour agreed; 0.5
  --loss RANGE      percent of the datagrams that are lost; 0
  --delay RANGE     ms in the air of a link; 1
  --crashes RANGE   crashes of a node in each period of anti-entropy; 0
  --seed RANGE      1
  --messages N      messages in each run; 10

RANGE is a list of values and of FROM..TO or FROM..TO:STEP, such as 10,100,1000 or 0..30:5.`

/** Bounds of each number, inclusive. */
const BOUNDS = {
  nodes: { min: 2, max: 100_000, whole: true, standard: '100' },
  fanout: { min: 1, max: 64, whole: true, standard: '2' },
  coin: { min: 0, max: 1, whole: false, standard: '0.5' },
  loss: { min: 0, max: 90, whole: false, standard: '0' },
  delay: { min: 0, max: 1_000, whole: false, standard: '1' },
  crashes: { min: 0, max: 10, whole: false, standard: '0' },
  seed: { min: 0, max: 999_999_999, whole: true, standard: '1' },
  messages: { min: 1, max: 1_000, whole: true, standard: '10' },
} as const
type Name = keyof typeof BOUNDS

const MAX_RUNS = 10_000
/** Links times messages times rounds of anti-entropy, of all runs: about an hour of one core. */
const MAX_WORK = 20_000_000
const LONGEST_NUMBER = 20

/** @throws Error that says which argument is invalid, and why. */
export function parseSweep(argv: readonly string[]): Sweep {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...argv],
    options: {
      sweep: { type: 'boolean' },
      topology: text,
      nodes: text,
      fanout: text,
      coin: text,
      loss: text,
      delay: text,
      crashes: text,
      seed: text,
      messages: text,
    },
  })
  const rangeOf = (name: Name) => parseRange(name, values[name] ?? BOUNDS[name].standard)
  const [messages = 0, second] = rangeOf('messages')
  if (second !== undefined) throw new Error('--messages takes one number')
  const axes = {
    nodes: rangeOf('nodes'),
    fanout: rangeOf('fanout'),
    coin: rangeOf('coin'),
    loss: rangeOf('loss'),
    delay: rangeOf('delay'),
    crashes: rangeOf('crashes'),
    seed: rangeOf('seed'),
  }
  const topologies = parseTopologies(values.topology ?? 'line')
  const count = Object.values(axes).reduce((product, { length }) => product * length, topologies.length)
  if (count > MAX_RUNS)
    throw new Error(`these ranges make ${count.toLocaleString('en')} runs; at most ${MAX_RUNS.toLocaleString('en')}`)
  let runs: Omit<Run, 'topology'>[] = [{ nodes: 0, fanout: 0, coin: 0, loss: 0, delay: 0, crashes: 0, seed: 0 }]
  for (const [name, range] of Object.entries(axes))
    runs = runs.flatMap((run) => range.map((value) => ({ ...run, [name]: value })))
  const all = topologies.flatMap((topology) => runs.map((run) => ({ topology, ...run })))
  const work = all.reduce((sum, run) => sum + linksIn(run) * roundsOf(run), 0) * messages
  if (work > MAX_WORK)
    throw new Error(
      `these runs have ${Math.round(work).toLocaleString('en')} links times messages times rounds of anti-entropy; ` +
        `at most ${MAX_WORK.toLocaleString('en')}, so choose fewer nodes, seeds or messages, or less delay`,
    )
  return { runs: all, messages }
}

/** Returns roughly the number of links. */
function linksIn({ topology, nodes }: Run): number {
  if (topology === 'mesh') return (nodes * (nodes - 1)) / 2
  if (topology === 'geometric') return 3 * nodes
  return topology === 'line' || topology === 'ring' || topology === 'star' ? nodes : 2 * nodes
}

/** Returns roughly how many rounds of anti-entropy a message takes: the way across the network, and crashes, prolong it. */
function roundsOf({ topology, nodes, delay, crashes }: Run): number {
  const across = Math.sqrt(nodes)
  const hops: Partial<Record<Topology, number>> = {
    line: nodes,
    ring: nodes / 2,
    grid: 2 * across,
    geometric: across,
    star: 2,
    mesh: 1,
  }
  return 1 + ((hops[topology] ?? Math.log2(nodes)) * delay) / DEFAULTS.antiEntropyMs + crashes
}

function parseTopologies(list: string): Topology[] {
  return [...new Set(list.split(','))].map((name) => {
    const topology = TOPOLOGIES.find((one) => one === name)
    if (!topology) throw new Error(`--topology is a list of ${TOPOLOGIES.join(', ')}, not '${name}'`)
    return topology
  })
}

function parseRange(name: Name, list: string): number[] {
  const values = list.split(',').flatMap((part) => {
    const [, from = '', to = from, step = '1'] = /^([^.:]+(?:\.\d+)?)(?:\.\.([^:]+?)(?::(.+))?)?$/.exec(part) ?? []
    return valuesOf(name, part, [numberIn(from), numberIn(to), numberIn(step)])
  })
  return [...new Set(values)]
}

const numberIn = (text: string): number =>
  text.length <= LONGEST_NUMBER && /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN

function valuesOf(name: Name, part: string, [from, to, step]: readonly [number, number, number]): number[] {
  const { min, max, whole } = BOUNDS[name]
  const numbers = `${whole ? 'whole numbers' : 'numbers'} from ${min} to ${max.toLocaleString('en')}`
  const isValid = from >= min && to <= max && from <= to && step > 0
  if (!isValid || (whole && ![from, to, step].every(Number.isInteger)))
    throw new Error(`--${name} takes ${numbers}, as 1,2 or FROM..TO:STEP, not '${part}'`)
  const count = Math.floor((to - from) / step + 1e-9) + 1
  if (count > MAX_RUNS) throw new Error(`--${name} has ${count.toLocaleString('en')} values; at most ${MAX_RUNS}`)
  // Twelve digits leave out the rounding errors of repeated sums, such as 0.1 + 0.2.
  return Array.from({ length: count }, (_, k) => Number((from + k * step).toPrecision(12)))
}
