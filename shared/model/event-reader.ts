/**
 * Validates events and states from a file, so that they can be folded and shown. The lab's own events need no
 * validation.
 */

import * as z from 'zod/mini'
import { eventOfToday, stateOfToday } from './earlier-words.ts'
import type { LabEvent } from './event.ts'
import {
  anyContent,
  behaviours,
  counters,
  end,
  head,
  LAB_EVENTS,
  lines,
  links,
  NODE_EVENTS,
  node,
  port,
  settings,
  time,
  viewersMay,
  whole,
  why,
} from './event-schema.ts'
import { MAX_NODES } from './lab-settings.ts'
import type { LabState, NodeStatus } from './lab-state.ts'

/** Integers as keys exclude `__proto__`. */
const numbered = z.string().check(z.regex(/^\d{1,10}$/))
const keyed = z.string().check(z.regex(/^\d/))

const STATUSES = ['absent', 'starting', 'running', 'crashed', 'stopped', 'killed', 'failed'] as const
const vector = z.record(numbered, whole)
const flying = { from: whole, to: whole, why, bytes: whole, content: anyContent }
const stateSchema: z.ZodMiniType<LabState> = z.object({
  last: whole,
  at: time,
  settings: z.nullable(settings),
  nodes: z
    .array(
      z.object({
        id: node,
        status: z.enum(STATUSES satisfies readonly NodeStatus[]),
        answers: z.boolean(),
        stranger: z.exactOptional(z.boolean()),
        // Recordings that predate the grace period lack it.
        ending: z._default(z.boolean(), false),
        port: whole,
        tcp: z.array(port),
        generation: whole,
        pid: z.nullable(whole),
        host: z.exactOptional(z.string()),
        program: z.exactOptional(z.literal(true)),
        gate: z.exactOptional(z.union([z.literal(true), z.string()])),
        trouble: z.exactOptional(z.string()),
        seed: z.nullable(z.number()),
        startedAt: z.nullable(time),
        endedAt: z.nullable(time),
        end: z.nullable(end),
        stderr: lines,
        messages: whole,
        lost: whole,
        vector,
        heard: z.record(numbered, vector),
        unanswered: z._default(z.record(numbered, z.array(z.nullable(z.tuple([whole, whole])))), {}),
        acknowledged: z._default(z.record(numbered, z.object({ at: time, isUnclaimed: z.boolean() })), {}),
        counters: z.nullable(counters),
        sampling: whole,
        behaviours,
        oversized: z._default(z.record(keyed, z.object({ bytes: whole, most: whole })), {}),
        keptBack: z._default(z.record(keyed, z.object({ at: time, from: whole })), {}),
      }),
    )
    .check(z.maxLength(MAX_NODES)),
  messages: z.array(
    z.object({
      key: z.string(),
      origin: whole,
      seq: whole,
      text: z.string(),
      wire: z.exactOptional(z.string()),
      at: time,
      traffic: z._default(z.nullable(z.object({ rumors: whole, repeats: whole, acks: time, redundant: whole })), null),
      copies: z.record(
        numbered,
        z.object({
          at: time,
          hops: z.nullable(whole),
          from: z.nullable(whole),
          lostAt: z.nullable(time),
          inferred: z.exactOptional(z.literal(true)),
          ambiguous: z.exactOptional(z.literal(true)),
        }),
      ),
    }),
  ),
  places: z.record(numbered, vector),
  inFlight: z.record(numbered, z.object({ ...flying, id: whole, sentAt: time, arrivesAt: time })),
  held: z.record(
    numbered,
    z.object({ ...flying, number: whole, heldAt: time, copyOf: z.nullable(whole), ticket: whole, head }),
  ),
  links,
  timersHeld: z.boolean(),
  comparisons: z._default(z.nullable(z.object({ count: whole, since: time })), null),
  viewersMay,
  recordingProblem: z._default(z.string(), ''),
  commands: z.array(z.omit(LAB_EVENTS.command, { type: true })),
})

const EVENTS: Readonly<Record<string, z.ZodMiniType<LabEvent>>> = { ...LAB_EVENTS, ...NODE_EVENTS }

/** All types of events. */
export const EVENT_TYPES = Object.keys(EVENTS) as readonly LabEvent['type'][]

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string }

/** Returns an event, or an error that names its fault. */
export function readEvent(written: unknown): Read<LabEvent> {
  const json = eventOfToday(written)
  const type = typeof json === 'object' && json !== null && 'type' in json ? json.type : undefined
  if (typeof type !== 'string') return { ok: false, error: 'is not an event: it has no type' }
  const schema = Object.hasOwn(EVENTS, type) ? EVENTS[type] : undefined
  if (!schema) return { ok: false, error: `has an event of the unknown type '${type.slice(0, 40)}'` }
  return read(schema, json, `is not a valid '${type}' event`)
}

/** Returns a state, or an error that names its fault. */
export const readState = (json: unknown): Read<LabState> => read(stateSchema, stateOfToday(json), 'has no valid state')

function read<T>(schema: z.ZodMiniType<T>, json: unknown, what: string): Read<T> {
  const parsed = schema.safeParse(json)
  if (parsed.success) return { ok: true, value: parsed.data }
  const [issue] = parsed.error.issues
  return { ok: false, error: `${what}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}` }
}
