/** A story of a network with faults, as data: so that it can be made up, shrunk, printed and run again. */
import type { Settings } from '../gossip/settings.ts'
import { neighboursOf, type Topology } from '../model/topology.ts'
import { CALM, type Faults } from './air.ts'
import { diameter, disagreement, unions, Watcher } from './checks.ts'
import { PLAIN_ANTI_ENTROPY_MS } from './plain-node.ts'
import type { Payload, TraceEvent } from './trace.ts'
import { World } from './world.ts'

export type Deed =
  | { readonly do: 'type'; readonly node: number; readonly text: string; readonly times: number }
  | { readonly do: 'start'; readonly node: number }
  /** The crash command, or a kill without last words. */
  | { readonly do: 'end'; readonly node: number; readonly lastWords: boolean }
  | { readonly do: 'cut' | 'cut one way' | 'heal'; readonly node: number; readonly other: number }
  | { readonly do: 'hoard'; readonly node: number; readonly hoards: boolean }
  /** Killed, and started again without what it remembered of its generations. */
  | { readonly do: 'forget'; readonly node: number }

export interface Scenario {
  readonly seed: number
  readonly topology: Topology
  readonly n: number
  readonly settings: Partial<Settings>
  readonly faults: Partial<Faults>
  /** Node ids are taken modulo n; `after` is in ms since the deed before. */
  readonly deeds: readonly (Deed & { readonly after: number })[]
  readonly reuseGenerations?: boolean
  /** Nodes remember their generations by themselves and can forget them; then every text is typed once. */
  readonly standalone?: boolean
  /**
   * Nodes that run the report's plain protocol, modulo n. They start once: without generations a second life would use
   * numbers of the first again.
   */
  readonly plain?: readonly number[]
}

export interface Outcome {
  /** What was violated; empty when all is well. */
  readonly violations: readonly string[]
  /** How long after the end of the faults all agreed, in ms. */
  readonly agreedAfter: number | undefined
  /** The bound on it, in ms. */
  readonly bound: number
  readonly datagrams: number
}

/**
 * Anti-entropy alone takes messages over one link a period: it finds what is missing, perhaps after the rumors that
 * were lost last have been given up, and a window of them goes over with every round trip. Two more for the phase.
 */
function boundOf(world: World, messages: number): number {
  const { antiEntropyMs, ackTimeoutMs, window } = world.settings
  const { delayMs, jitterMs } = world.air.faults
  const trip = 2 * (delayMs + jitterMs)
  const roundTrips = (1 + Math.ceil(messages / window)) * trip
  const bound = (diameter(world) + 2 + livesLost(world)) * (antiEntropyMs + ackTimeoutMs + roundTrips)
  return bound + plainBoundOf(world, messages * trip)
}

/** A node that lost a life goes one further a period, and says again what nobody confirmed after two more. */
const livesLost = (world: World): number =>
  world.isStandalone ? Math.max(...world.nodes.map(({ lives }) => lives)) + 3 : 0

/** A plain node asks for one origin a round, for a new one only in the second, and takes one message a round trip. */
function plainBoundOf(world: World, roundTrips: number): number {
  if (!world.nodes.some(({ plain }) => plain)) return 0
  const origins = world.nodes.reduce((sum, { lives }) => sum + lives, 0)
  return (diameter(world) + 2 + 2 * origins) * (PLAIN_ANTI_ENTROPY_MS + roundTrips)
}

type Watch = (event: TraceEvent, rootId: number) => void

export function runScenario(scenario: Scenario, watch?: Watch): Outcome {
  try {
    return tell(scenario, watch)
  } catch (error) {
    if (!(error instanceof Storm)) throw error
    return {
      violations: [error.message],
      agreedAfter: undefined,
      bound: Number.POSITIVE_INFINITY,
      datagrams: MAX_DATAGRAMS,
    }
  }
}

function tell(scenario: Scenario, watch: Watch | undefined): Outcome {
  const watcher = new Watcher()
  const sent: Sent = { all: 0, ourRumors: 0 }
  let messages = 0
  const world: World = new World({
    seed: scenario.seed,
    neighbours: neighboursOf(scenario.topology, scenario.n, scenario.seed),
    settings: scenario.settings,
    faults: { ...CALM, ...scenario.faults },
    // Parsing takes a third of the time; a quarter of the stories is enough for it.
    bytes: scenario.seed % 4 === 0,
    reuseGenerations: scenario.reuseGenerations ?? false,
    standalone: scenario.standalone ?? false,
    plain: (scenario.plain ?? []).map((id) => id % scenario.n),
    watch: (event) => {
      watcher.see(event)
      if (event.type === 'sent') count(sent, event.what)
      if (event.type === 'typed') messages += 1
      watch?.(event, world.rootId)
    },
  })
  world.startAll()
  for (const deed of scenario.deeds) {
    world.run(world.now + deed.after)
    carryOut(world, deed, scenario.standalone ? ` ${messages}` : '')
  }
  world.air.calm()
  for (const node of world.nodes) node.hoards = false
  const bound = boundOf(world, messages)
  const undecided = () => watcher.undecided(world, isDisturbed(scenario))
  const agreedAfter = runUntilAgreement(world, bound, undecided)
  const violations = [...watcher.violations]
  if (agreedAfter === undefined)
    violations.push(
      `no agreement: ${disagreement(world, unions(world, undecided()), undecided()) ?? 'something was lost'}`,
    )
  else violations.push(...whatFollows(world, bound, sent, undecided))
  watcher.violations.length = 0
  watcher.checkLogs(world)
  violations.push(...watcher.violations)
  return { violations, agreedAfter, bound, datagrams: sent.all }
}

