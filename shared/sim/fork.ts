/**
 * Makes the origin of a fork: a lab of simulated nodes that goes on from an instant of any lab, with the same messages,
 * lives, datagrams on their way and held, faults and settings. The timers of rounds of anti-entropy go on where an event
 * shows the last round. Round trips, repeats of rumors that were lost, and chance begin anew.
 */
import type { Arrival } from '../gossip/log.ts'
import { generationOf, type Origin, portOf } from '../gossip/origin.ts'
import { createRandom } from '../gossip/random.ts'
import { encodeText } from '../gossip/text.ts'
import type { Pair, Status } from '../gossip/wire.ts'
import type { LabOrigin } from '../lab/lab-origin.ts'
import { messagesIn } from '../model/content.ts'
import type { LabEvent } from '../model/event.ts'
import type { LabSettings } from '../model/lab-settings.ts'
import type { Datagram, HeldDatagram, LabState, MessageState, NodeState } from '../model/lab-state.ts'
import { datagramBytes } from '../node/datagram-bytes.ts'
import type { NodeMemory } from '../node/node-memory.ts'
import { hashOf } from '../node/reporter.ts'
import { NO_SOCKETS, VirtualMachine } from './virtual-machine.ts'

export interface ForkPoint {
  /** The state after the last event up to the instant. */
  readonly state: LabState
  /** The instant, in ms of the lab. */
  readonly at: number
  /** Events before the instant, as far as they are known. */
  readonly events: readonly LabEvent[]
}

/** Returns why there can be no fork of a state; undefined if there can be one. */
export function whyNoFork({ settings, nodes }: LabState): string | undefined {
  if (!settings) return 'there is no network yet'
  if (nodes.some(({ program }) => program)) return 'its nodes run a program of others, which cannot be simulated'
  return undefined
}

/**
 * Returns the origin of a fork, and its settings. `seed` decides its chance.
 * @throws if `whyNoFork` gives a reason.
 */
export function originOfFork(point: ForkPoint, seed: number): { origin: LabOrigin; settings: LabSettings } {
  const why = whyNoFork(point.state)
  const { settings } = point.state
  if (why !== undefined || !settings) throw new Error(why)
  const random = createRandom(seed)
  const state = {
    ...point.state,
    at: point.at,
    settings: { ...settings, simulated: true as const },
    nodes: point.state.nodes.map((node) => simulated(node, settings, random.below(2 ** 31))),
  }
  const known = new Known(state, settings, roundsIn(point))
  const running = state.nodes.filter(({ status }) => status === 'running')
  const memories = new Map(running.map((node) => [node.id, known.memoryOf(node)]))
  return { origin: { state, memories, hashOf: (datagram) => hashOf(known.bytesOf(datagram), MACHINE) }, settings }
}

/** Its checksum is that of all virtual machines. */
const MACHINE = new VirtualMachine(NO_SOCKETS)

/** A node that was just starting runs. */
function simulated(
  { host: _, gate: __, suspended: ___, outdated: ____, overloaded: _____, ...node }: NodeState,
  { basePort }: LabSettings,
  seed: number,
): NodeState {
  const isUp = node.status === 'running' || node.status === 'starting'
  const tcp = node.tcp.length > 0 ? node.tcp : [basePort + node.id]
  const now = { ...node, seed, pid: null, answers: true, stranger: false, sampling: 1 }
  return isUp ? { ...now, status: 'running', tcp } : now
}

/** Returns the times of the next rounds of anti-entropy, by node id. */
function roundsIn({ state, at, events }: ForkPoint): ReadonlyMap<number, number> {
  const { antiEntropyMs = 0 } = state.settings?.gossip ?? {}
  const rounds = new Map<number, number>()
  for (const event of events) {
    if (event.type === 'starting') rounds.delete(event.node)
    if (event.type === 'sent' && event.why === 'anti-entropy') rounds.set(event.node, event.at + antiEntropyMs)
  }
  // The settings may have changed since.
  for (const [node, due] of rounds) if (due < at) rounds.delete(node)
  return rounds
}

/** Memories of the nodes in a state. */
class Known {
  readonly #state: LabState
  readonly #settings: LabSettings
  readonly #rounds: ReadonlyMap<number, number>
  readonly #messages: ReadonlyMap<string, MessageState>

  constructor(state: LabState, settings: LabSettings, rounds: ReadonlyMap<number, number>) {
    this.#state = state
    this.#settings = settings
    this.#rounds = rounds
    this.#messages = new Map(state.messages.map((message) => [nameOf(message.origin, message.seq), message]))
  }

