/**
 * What goes over the WebSocket, in both directions. A browser joins, gets a snapshot or the events that it missed,
 * then events as they come. The server keeps no queue for a browser, only the number it has got to; one that fell too
 * far behind gets a snapshot again.
 */

import * as z from 'zod/mini'
import { MAX_LINE_BYTES } from '../language/command.ts'
import { MAX_NAME_CHARS, MAX_SAYING_CHARS } from '../language/saying.ts'
import type { LabEvent } from '../model/event.ts'
import { MAX_NODES } from '../model/lab-settings.ts'
import type { LabState } from '../model/lab-state.ts'
import type { Rate } from '../model/token-bucket.ts'
import { PROTOCOL_VERSION } from './version.ts'

/** Messages of one viewer's browser; past it the connection ends. */
export const VIEWER_MESSAGE_RATE: Rate = { burst: 30, perSecond: 5 }

export { PROTOCOL_VERSION }

/** The rights of a browser. */
export type Role = 'presenter' | 'viewer'

export type ServerMessage =
  /** The state as of `state.last`; events go on from there. */
  | ({ readonly type: 'snapshot'; readonly state: LabState } & LabClock)
  /** Nothing was lost: the events after the one that the browser named follow. */
  | ({ readonly type: 'resumed' } & LabClock)
  /** In order and without gaps. The time is that at which they were sent. */
  | ({ readonly type: 'events'; readonly events: readonly LabEvent[] } & LabTime)
  /**
   * The answer to `history`: a state, and all events after it at least up to the one asked for. `oldest` as in the clock;
   * where nothing older is left, there are no events.
   */
  | { readonly type: 'past'; readonly state: LabState; readonly events: readonly LabEvent[]; readonly oldest: number }
  /** The answer to the command with this id. */
  | { readonly type: 'reply'; readonly id: number; readonly ok: true; readonly output: readonly string[] }
  | { readonly type: 'reply'; readonly id: number; readonly ok: false; readonly error: string }
  /** To followers: where the presenter points now. Only the latest is sent. */
  | ({ readonly type: 'pointing' } & Pointing)
  /** To the presenter: how many viewers have joined. */
  | { readonly type: 'audience'; readonly viewers: number }
  /** A message of the browser was not understood, or is none of its business. */
  | { readonly type: 'refused'; readonly error: string }

/** The presenter's selection and instant: followers' pages show the same. */
export type Pointing = z.infer<typeof pointingSchema>

export interface LabTime {
  /** The lab's time, in ms since it began. */
  readonly now: number
  /** How fast the lab's time runs: 1 as real time, 0 while it is stopped; 1 where it is missing. */
  readonly rate?: number
}

export interface LabClock extends LabTime {
  readonly version: number
  /** Names this life of the supervisor; numbers of another one mean nothing. */
  readonly lab: string
  readonly role: Role
  /** When the lab began, in ms since 1970. */
  readonly beganAt: number
  /** Number of the oldest event that can still be asked for. */
  readonly oldest: number
  /** To the presenter: the lab before recorded itself, and GET /api/last-lab gives the recording. */
  readonly lastLab?: LastLab
}

export interface LastLab {
  /** Names the life of that lab. */
  readonly lab: string
  /** In ms since 1970. */
  readonly endedAt: number
}

const count = z.int().check(z.minimum(0))

const selectionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('node'), id: count }),
  z.strictObject({ kind: z.literal('message'), origin: count, seq: count }),
  z.strictObject({ kind: z.literal('datagram'), arrow: count }),
  z.strictObject({ kind: z.literal('link'), a: count, b: count }),
  z.strictObject({ kind: z.literal('held'), number: count }),
])

const pointingSchema = z.strictObject({
  selection: z.nullable(selectionSchema),
  /** In ms of the lab. */
  cursor: z.nullable(z.number()),
  /** Which time is shown; `at` is null where it is now. */
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
    /** The events that the browser has already: all up to `after` of that lab. */
    has: z.optional(z.strictObject({ lab: z.string().check(z.maxLength(64)), after: z.int().check(z.minimum(0)) })),
  }),
  z.strictObject({
    type: z.literal('command'),
    /** Chosen by the browser; the reply carries it. */
    id: z.int().check(z.minimum(0)),
    line: z.string().check(z.maxLength(MAX_LINE_BYTES)),
    /** Typed into the console, clicked, or a line of a scenario. */
    by: z.enum(['page', 'console', 'scenario']),
  }),
  /** Asks for what happened before that event. Of several questions only the latest is answered. */
  z.strictObject({ type: z.literal('history'), before: z.int().check(z.minimum(1)) }),
  /** From the presenter. */
  z.extend(pointingSchema, { type: z.literal('pointing') }),
  /** From a viewer, while the presenter takes messages; answered as a command is. */
  z.strictObject({
    type: z.literal('say'),
    id: z.int().check(z.minimum(0)),
    node: z.int().check(z.minimum(0), z.maximum(MAX_NODES - 1)),
    name: z.string().check(z.maxLength(4 * MAX_NAME_CHARS)),
    text: z.string().check(z.maxLength(4 * MAX_SAYING_CHARS)),
  }),
])

export type ClientMessage = z.infer<typeof clientMessageSchema>
/** How a browser came by a command. */
export type By = Extract<ClientMessage, { type: 'command' }>['by']

/** POST /api/session: the key, or a ticket. */
export const sessionRequestSchema = z.strictObject({ key: z.string().check(z.maxLength(128)) })

/** GET /api/invite */
export interface Invitation {
  /** Where viewers find the lab, the likeliest first; none while it is on loopback and has no name. */
  readonly addresses: readonly string[]
}

/** POST /api/commands */
export const commandRequestSchema = z.strictObject({ line: z.string().check(z.maxLength(MAX_LINE_BYTES)) })
