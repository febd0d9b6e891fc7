/** Plays a scenario in a world of nodes, and checks the invariants. */
import type { Settings } from '../gossip/settings.ts'
import { rumorCount } from '../gossip/wire.ts'
import type { LinkCondition } from '../model/fault.ts'
import { type CheckedWorld, diameter, disagreement, unions, Watcher } from './checks.ts'
import { PLAIN_ANTI_ENTROPY_MS } from './plain-node.ts'
import { type Deed, DISTURBING, type LinkDeed, type Outcome, type Scenario } from './scenario.ts'
import type { Payload, TraceEvent } from './trace.ts'

/** The world of a story: many nodes and the links between them, by id. */
export interface StoryWorld extends CheckedWorld {
  readonly now: number
  readonly settings: Settings
  /** Maximum time of a datagram and its acknowledgement together, in ms, without reordering. */
  readonly roundTripMs: number
  /** Number of starts of a node so far. */
  livesOf(id: number): number
  /** Returns whether it runs the report's plain protocol. */
  isPlain(id: number): boolean
  start(id: number): void
  /** Ends a node: like the crash command if it may send its last datagrams, like a kill if not. */
  end(id: number, lastWords: boolean): void
  /** Erases a node's memory of its generations. */
  forget(id: number): void
  type(id: number, text: string): void
  hoard(id: number, hoards: boolean): void
  /** Changes one direction; the other stays unchanged. */
  change(from: number, to: number, changes: Partial<LinkCondition>): void
  /** Clears all faults; slow links stay slow. */
  calm(): void
}

/**
 * Anti-entropy alone takes messages over one link a period: it finds missing ones, perhaps after the rumors that were
 * lost last have been given up, and a window of them goes over with every round trip. Two more periods cover the phase.
 */
function boundOf(world: StoryWorld, messages: number): number {
  const { antiEntropyMs, ackTimeoutMs, window } = world.settings
  const roundTrips = (1 + Math.ceil(messages / window)) * world.roundTripMs
  const bound = (diameter(world) + 2 + livesLost(world)) * (antiEntropyMs + ackTimeoutMs + roundTrips)
  return bound + plainBoundOf(world, messages * world.roundTripMs)
}

/** A node that lost a life moves one generation a period, and sends unconfirmed messages again after two more. */
const livesLost = (world: StoryWorld): number =>
  world.isStandalone ? Math.max(...world.nodes.map(({ id }) => world.livesOf(id))) + 3 : 0

/** A plain node asks for one origin a round, for a new one only in the second, and takes one message a round trip. */
function plainBoundOf(world: StoryWorld, roundTrips: number): number {
  if (!hasPlain(world)) return 0
  const origins = world.nodes.reduce((sum, { id }) => sum + world.livesOf(id), 0)
  return (diameter(world) + 2 + 2 * origins) * (PLAIN_ANTI_ENTROPY_MS + roundTrips)
}

const hasPlain = (world: StoryWorld): boolean => world.nodes.some(({ id }) => world.isPlain(id) && world.isAlive(id))

/** Plays a scenario, and runs its checks. */
export class Story {
  readonly #scenario: Scenario
  readonly #watcher = new Watcher()
  readonly #sent: Sent = { all: 0, ourRumors: 0 }
  #messages = 0

  constructor(scenario: Scenario) {
    this.#scenario = scenario
  }