  memoryOf(node: NodeState): NodeMemory {
    return {
      messages: this.#messagesOf(node),
      heard: Object.entries(node.heard)
        .map(([port, vector]) => this.#status(Number(port), pairsOf(vector)))
        .filter((status) => this.#isPresent(status)),
      unacked: this.#unackedOf(node),
      owed: Object.entries(node.unanswered).flatMap(([port, rumors]) =>
        rumors.flatMap((rumor) => (rumor ? [{ port: Number(port), origin: rumor[0] }] : [])),
      ),
      antiEntropyAt: this.#rounds.get(node.id) ?? null,
      held: Object.values(this.#state.held)
        .filter(({ from }) => from === node.port)
        .toSorted((a, b) => a.ticket - b.ticket)
        .map((held) => ({ ticket: held.ticket, datagram: { ...held, bytes: this.bytesOf(held) } })),
      inTheAir: Object.values(this.#state.inFlight)
        .filter(({ to }) => to === node.port)
        .map((datagram) => ({ ...datagram, bytes: this.bytesOf(datagram) })),
      counters: node.counters,
    }
  }

  #messagesOf({ id, keptBack }: NodeState): Arrival[] {
    const arrivals = this.#state.messages.flatMap((message) => {
      const copy = message.copies[id]
      const back = keptBack[message.key]
      if (copy?.lostAt !== null && !back) return []
      const from = copy?.lostAt === null ? copy.from : (back?.from ?? null)
      return [
        {
          origin: message.origin,
          seq: message.seq,
          text: wireOf(message),
          from: this.#stillHolds(from, message) ? from : null,
        },
      ]
    })
    return arrivals.sort((a, b) => a.origin - b.origin || a.seq - b.seq)
  }

  /** A neighbour that has restarted since may lack what it sent. */
  #stillHolds(port: number | null, { copies }: MessageState): boolean {
    return port !== null && copies[port - this.#settings.rootId]?.lostAt === null
  }

  /** A status of an earlier life says nothing any more. */
  #isPresent({ sender: port, pairs }: Status): boolean {
    const sender = this.#state.nodes[port - this.#settings.rootId]
    const life = Math.max(
      ...pairs.filter(([origin]) => portOf(origin) === port).map(([origin]) => generationOf(origin)),
    )
    return sender === undefined || !Number.isFinite(life) || life === sender.generation
  }

  #status(sender: number, pairs: readonly Pair[]): Status {
    const status = { kind: 'status', sender, pairs, partial: false } as const
    return this.#settings.gossip.batchMs > 0 ? { ...status, takesBatches: true } : status
  }

  /** The rumors that are on their way, and those that have arrived and are not acknowledged. */
  #unackedOf(node: NodeState): NodeMemory['unacked'] {
    const onTheWay = Object.values(this.#state.inFlight)
      .filter(({ from }) => from === node.port)
      .flatMap(({ to, sentAt, content }) =>
        messagesIn(content).map(({ origin, seq }) => ({ port: to, origin, seq, sentAt })),
      )
    const arrived = this.#state.nodes.flatMap(({ port, unanswered }) =>
      (unanswered[node.port] ?? []).flatMap((rumor) =>
        rumor ? [{ port, origin: rumor[0], seq: rumor[1], sentAt: this.#state.at - this.#settings.linkDelayMs }] : [],
      ),
    )
    return [...arrived, ...onTheWay].sort((a, b) => a.sentAt - b.sentAt)
  }

  /** Returns the bytes of a datagram, which follow from its content and the texts of its messages. */
  bytesOf({ from: sender, content }: Datagram | HeldDatagram): Uint8Array {
    if (content.kind === 'status') return datagramBytes(this.#status(sender, content.pairs))
    const rumors = messagesIn(content).map(({ origin, seq }) => {
      const message = this.#messages.get(nameOf(origin, seq))
      return { kind: 'rumor' as const, sender, origin, seq, text: message ? wireOf(message) : '' }
    })
    const [first] = rumors
    if (!first) return new Uint8Array()
    return datagramBytes(rumors.length === 1 ? first : { kind: 'batch', sender, rumors })
  }
}

const nameOf = (origin: Origin, seq: number) => `${origin}.${seq}`
const wireOf = ({ wire, text }: MessageState): string => wire ?? encodeText(text)
const pairsOf = (vector: Readonly<Record<Origin, number>>): Pair[] =>
  Object.entries(vector).map(([origin, low]) => [Number(origin), low])
