/** Defines the state of the lab, as plain JSON: a snapshot is the state itself. `fold.ts` makes it from events. */

import { type Origin, originOf } from '../gossip/origin.ts'
import type { Oversized } from '../gossip/too-large.ts'
import type { Counters } from './counters.ts'
import type { End, EventOf, ViewersMay } from './event.ts'
import { type Behaviour, conditionOf, type LinkCondition, type LinkConditions, wayOf } from './fault.ts'
import type { LabSettings } from './lab-settings.ts'
import type { Lacks } from './lacks.ts'

export type NodeStatus = 'absent' | 'starting' | 'running' | 'crashed' | 'stopped' | 'killed' | 'failed'

export interface NodeState {
  readonly id: number
  readonly status: NodeStatus
  /** False while the process runs but does not respond: a signal stopped it, or it is overloaded. */
  readonly answers: boolean
  /** Whether the node does not run and a program outside the lab has its UDP port. Older recordings do not say. */
  readonly stranger?: boolean
  /** Whether the node received a typed crash: it takes no further line, forwards messages in flight, and ends. */
  readonly ending: boolean
  /** UDP port of the node. */
  readonly port: number
  /** TCP ports that the node listens on. */
  readonly tcp: readonly number[]
  readonly generation: number
  readonly pid: number | null
  /** Machine of the node, unless it is the lab's own. */
  readonly host?: string
  /** Set when the node runs a program of others: what it stores is inferred from its chat log. */
  readonly program?: true
  /** True when the datagrams of that program pass a gate of the lab, or the reason why they do not. */
  readonly gate?: true | string
  /** Number of nodes that the program was started for. */
  readonly startedFor?: number
  /** Abilities of the nodes of other hosts that this one lacks. */
  readonly lacks?: Lacks
  /** Whether the file of the program has changed since this life began. */
  readonly outdated?: true
  /** Whether the program waits for a processor, because the machine is too busy. */
  readonly overloaded?: true
  /** The process that holds a program: it runs again once that lets it. */
  readonly suspended?: 'signal' | 'debugger'
  /** Says in words what the lab cannot do with that program now. */
  readonly trouble?: string
  readonly seed: number | null
  /** Start and end of this life, in ms since the lab began. */
  readonly startedAt: number | null
  readonly endedAt: number | null
  readonly end: End | null
  readonly stderr: readonly string[]
  /** Number of messages that the node has. */
  readonly messages: number
  /** Number of copies that were lost with its last life. */
  readonly lost: number
  /** Lowest-not-seen by origin. */
  readonly vector: Readonly<Record<Origin, number>>
  /** The last status heard from each port: lowest-not-seen by origin. */
  readonly heard: Readonly<Record<number, Readonly<Record<Origin, number>>>>
  /** By port: rumors from there that the node must still acknowledge, in order of arrival. */
  readonly unanswered: Readonly<Record<number, readonly Unanswered[]>>
  /** By port: the last acknowledgement sent there. */
  readonly acknowledged: Readonly<Record<number, LastAck>>
  readonly counters: Counters | null
  /** The node reports one in so many datagrams. */
  readonly sampling: number
  /** Fault of the node; a restart does not clear it. */
  readonly behaviours: readonly Behaviour[]
  /** Keys of messages that this life has and cannot forward. */
  readonly oversized: Readonly<Record<string, Oversized>>
  /** Keys of messages that the node received but keeps back, because an earlier one of their origin is missing. */
  readonly keptBack: Readonly<Record<string, KeptBack>>
}

/** Cost of a message so far, in datagrams. */
export interface Traffic {
  /** First sendings from one node to another. */
  readonly rumors: number
  /** Repeats after a missing answer. */
  readonly repeats: number
  /** A sum of shares. */
  readonly acks: number
  /** Those of the rumors and repeats that reached a node that had the message. */
  readonly redundant: number
}

/**
 * Statuses that answer no rumor: of anti-entropy, at a start, and questions. They are counted since `since`, in ms of
 * the lab.
 */
export interface Comparisons {
  readonly count: number
  readonly since: number
}