/** Deeds that keep a rumor from a neighbour that is there. */
export const DISTURBING: ReadonlySet<Deed['do']> = new Set(['cut', 'cut one way', 'heal', 'hoard'])

/** Whether some that should learn of a dispute may not. */
const isDisturbed = ({ faults, deeds, plain = [] }: Scenario): boolean =>
  (faults.loss ?? 0) > 0 || plain.length > 0 || deeds.some((deed) => DISTURBING.has(deed.do))

function carryOut(world: World, deed: Deed, mark: string) {
  const n = world.nodes.length
  const node = deed.node % n
  switch (deed.do) {
    case 'type':
      for (let time = 0; time < deed.times; time += 1) world.type(node, `${deed.text}${time}${mark}`)
      break
    case 'start':
      if (!world.isPlain(node)) world.start(node)
      break
    case 'end':
      world.end(node, deed.lastWords)
      break
    case 'forget':
      if (world.isPlain(node)) break
      world.end(node, false)
      world.forget(node)
      world.start(node)
      break
    case 'hoard':
      for (const each of world.nodes) if (each.id === node) each.hoards = deed.hoards
      break
    default: {
      const links = world.neighboursOf(node)
      const other = links[deed.other % Math.max(1, links.length)]
      if (other !== undefined) changeLink(world, deed.do, node, other)
    }
  }
}

function changeLink({ air }: World, what: 'cut' | 'cut one way' | 'heal', a: number, b: number) {
  if (what === 'heal') {
    air.heal(a, b)
    air.heal(b, a)
    return
  }
  air.cut(a, b)
  if (what === 'cut') air.cut(b, a)
}

/** How long it took, in ms; undefined when the bound passed. */
function runUntilAgreement(world: World, bound: number, undecided: () => ReadonlySet<string>): number | undefined {
  const before = unions(world, undecided())
  const began = world.now
  const slice = world.settings.antiEntropyMs / 8
  while (world.now - began < bound) {
    world.run(world.now + slice)
    if (disagreement(world, before, undecided()) === undefined) return world.now - began
  }
  return undefined
}

/** Datagrams so far. */
interface Sent {
  all: number
  ourRumors: number
}

/** Datagrams of one story past which something is repeated for ever. The longest of 4,000 stories took 151,000. */
const MAX_DATAGRAMS = 500_000

class Storm extends Error {}

function count(sent: Sent, what: Payload) {
  sent.all += 1
  if (sent.all > MAX_DATAGRAMS) throw new Storm(`a storm of more than ${MAX_DATAGRAMS} datagrams`)
  if (typeof what !== 'string' && what.kind === 'rumor') sent.ourRumors += 1
}

/**
 * What was in the air when all agreed may still bring something new, and that must spread too. Then nothing is new any
 * more, and only anti-entropy is left: one status a period, over each link both ways. A plain node flips its coin for
 * any status and tells old news for ever; then our nodes must answer with statuses alone.
 */
function whatFollows(world: World, bound: number, sent: Sent, undecided: () => ReadonlySet<string>): string[] {
  const { ackTimeoutMs, antiEntropyMs, retries } = world.settings
  world.run(world.now + bound + ackTimeoutMs * (1 + retries))
  const before = { ...sent }
  const periods = 3
  world.run(world.now + periods * antiEntropyMs)
  const datagrams = sent.all - before.all
  const rumors = sent.ourRumors - before.ourRumors
  const isPlain = world.nodes.some(({ plain }) => plain)
  const links = world.nodes.reduce((sum, { id }) => sum + (world.isAlive(id) ? world.neighboursOf(id).length : 0), 0)
  const most = links * (periods + 1)
  const why = disagreement(world, unions(world, undecided()), undecided())
  return [
    ...(why === undefined ? [] : [`no agreement in the end: ${why}`]),
    ...(rumors > 0 ? [`not silent: ${rumors} rumors though all agree`] : []),
    ...(datagrams > most && !isPlain
      ? [`not silent: ${datagrams} datagrams where anti-entropy sends at most ${most}`]
      : []),
  ]
}
