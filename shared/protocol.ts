/**
 * What goes over the WebSocket, in both directions. A browser joins, gets a snapshot or the events that it missed,
 * then events as they come. The server keeps no queue for a browser, only the number it has got to; one that fell too
 * far behind gets a snapshot again.
 */
import * as z from 'zod/mini'
import type { LabEvent } from './event.ts'
import type { LabState } from './lab-state.ts'
import { MAX_LINE_BYTES } from './limits.ts'
import { PROTOCOL_VERSION } from './version.ts'

export { PROTOCOL_VERSION }

/** What a browser may do. */
export type Role = 'presenter' | 'viewer'

export type ServerMessage =
  /** The state as of `state.last`; events go on from there. */
  | ({ readonly type: 'snapshot'; readonly state: LabState } & LabClock)
  /** Nothing was lost: the events after the one that the browser named follow. */
  | ({ readonly type: 'resumed' } & LabClock)
  /** In order and without gaps. `now` is the lab's time when they were sent. */
  | { readonly type: 'events'; readonly now: number; readonly events: readonly LabEvent[] }
  /** The answer to the command with this id. */
  | { readonly type: 'reply'; readonly id: number; readonly ok: true; readonly output: readonly string[] }
  | { readonly type: 'reply'; readonly id: number; readonly ok: false; readonly error: string }
  /** A message of the browser was not understood. */
  | { readonly type: 'refused'; readonly error: string }

export interface LabClock {
  readonly version: number
  /** Names this life of the supervisor; numbers of another one mean nothing. */
  readonly lab: string
  readonly role: Role
  /** The lab's time, in ms since it began. */
  readonly now: number
  /** When the lab began, in ms since 1970. */
  readonly beganAt: number
  /** Number of the oldest event that can still be asked for. */
  readonly oldest: number
}

export const clientMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('join'),
    version: z.literal(PROTOCOL_VERSION),
    /** What the browser has already: all events up to `after` of that lab. */
    has: z.optional(z.strictObject({ lab: z.string().check(z.maxLength(64)), after: z.int().check(z.minimum(0)) })),
  }),
  z.strictObject({
    type: z.literal('command'),
    /** Chosen by the browser; the reply carries it. */
    id: z.int().check(z.minimum(0)),
    line: z.string().check(z.maxLength(MAX_LINE_BYTES)),
    /** Typed into the console, or clicked. */
    by: z.enum(['page', 'console']),
  }),
])

export type ClientMessage = z.infer<typeof clientMessageSchema>

/** POST /api/commands */
export const commandRequestSchema = z.strictObject({ line: z.string().check(z.maxLength(MAX_LINE_BYTES)) })
