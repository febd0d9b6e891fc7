/**
 * What the lab looks like: a pure fold over the event stream, the same in server and page. The state is plain JSON,
 * so a snapshot is the state itself. `fold` never changes the state it is given; within one call each part is copied
 * at most once, so folding a batch costs what the batch touches.
 */
import type { Author, Counters, End, EventOf, LabEvent, LabSettings, NodeEvent } from './event.ts'
import {
  type Behaviour,
  HEALTHY,
  isHealthy,
  type LinkCondition,
  type LinkConditions,
  type Way,
  wayOf,
} from './fault.ts'
import { messageKey, type Origin, originOf } from './gossip/origin.ts'
import { MAX_REMEMBERED_COMMANDS } from './limits.ts'

export type NodeStatus = 'absent' | 'starting' | 'running' | 'crashed' | 'stopped' | 'killed' | 'failed'

export interface NodeState {
  readonly id: number
  readonly status: NodeStatus
  /** Its UDP port. */
  readonly port: number
  /** The TCP ports it listens on. */
  readonly tcp: readonly number[]
  readonly generation: number
  readonly pid: number | null
  readonly seed: number | null
  /** When this life began and ended, in ms since the lab began. */
  readonly startedAt: number | null
  readonly endedAt: number | null
  readonly end: End | null
  readonly stderr: readonly string[]
  /** Messages it holds now. */
  readonly held: number
  /** Copies that went with its last life. */
  readonly lost: number
  /** Lowest-not-seen by origin. */
  readonly vector: Readonly<Record<Origin, number>>
  /** The last status heard from each port: lowest-not-seen by origin. */
  readonly heard: Readonly<Record<number, Readonly<Record<Origin, number>>>>
  readonly counters: Counters | null
  /** One in so many datagrams is reported. */
  readonly sampling: number
  /** How it misbehaves; a restart does not cure it. */
  readonly behaviours: readonly Behaviour[]
}

/** A message at one node. */
export interface Copy {
  readonly at: number
  /** Links it has come over; null when it came from outside the lab. */
  readonly hops: number | null
  /** UDP port it came from; null at its origin. */
  readonly from: number | null
  /** When the node that held it ended. */
  readonly lostAt: number | null
}

export interface MessageState {
  readonly key: string
  readonly origin: Origin
  readonly seq: number
  readonly text: string
  /** When the lab first saw it. */
  readonly at: number
  /** By node id. */
  readonly copies: Readonly<Record<number, Copy>>
}

/** A datagram on its way. Its place is a function of time: (now - sentAt) / (arrivesAt - sentAt). */
export interface Arrow {
  readonly arrow: number
  readonly from: number
  readonly to: number
  readonly sentAt: number
  readonly arrivesAt: number
  readonly why: EventOf<'sent'>['why']
  readonly bytes: number
  readonly content: EventOf<'sent'>['content']
}

/** A datagram that waits at its sender's gate. */
export interface HeldDatagram {
  /** What `deliver`, `drop` and `duplicate` call it. */
  readonly number: number
  readonly from: number
  readonly to: number
  readonly heldAt: number
  readonly why: EventOf<'held'>['why']
  readonly bytes: number
  readonly content: EventOf<'held'>['content']
  /** The number of the one that it was made from by hand. */
  readonly copyOf: number | null
  /** What its sender calls it. */
  readonly ticket: number
}

export interface CommandEcho {
  /** Number of its event. */
  readonly n: number
  readonly at: number
  readonly by: Author
  readonly line: string
  readonly output: readonly string[]
  readonly error?: string
}

