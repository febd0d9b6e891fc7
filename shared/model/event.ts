/**
 * Defines the one stream of events. Nodes report facts; the supervisor orders them by time, numbers them and adds the
 * facts of the lab. Page, recording and tests read the same stream, and `lab-state.ts` folds it into a state.
 *
 * `event-schema.ts` defines the content of each event; the types here follow from it.
 */

import type * as z from 'zod/mini'
import type { Fact } from '../gossip/effects.ts'
import type * as schema from './event-schema.ts'

/** Numbered events are shared, and must not be changed. */
type Unchanging<T> = T extends object ? { readonly [Key in keyof T]: Unchanging<T[Key]> } : T

type TypeOf<Schema> = Unchanging<z.output<Schema>>

type OneOf<Schemas> = { [Type in keyof Schemas]: TypeOf<Schemas[Type]> }[keyof Schemas]

/** Omits keys from each type of a union. */
type Without<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never

type LabEventOfLab = OneOf<typeof schema.LAB_EVENTS>
type LabEventOfNode = OneOf<typeof schema.NODE_EVENTS>

export type LabEvent = LabEventOfLab | LabEventOfNode
export type EventOf<Type extends LabEvent['type']> = Extract<LabEvent, { type: Type }>

/** A fact of the lab, before it has its number and time. */
export type LabFact = Without<LabEventOfLab, 'n' | 'at'>
/** A fact of a node as clients receive it, before it has its number and time. */
export type NodeEvent = Without<LabEventOfNode, 'n' | 'at'>

export type Content = TypeOf<typeof schema.content>
export type AnyContent = TypeOf<typeof schema.anyContent>
export type End = TypeOf<typeof schema.end>
export type LossReason = EventOf<'lost'>['why']
export type Author = TypeOf<typeof schema.author>
export type ViewersMay = TypeOf<typeof schema.viewersMay>

/** Optional fields of any node event; missing when they do not apply. */
type Qualified = Partial<Pick<EventOf<'stored'>, 'inferred' | 'uncertaintyMs'>>

/** A fact as its node reports it. `at` is in ms of the clock that all processes of a machine share. */
export type NodeReport = { readonly at: number } & Qualified & NodeFact

/**
 * Identifies a datagram outside the wire format: equal bytes from one port to another arrive in the order of sending.
 */
interface Hashed {
  readonly hash: number
}

/** The receiver's own id for a datagram whose time in the air it has reported. */
interface Delayed {
  readonly delayId: number
}

/** An event as its node reports it: the node cannot know its number, or that of another event. */
type Reported<Type extends NodeEvent['type'], Given extends PropertyKey = never> = Omit<
  EventOf<Type>,
  'n' | 'at' | 'node' | Given
>

export type NodeFact =
  | Fact
  /** A host that reads the chat log of a node infers this. */
  | Reported<'stored'>
  | Reported<'given'>
  | Reported<'shown-again'>
  /** The node's UDP socket takes datagrams. It is no event: the lab reports that the node runs. */
  | { readonly type: 'listening' }
  | (Reported<'sent', 'held'> & { readonly ticket?: number } & Hashed)
  | Reported<'held', 'number'>
  | (Reported<'airborne', 'datagram'> & Delayed & Hashed)
  | (Reported<'received', 'datagram'> & Partial<Delayed> & Hashed)
  | (Reported<'rejected', 'datagram'> & Partial<Delayed> & Partial<Hashed>)
  /** A line from a TCP client; becomes a `command` from the proxy. */
  | { readonly type: 'line'; readonly line: string }
  | Reported<'ending'>
  | Reported<'line-refused'>
  | Reported<'counters'>
  | Reported<'sampling'>