  /** Takes the events of the world, in order. */
  see(event: TraceEvent) {
    this.#watcher.see(event)
    if (event.type === 'sent') count(this.#sent, event.what)
    if (event.type === 'typed') this.#messages += 1
  }

  /** Plays the scenario. It yields times in ms: the caller must run the world to each before it continues. */
  *tell(world: StoryWorld): Generator<number, Outcome> {
    const scenario = this.#scenario
    const watcher = this.#watcher
    for (const { id } of world.nodes) world.start(id)
    for (const deed of scenario.deeds) {
      yield world.now + deed.after
      carryOut(world, deed, scenario.standalone ? ` ${this.#messages}` : '')
    }
    world.calm()
    for (const { id } of world.nodes) world.hoard(id, false)
    const bound = boundOf(world, this.#messages)
    const undecided = () => watcher.undecided(world, isDisturbed(scenario))
    const agreedAfter = yield* untilAgreement(world, bound, undecided)
    const violations = [...watcher.violations]
    if (agreedAfter === undefined)
      violations.push(
        `no agreement: ${disagreement(world, unions(world, undecided()), undecided()) ?? 'something was lost'}`,
      )
    else violations.push(...(yield* whatFollows(world, bound, this.#sent, undecided)))
    watcher.violations.length = 0
    watcher.checkLogs(world)
    violations.push(...watcher.violations)
    return { violations, agreedAfter, bound, datagrams: this.#sent.all }
  }

  /** Returns the outcome of a story that a storm has ended; throws every other error. */
  endOf(error: unknown): Outcome {
    if (!(error instanceof Storm)) throw error
    const bound = Number.POSITIVE_INFINITY
    return { violations: [error.message], agreedAfter: undefined, bound, datagrams: MAX_DATAGRAMS }
  }
}

/** Whether some nodes that should learn of a dispute may not. */
const isDisturbed = ({ faults, deeds, plain = [] }: Scenario): boolean =>
  (faults.loss ?? 0) > 0 || plain.length > 0 || deeds.some((deed) => DISTURBING.has(deed.do))

function carryOut(world: StoryWorld, deed: Deed, mark: string) {
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
      world.hoard(node, deed.hoards)
      break
    default: {
      const links = world.neighboursOf(node)
      const other = links[deed.other % Math.max(1, links.length)]
      if (other !== undefined) changeLink(world, deed.do, node, other)
    }
  }
}

const CONDITIONS: Readonly<Record<LinkDeed, Partial<LinkCondition>>> = {
  cut: { cut: true },
  'cut one way': { cut: true },
  hold: { hold: true },
  heal: { cut: false, hold: false },
}

function changeLink(world: StoryWorld, what: LinkDeed, a: number, b: number) {
  world.change(a, b, CONDITIONS[what])
  if (what !== 'cut one way') world.change(b, a, CONDITIONS[what])
}

/** Returns the time to agreement, in ms; undefined when the bound passed. */
function* untilAgreement(
  world: StoryWorld,
  bound: number,
  undecided: () => ReadonlySet<string>,
): Generator<number, number | undefined> {
  const before = unions(world, undecided())
  const began = world.now
  const slice = world.settings.antiEntropyMs / 8
  while (world.now - began < bound) {
    yield world.now + slice
    if (disagreement(world, before, undecided()) === undefined) return world.now - began
  }
  return undefined
}

/** Number of datagrams so far. */
interface Sent {
  all: number
  ourRumors: number
}

/**
 * Number of datagrams of one story past which something repeats for ever. The longest of 4,000 stories took 151,000.
 */
const MAX_DATAGRAMS = 500_000

class Storm extends Error {}

function count(sent: Sent, what: Payload) {
  sent.all += 1
  if (sent.all > MAX_DATAGRAMS) throw new Storm(`a storm of more than ${MAX_DATAGRAMS} datagrams`)
  if (typeof what !== 'string') sent.ourRumors += rumorCount(what)
}

/**
 * Datagrams in the air at agreement may still bring something new, which must spread too. Then only anti-entropy
 * remains: one status a period, over each link in both directions. A plain node flips its coin for any status and
 * repeats old messages for ever; then our nodes must answer with statuses alone.
 */
function* whatFollows(
  world: StoryWorld,
  bound: number,
  sent: Sent,
  undecided: () => ReadonlySet<string>,
): Generator<number, string[]> {
  const { ackTimeoutMs, antiEntropyMs, retries } = world.settings
  yield world.now + bound + ackTimeoutMs * (1 + retries)
  const before = { ...sent }
  const periods = 3
  yield world.now + periods * antiEntropyMs
  const datagrams = sent.all - before.all
  const rumors = sent.ourRumors - before.ourRumors
  const isPlain = hasPlain(world)
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
