/**
 * Defines the messages on the WebSocket, in both directions. A client joins, gets a snapshot or the events that it
 * missed, then events as they come. The server keeps no queue for a client, only the number of its latest event; a
 * client that falls too far behind gets a snapshot again.
 */

import * as z from 'zod/mini'
import { MAX_LINE_BYTES } from '../language/command.ts'
import { MAX_NAME_CHARS, MAX_SAYING_CHARS } from '../language/saying.ts'
import type { LabEvent } from '../model/event.ts'
import { MAX_NODES } from '../model/lab-settings.ts'
import type { LabState } from '../model/lab-state.ts'
import type { Rate } from '../model/token-bucket.ts'
import { PROTOCOL_VERSION } from './version.ts'

/** Rate of messages from one viewer's client; past it the connection closes. */
export const VIEWER_MESSAGE_RATE: Rate = { burst: 30, perSecond: 5 }

export { PROTOCOL_VERSION }

/** The rights of a client. */
export type Role = 'presenter' | 'viewer'

export type ServerMessage =
  /** The state as of `state.last`; the next events follow it. */
  | ({ readonly type: 'snapshot'; readonly state: LabState } & LabClock)
  /** Nothing was lost: the events after the one that the client named follow. */
  | ({ readonly type: 'resumed' } & LabClock)
  /** Events in order and without gaps. The time is that of their sending. */
  | ({ readonly type: 'events'; readonly events: readonly LabEvent[] } & LabTime)
  /**
   * The answer to `history`: a state, and all events after it, at least up to the requested one. `oldest` is as in the
   * clock. There are no events when nothing older is left.
   */
  | { readonly type: 'past'; readonly state: LabState; readonly events: readonly LabEvent[]; readonly oldest: number }
  /** The reply to the command with this id. */
  | { readonly type: 'reply'; readonly id: number; readonly ok: true; readonly output: readonly string[] }
  | { readonly type: 'reply'; readonly id: number; readonly ok: false; readonly error: string }
  /** To followers: the presenter's current focus. The server sends only the latest. */
  | ({ readonly type: 'pointing' } & Pointing)
  /** To the presenter: the number of viewers that have joined. */
  | { readonly type: 'audience'; readonly viewers: number }
  /** A message of the client is invalid, or the client has no right to it. */
  | { readonly type: 'refused'; readonly error: string }

/** The presenter's selection and instant: the pages of followers show the same. */
export type Pointing = z.infer<typeof pointingSchema>

export interface LabTime {
  /** The lab's time, in ms since it began. */
  readonly now: number
  /** Pace of the lab's time: 1 is real time, 0 is stopped; 1 when missing. */
  readonly rate?: number
}

export interface LabClock extends LabTime {
  readonly version: number
  /** Identifies this run of the supervisor; numbers of another run mean nothing. */
  readonly lab: string
  readonly role: Role
  /** When the lab began, in ms since 1970. */
  readonly beganAt: number
  /** Number of the oldest event that the server still has. */
  readonly oldest: number
  /**
   * To the presenter: GET /api/last-lab returns the recording of the previous lab, or the one that the command line
   * names.
   */
  readonly lastLab?: LastLab
}

export interface LastLab {
  /** Identifies the run of that lab. */
  readonly lab: string
  /** In ms since 1970. */
  readonly endedAt: number
  /** Name of that recording, if the page is to open it by itself. */
  readonly opens?: string
}

const count = z.int().check(z.minimum(0))

const selectionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('node'), id: count }),
  z.strictObject({ kind: z.literal('message'), origin: count, seq: count }),
  z.strictObject({ kind: z.literal('datagram'), id: count }),
  z.strictObject({ kind: z.literal('link'), a: count, b: count }),
  z.strictObject({ kind: z.literal('held'), number: count }),
])

const pointingSchema = z.strictObject({
  selection: z.nullable(selectionSchema),
  /** In ms of the lab. */
  cursor: z.nullable(z.number()),
  /** The instant on screen; `at` is null for the present. */
  time: z.strictObject({
    mode: z.enum(['live', 'paused', 'playing']),
    speed: z.number().check(z.positive(), z.maximum(1_000)),
    at: z.nullable(z.number()),
  }),
})

export const clientMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('join'),
    version: z.literal(PROTOCOL_VERSION),
    /** The events that the client has already: all of that lab up to `after`. */
    has: z.optional(z.strictObject({ lab: z.string().check(z.maxLength(64)), after: z.int().check(z.minimum(0)) })),
  }),
  z.strictObject({
    type: z.literal('command'),
    /** Chosen by the client; the reply carries it. */
    id: z.int().check(z.minimum(0)),
    line: z.string().check(z.maxLength(MAX_LINE_BYTES)),
    /** A line from the console, a click, or a scenario. */
    by: z.enum(['page', 'console', 'scenario']),
  }),
  /** Asks for events before that one. Only the latest of several questions is answered. */
  z.strictObject({ type: z.literal('history'), before: z.int().check(z.minimum(1)) }),
  /** From the presenter. */
  z.extend(pointingSchema, { type: z.literal('pointing') }),
  /** From a viewer, while the presenter takes messages; the server replies as to a command. */
  z.strictObject({
    type: z.literal('say'),
    id: z.int().check(z.minimum(0)),
    node: z.int().check(z.minimum(0), z.maximum(MAX_NODES - 1)),
    name: z.string().check(z.maxLength(4 * MAX_NAME_CHARS)),
    text: z.string().check(z.maxLength(4 * MAX_SAYING_CHARS)),
  }),
])

export type ClientMessage = z.infer<typeof clientMessageSchema>
/** The origin of a command in the client. */
export type By = Extract<ClientMessage, { type: 'command' }>['by']

/** POST /api/session: the key, or a ticket. */
export const sessionRequestSchema = z.strictObject({ key: z.string().check(z.maxLength(128)) })

/** GET /api/invite */
export interface Invitation {
  /** Addresses of the lab for viewers, the likeliest first; empty while it is on loopback and has no name. */
  readonly addresses: readonly string[]
}

/** POST /api/commands */
export const commandRequestSchema = z.strictObject({ line: z.string().check(z.maxLength(MAX_LINE_BYTES)) })