/** A rumor that a node must acknowledge; null when no message will be charged for the acknowledgement. */
export type Unanswered = readonly [Origin, seq: number] | null

/** When an acknowledgement was sent, in ms of the lab, and whether the rumor that it answers is still unknown. */
export interface LastAck {
  readonly at: number
  readonly isUnclaimed: boolean
}

/** When a message that is kept back arrived, in ms of the lab, and its sender's UDP port. */
export interface KeptBack {
  readonly at: number
  readonly from: number
}

/** A message at one node. */
export interface Copy {
  readonly at: number
  /** Number of links that it crossed; null when it came from outside the lab. */
  readonly hops: number | null
  /** UDP port that it came from; null at its origin. */
  readonly from: number | null
  /** Time of the end of its node. */
  readonly lostAt: number | null
  /** Set when the lab saw it in a chat log: `at` is when, and nobody knows the way there. */
  readonly inferred?: true
  /** Set when several messages have this text, and only their order says which one the chat log shows. */
  readonly ambiguous?: true
}

export interface MessageState {
  readonly key: string
  readonly origin: Origin
  readonly seq: number
  /** The text as people read it. */
  readonly text: string
  /** The text's wire form, if a foreign program wrote it differently from our encoding. */
  readonly wire?: string
  /** Time of its first event in the lab. */
  readonly at: number
  /**
   * Datagrams that the message caused; null when some are unknown: nodes reported only samples, or a recording does not
   * say.
   */
  readonly traffic: Traffic | null
  /** By node id. */
  readonly copies: Readonly<Record<number, Copy>>
}

/** A datagram in flight. Its position is a function of time: (now - sentAt) / (arrivesAt - sentAt). */
export interface Datagram {
  readonly id: number
  readonly from: number
  readonly to: number
  readonly sentAt: number
  readonly arrivesAt: number
  readonly why: EventOf<'sent'>['why']
  readonly bytes: number
  readonly content: EventOf<'sent'>['content']
}

/** A datagram that is held at its sender's gate. */
export interface HeldDatagram {
  /** Its number for `deliver`, `drop` and `duplicate`. */
  readonly number: number
  readonly from: number
  readonly to: number
  readonly heldAt: number
  readonly why: EventOf<'held'>['why']
  readonly bytes: number
  readonly content: EventOf<'held'>['content']
  /** The first bytes of a datagram of a program, in base64. */
  readonly head?: string
  /** The number of the datagram that a person duplicated to make this one. */
  readonly copyOf: number | null
  /** The sender's own id for it. */
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
  /** Index in `messages`, by origin and sequence number. */
  readonly places: Readonly<Record<Origin, Readonly<Record<number, number>>>>
  /** By number of the sending event. */
  readonly inFlight: Readonly<Record<number, Datagram>>
  /** By number. */
  readonly held: Readonly<Record<number, HeldDatagram>>
  /** Directions of links that are faulty, or differ from all others. See `linkOf`. */
  readonly links: LinkConditions
  /** Whether the timers of the protocol are paused. */
  readonly timersHeld: boolean
  /** Null before the first network, and in recordings that do not say. */
  readonly comparisons: Comparisons | null
  readonly viewersMay: ViewersMay
  /** Reason why the file that the lab is recorded to is incomplete; empty when it is complete. */
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

/** Returns whether a node has a message now. */
export const holds = ({ copies }: Pick<MessageState, 'copies'>, id: number): boolean => copies[id]?.lostAt === null

/** Returns whether a program was given a message in its present life, and its chat log has not shown it yet. */
export const awaits = (node: NodeState, { origin, copies }: Pick<MessageState, 'origin' | 'copies'>): boolean =>
  node.program === true && node.status === 'running' && origin === currentOrigin(node) && copies[node.id] === undefined

/** Returns the state of one direction of a link. */
export const linkOf = ({ links }: Pick<LabState, 'links'>, from: number, to: number): LinkCondition =>
  conditionOf(links, wayOf(from, to))

/** Returns the origin of messages that a person gives to a node now. */
export const currentOrigin = (node: Pick<NodeState, 'port' | 'generation'>): Origin =>
  originOf(node.port, node.generation)
