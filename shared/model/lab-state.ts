/** The state of the lab, as plain JSON: a snapshot is the state itself. `fold.ts` makes it from events. */

import { type Origin, originOf } from '../gossip/origin.ts'
import type { Oversized } from '../gossip/oversize.ts'
import type { Counters } from './counters.ts'
import type { End, EventOf, ViewersMay } from './event.ts'
import { type Behaviour, conditionOf, type LinkCondition, type LinkConditions, wayOf } from './fault.ts'
import type { LabSettings } from './lab-settings.ts'

export type NodeStatus = 'absent' | 'starting' | 'running' | 'crashed' | 'stopped' | 'killed' | 'failed'

export interface NodeState {
  readonly id: number
  readonly status: NodeStatus
  /** False while its process runs and gives no sign of life: stopped from outside, or with too much to do. */
  readonly answers: boolean
  /** It does not run, and a program that is not of the lab has its UDP port. Older recordings do not tell. */
  readonly stranger?: boolean
  /** Crash was typed: it takes no further line, passes on what is in flight, and ends. */
  readonly ending: boolean
  /** Its UDP port. */
  readonly port: number
  /** The TCP ports it listens on. */
  readonly tcp: readonly number[]
  readonly generation: number
  readonly pid: number | null
  /** The machine that it runs on, where that is not the lab's own. */
  readonly host?: string
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
  /** By port: the rumors from there that it has still to acknowledge, in the order in which they came. */
  readonly unanswered: Readonly<Record<number, readonly Unanswered[]>>
  /** By port: the last acknowledgement that it sent there. */
  readonly acknowledged: Readonly<Record<number, LastAck>>
  readonly counters: Counters | null
  /** One in so many datagrams is reported. */
  readonly sampling: number
  /** How it misbehaves; a restart does not cure it. */
  readonly behaviours: readonly Behaviour[]
  /** Messages that this life holds and cannot pass on, by their keys. */
  readonly oversized: Readonly<Record<string, Oversized>>
  /** Messages that it received and does not hold, because an earlier one of their origin is missing; by their keys. */
  readonly keptBack: Readonly<Record<string, KeptBack>>
}

/** The cost of a message so far, in datagrams. */
export interface Traffic {
  /** Sent for the first time from one node to another. */
  readonly rumors: number
  /** Sent again because no answer came. */
  readonly repeats: number
  /** A sum of shares. */
  readonly acks: number
  /** Of the rumors and repeats: came to a node that held the message. */
  readonly redundant: number
}

/** Statuses that answer no rumor: of anti-entropy, at a start, and questions. Counted since `since`, in ms of the lab. */
export interface Comparisons {
  readonly count: number
  readonly since: number
}

/** A rumor that a node owes an acknowledgement; null where that will be caused by no message of its own accord. */
export type Unanswered = readonly [Origin, seq: number] | null

/** When an acknowledgement was sent, in ms of the lab, and whether no rumor is known yet that it answers. */
export interface LastAck {
  readonly at: number
  readonly isUnclaimed: boolean
}

/** When a message that is kept back came, in ms of the lab, and from which UDP port. */
export interface KeptBack {
  readonly at: number
  readonly from: number
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
  /** As people read it. */
  readonly text: string
  /** Its wire form, where a foreign program wrote it otherwise than we would. */
  readonly wire?: string
  /** When the lab first saw it. */
  readonly at: number
  /** The datagrams that it caused; null where not all are known: only samples were reported, or a recording does not say. */
  readonly traffic: Traffic | null
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

/** A command, with the number of its event. */
export type CommandEcho = Omit<EventOf<'command'>, 'type'>

export interface LabState {
  /** Number of the last event folded in, and the latest time of all of them. */
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
  /** The directions of links that are not as they should be, or not like all others. See `linkOf`. */
  readonly links: LinkConditions
  /** The timers of the protocol stand still. */
  readonly timersHeld: boolean
  /** Null before the first network, and where a recording does not say. */
  readonly comparisons: Comparisons | null
  readonly viewersMay: ViewersMay
  /** The reason why the file that the lab is recorded to is not whole; empty when it is. */
  readonly recordingProblem: string
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
  comparisons: null,
  viewersMay: 'watch',
  recordingProblem: '',
  commands: [],
}

/** Whether a node holds a message now. */
export const holds = ({ copies }: Pick<MessageState, 'copies'>, id: number): boolean => copies[id]?.lostAt === null

/** How one direction of a link is. */
export const linkOf = ({ links }: Pick<LabState, 'links'>, from: number, to: number): LinkCondition =>
  conditionOf(links, wayOf(from, to))

/** The origin of what a node takes from a person now. */
export const currentOrigin = (node: Pick<NodeState, 'port' | 'generation'>): Origin =>
  originOf(node.port, node.generation)