export interface LabState {
  /** Number and time of the last event folded in. */
  readonly last: number
  readonly at: number
  readonly settings: LabSettings | null
  /** By id, from 0. */
  readonly nodes: readonly NodeState[]
  /** In order of appearance. */
  readonly messages: readonly MessageState[]
  /** Where in `messages` one is, by origin and sequence number. */
  readonly places: Readonly<Record<Origin, Readonly<Record<number, number>>>>
  /** By number of the sending event. */
  readonly inFlight: Readonly<Record<number, Arrow>>
  /** By number. */
  readonly held: Readonly<Record<number, HeldDatagram>>
  /** The directions of links that are not as they should be. See `linkOf`. */
  readonly links: LinkConditions
  /** The timers of the protocol stand still. */
  readonly timersHeld: boolean
  readonly commands: readonly CommandEcho[]
}

export const EMPTY_LAB: LabState = {
  last: 0,
  at: 0,
  settings: null,
  nodes: [],
  messages: [],
  places: {},
  inFlight: {},
  held: {},
  links: {},
  timersHeld: false,
  commands: [],
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

interface Parts {
  nodes: NodeState[]
  messages: MessageState[]
  places: Record<Origin, Record<number, number>>
  inFlight: Record<number, Arrow>
  held: Record<number, HeldDatagram>
  links: Record<Way, LinkCondition>
  commands: CommandEcho[]
}

/** A state being changed. Parts and their items are copied when first touched. */
class Draft {
  settings: LabSettings | null
  timersHeld: boolean
  readonly #parts: Parts
  readonly #owned = new Set<unknown>()

  constructor(state: LabState) {
    const { settings, timersHeld, nodes, messages, places, inFlight, held, links, commands } = state
    this.settings = settings
    this.timersHeld = timersHeld
    this.#parts = { nodes, messages, places, inFlight, held, links, commands } as Parts
  }

  finish(last: number, at: number): LabState {
    return { last, at, settings: this.settings, timersHeld: this.timersHeld, ...this.#parts }
  }

  part<Key extends keyof Parts>(key: Key): Parts[Key] {
    if (!this.#owned.has(key)) {
      const part = this.#parts[key]
      this.#parts[key] = (Array.isArray(part) ? [...part] : { ...part }) as Parts[Key]
      this.#owned.add(key)
    }
    return this.#parts[key]
  }

  replace<Key extends keyof Parts>(key: Key, part: Parts[Key]) {
    this.#parts[key] = part
    this.#owned.add(key)
  }

  node(id: number): Mutable<NodeState> | undefined {
    return this.#item(this.part('nodes'), id)
  }

  message(origin: Origin, seq: number): Mutable<MessageState> | undefined {
    const place = this.#parts.places[origin]?.[seq]
    return place === undefined ? undefined : this.#item(this.part('messages'), place)
  }

  addMessage(message: MessageState): Mutable<MessageState> | undefined {
    const { origin, seq } = message
    const messages = this.part('messages')
    const places = this.part('places')
    places[origin] ??= {}
    const ofOrigin = this.#item(places, origin)
    if (ofOrigin) ofOrigin[seq] = messages.length
    messages.push(message)
    return this.message(origin, seq)
  }

  /** For looking only. */
  look<Key extends keyof Parts>(key: Key): Readonly<Parts[Key]> {
    return this.#parts[key]
  }

  holds(id: number, origin: Origin, seq: number): boolean {
    const place = this.#parts.places[origin]?.[seq]
    const copy = place === undefined ? undefined : this.#parts.messages[place]?.copies[id]
    return copy !== undefined && copy.lostAt === null
  }

  /** A record inside an item that is already the draft's own. */
  inside<Item, Key extends keyof Item>(item: Item, key: Key): Mutable<Item[Key]> {
    if (!this.#owned.has(item[key])) {
      item[key] = { ...item[key] }
      this.#owned.add(item[key])
    }
    return item[key]
  }

  #item<T extends object>(items: T[] | Record<number, T>, index: number): Mutable<T> | undefined {
    return items[index] === undefined ? undefined : this.inside<Record<number, T>, number>(items, index)
  }
}

/** Folds events, in the order of their numbers, into a state. An event that was folded in before changes nothing. */
export function fold(state: LabState, events: readonly LabEvent[]): LabState {
  let { last } = state
  const fresh = events.filter(({ n }) => {
    const isFresh = n > last
    if (isFresh) last = n
    return isFresh
  })
  const latest = fresh.at(-1)
  if (!latest) return state
  const draft = new Draft(state)
  for (const event of fresh) apply(draft, event)
  return draft.finish(latest.n, Math.max(state.at, latest.at))
}

function apply(draft: Draft, event: LabEvent) {
  switch (event.type) {
    case 'network':
      startNetwork(draft, event)
      break
    case 'settings':
      draft.settings = event.settings
      addNodes(draft, event.settings)
      break
    case 'starting':
    case 'running':
    case 'ended':
      changeLife(draft, event)
      break
    case 'lost':
      delete draft.part('inFlight')[event.arrow]
      break
    case 'command':
      rememberCommand(draft, event)
      break
    case 'links':
      changeLinks(draft, event)
      break
    case 'behaves': {
      const node = draft.node(event.node)
      if (node) node.behaviours = event.behaviours
      break
    }
    case 'timers':
      draft.timersHeld = event.held
      break
    default:
      applyNodeEvent(draft, event)
  }
}

function startNetwork(draft: Draft, { settings }: EventOf<'network'>) {
  draft.settings = settings
  draft.replace('nodes', [])
  draft.replace('messages', [])
  draft.replace('places', {})
  draft.replace('inFlight', {})
  draft.replace('held', {})
  draft.replace('links', {})
  draft.timersHeld = false
  addNodes(draft, settings)
}

function addNodes(draft: Draft, { n, rootId }: LabSettings) {
  const nodes = draft.part('nodes')
  for (let id = nodes.length; id < n; id += 1) nodes.push(absentNode(id, rootId + id))
}

const absentNode = (id: number, port: number): NodeState => ({
  id,
  status: 'absent',
  port,
  tcp: [],
  generation: 0,
  pid: null,
  seed: null,
  startedAt: null,
  endedAt: null,
  end: null,
  stderr: [],
  held: 0,
  lost: 0,
  vector: {},
  heard: {},
  counters: null,
  sampling: 1,
  behaviours: [],
})

function changeLinks(draft: Draft, { links }: EventOf<'links'>) {
  const all = draft.part('links')
  for (const [way, condition] of Object.entries(links) as [Way, LinkCondition][]) {
    if (isHealthy(condition)) delete all[way]
    else all[way] = condition
  }
}

function changeLife(draft: Draft, event: EventOf<'starting' | 'running' | 'ended'>) {
  const node = draft.node(event.node)
  if (!node) return
  if (event.type === 'starting') {
    // Its end may never have been reported.
    loseCopies(draft, node.id, event.at)
    const { generation, pid, seed, at } = event
    const { behaviours } = node
    const begun = { status: 'starting', generation, pid, seed, startedAt: at, behaviours }
    Object.assign(node, absentNode(node.id, node.port), begun)
  } else if (event.type === 'running') {
    Object.assign(node, { status: 'running', tcp: event.tcp })
  } else {
    loseCopies(draft, node.id, event.at)
    loseHeld(draft, node.port)
    const { end, stderr, at } = event
    const { held } = node
    Object.assign(node, {
      status: end.how,
      end,
      stderr,
      endedAt: at,
      held: 0,
      lost: held,
      tcp: [],
      vector: {},
      heard: {},
    })
  }
}

function loseCopies(draft: Draft, id: number, at: number) {
  for (const { origin, seq } of draft.look('messages')) {
    if (!draft.holds(id, origin, seq)) continue
    const message = draft.message(origin, seq)
    const copy = message?.copies[id]
    if (message && copy) draft.inside(message, 'copies')[id] = { ...copy, lostAt: at }
  }
}

/** What waits at a node's gate goes with it. */
function loseHeld(draft: Draft, port: number) {
  const mine = Object.values(draft.look('held')).filter(({ from }) => from === port)
  for (const { number } of mine) delete draft.part('held')[number]
}

function rememberCommand(draft: Draft, { n, at, by, line, output, error }: EventOf<'command'>) {
  const commands = draft.part('commands')
  commands.push({ n, at, by, line, output, ...(error === undefined ? {} : { error }) })
  if (commands.length > MAX_REMEMBERED_COMMANDS) commands.shift()
}

function applyNodeEvent(draft: Draft, event: LabEvent & NodeEvent) {
  switch (event.type) {
    case 'stored':
      store(draft, event)
      break
    case 'sent':
      send(draft, event)
      break
    case 'held':
      hold(draft, event)
      break
    case 'airborne': {
      const { [event.arrow]: arrow } = draft.look('inFlight')
      if (arrow) draft.part('inFlight')[event.arrow] = { ...arrow, arrivesAt: event.at + event.delayMs }
      break
    }
    case 'received':
      receive(draft, event)
      break
    case 'dropped':
      if (event.arrow !== undefined) delete draft.part('inFlight')[event.arrow]
      break
    case 'counters':
    case 'sampling': {
      const node = draft.node(event.node)
      if (node)
        Object.assign(node, event.type === 'counters' ? { counters: event.counters } : { sampling: event.every })
      break
    }
    // What was refused, compared or tossed is history, not state.
    default:
  }
}

function store(draft: Draft, { node: id, at, origin, seq, text, from }: EventOf<'stored'>) {
  const node = draft.node(id)
  if (!node || draft.holds(id, origin, seq)) return
  const message =
    draft.message(origin, seq) ?? draft.addMessage({ key: messageKey(origin, seq), origin, seq, text, at, copies: {} })
  if (!message) return
  const { endedAt } = node
  draft.inside(message, 'copies')[id] = { at, from, hops: hopsTo(draft, message, from), lostAt: endedAt }
  if (endedAt !== null) {
    // The report came after the end of the node.
    node.lost += 1
    return
  }
  node.held += 1
  let low = node.vector[origin] ?? 0
  while (draft.holds(id, origin, low)) low += 1
  draft.inside(node, 'vector')[origin] = low
}

/** One more than where it came from; at its origin none. */
function hopsTo(draft: Draft, message: MessageState, from: number | null): number | null {
  if (from === null) return 0
  const rootId = draft.settings?.rootId ?? 0
  const hops = message.copies[from - rootId]?.hops
  return hops === undefined || hops === null ? null : hops + 1
}

function hold(draft: Draft, event: EventOf<'held'>) {
  const { node: id, at, number, to, why, bytes, content, ticket, copyOf = null } = event
  const node = draft.node(id)
  // The report may have come after the end of the node.
  if (!node || node.endedAt !== null) return
  draft.part('held')[number] = { number, from: node.port, to, heldAt: at, why, bytes, content, copyOf, ticket }
}

function send(draft: Draft, event: EventOf<'sent'>) {
  const { n, node: id, at, to, why, bytes, delayMs, content, fate, held } = event
  if (held !== undefined) delete draft.part('held')[held]
  const from = draft.node(id)?.port
  if (from === undefined || fate !== undefined) return
  draft.part('inFlight')[n] = { arrow: n, from, to, sentAt: at, arrivesAt: at + delayMs, why, bytes, content }
}

function receive(draft: Draft, { node: id, from, arrow, content }: EventOf<'received'>) {
  const node = draft.node(id)
  const sent = arrow === null ? undefined : draft.part('inFlight')[arrow]
  const heard = sent?.content ?? content
  if (arrow !== null) delete draft.part('inFlight')[arrow]
  if (node && heard?.kind === 'status') draft.inside(node, 'heard')[from] = Object.fromEntries(heard.pairs)
}

/** How one direction of a link is. */
export const linkOf = ({ links }: Pick<LabState, 'links'>, from: number, to: number): LinkCondition =>
  links[wayOf(from, to)] ?? HEALTHY

/** The origin of what a node takes from a person now. */
export const currentOrigin = (node: Pick<NodeState, 'port' | 'generation'>): Origin =>
  originOf(node.port, node.generation)
