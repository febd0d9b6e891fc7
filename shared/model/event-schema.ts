/**
 * What an event and a state must be to be folded and shown: for what comes from a file. The lab's own events need no
 * such look. Kept apart from `event.ts`, so that a page that opens no file loads none of it.
 */

import * as z from 'zod/mini'
import { forEachCounter } from './counters.ts'
import type { EventOf, LabEvent } from './event.ts'
import { BEHAVIOURS, CHANCE_NAMES, type Chance, MISCHIEF } from './fault.ts'
import { MAX_NODES } from './lab-settings.ts'
import type { LabState, NodeStatus } from './lab-state.ts'
import { TOPOLOGIES } from './topology.ts'

/** The largest time in a file, in ms: the sum of two is still within the dates of ECMAScript. */
export const MAX_TIME_MS = 4.32e15

const time = z.number().check(z.minimum(0), z.maximum(MAX_TIME_MS))
const whole = z.int().check(z.minimum(0))
const node = z.int().check(z.minimum(0), z.maximum(MAX_NODES - 1))
const port = z.int().check(z.minimum(0), z.maximum(65_535))
/** Integers as keys: `__proto__` is none. */
const numbered = z.string().check(z.regex(/^\d{1,10}$/))
const keyed = z.string().check(z.regex(/^\d/))
const lines = z.array(z.string())

const pair = z.tuple([whole, whole])
const rumor = z.object({ kind: z.literal('rumor'), origin: whole, seq: whole })
const status = z.object({ kind: z.literal('status'), pairs: z.array(pair) })
const malformed = z.object({ kind: z.literal('malformed'), preview: z.string() })
const content = z.discriminatedUnion('kind', [rumor, status])
const anyContent = z.discriminatedUnion('kind', [rumor, status, malformed])
const why = z.enum([
  ...(['new', 'missing', 'coin', 'repeat', 'ack', 'ask', 'hello', 'anti-entropy'] as const),
  ...MISCHIEF,
])
const author = z.enum(['page', 'console', 'rest', 'proxy', 'scenario', 'viewer'])
const viewersMay = z.enum(['watch', 'chat'])
const behaviours = z.array(z.enum(BEHAVIOURS))
const end = z.discriminatedUnion('how', [
  z.object({ how: z.literal('crashed') }),
  z.object({ how: z.literal('stopped') }),
  z.object({ how: z.literal('killed'), signal: z.string() }),
  z.object({ how: z.literal('failed'), why: z.string() }),
])
const settings = z.object({
  n: z.int().check(z.minimum(1), z.maximum(MAX_NODES)),
  topology: z.enum(TOPOLOGIES),
  linkDelayMs: time,
  seed: z.number(),
  rootId: port,
  basePort: port,
  gossip: z.object({
    fanout: whole,
    window: whole,
    coin: z.number(),
    ackTimeoutMs: time,
    antiEntropyMs: time,
    retries: whole,
  }),
  keyed: z.exactOptional(z.boolean()),
})
/** A recording from before a fault was added does not name it. */
const chance = z._default(z.number(), 0)
const chances = Object.fromEntries(CHANCE_NAMES.map((name) => [name, chance])) as Record<Chance, typeof chance>
const condition = z.object({
  cut: z.boolean(),
  ...chances,
  delayMs: z.nullable(time),
  jitterMs: time,
  hold: z.boolean(),
})
const links = z.record(z.union([z.literal('*'), z.templateLiteral([whole, '>', whole])]), condition)
const counters = z.object(forEachCounter(({ mayBeMissing = false }) => (mayBeMissing ? z._default(whole, 0) : whole)))

const common = { n: z.int().check(z.minimum(1)), at: time }
const ofNode = { ...common, node }
const leaving = { to: whole, why, bytes: whole, content: anyContent }
const event = <Type extends string, Rest extends object>(type: Type, rest: Rest) =>
  z.object({ type: z.literal(type), ...rest })

const EVENTS: { readonly [Type in LabEvent['type']]: z.ZodMiniType<EventOf<Type>> } = {
  network: event('network', { ...common, settings }),
  settings: event('settings', { ...common, settings }),
  starting: event('starting', { ...ofNode, generation: whole, pid: whole, seed: z.number() }),
  running: event('running', { ...ofNode, tcp: z.array(port) }),
  answering: event('answering', { ...ofNode, answers: z.boolean() }),
  stranger: event('stranger', { ...ofNode, present: z.boolean() }),
  ended: event('ended', { ...ofNode, end, stderr: lines }),
  lost: event('lost', {
    ...common,
    arrow: whole,
    why: z.enum(['gone', 'early', 'overflow', 'unknown', 'unreported']),
  }),
  links: event('links', { ...common, links }),
  behaves: event('behaves', { ...ofNode, behaviours }),
  timers: event('timers', { ...common, held: z.boolean() }),
  viewers: event('viewers', { ...common, may: viewersMay }),
  recording: event('recording', { ...common, problem: z.nullable(z.string()) }),
  command: event('command', {
    ...common,
    by: author,
    who: z.exactOptional(z.string()),
    line: z.string(),
    output: lines,
    error: z.exactOptional(z.string()),
  }),
  stored: event('stored', {
    ...ofNode,
    origin: whole,
    seq: whole,
    text: z.string(),
    wire: z.exactOptional(z.string()),
    from: z.nullable(whole),
  }),
  'kept-back': event('kept-back', { ...ofNode, origin: whole, seq: whole, from: whole }),
  refused: event('refused', { ...ofNode, from: whole, why: z.string() }),
  compared: event('compared', { ...ofNode, with: whole, verdict: z.enum(['they lack', 'I lack', 'agree']) }),
  coin: event('coin', { ...ofNode, origin: whole, seq: whole, goesOnTo: z.nullable(whole), heads: z.boolean() }),
  silent: event('silent', { ...ofNode, to: whole, origin: whole, seq: whole }),
  neighbour: event('neighbour', { ...ofNode, port: whole }),
  oversized: event('oversized', { ...ofNode, origin: whole, seq: whole, bytes: whole, most: whole }),
  ending: event('ending', ofNode),
  'line-refused': event('line-refused', { ...ofNode, line: z.string(), why: z.string() }),
  counters: event('counters', { ...ofNode, counters }),
  sampling: event('sampling', { ...ofNode, every: whole }),
  sent: event('sent', {
    ...ofNode,
    ...leaving,
    delayMs: time,
    fate: z.exactOptional(z.enum(['cut', 'loss', 'dropped', 'gate full'])),
    copy: z.exactOptional(z.literal(true)),
    held: z.exactOptional(whole),
  }),
  held: event('held', { ...ofNode, ...leaving, number: whole, ticket: whole, copyOf: z.exactOptional(whole) }),
  airborne: event('airborne', { ...ofNode, arrow: whole, from: whole, delayMs: time }),
  received: event('received', {
    ...ofNode,
    arrow: z.nullable(whole),
    from: whole,
    bytes: whole,
    content: z.exactOptional(content),
  }),
  dropped: event('dropped', {
    ...ofNode,
    arrow: z.exactOptional(whole),
    from: whole,
    why: z.string(),
    bytes: whole,
    preview: z.string(),
  }),
}

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
        // Recordings of before know no grace.
        ending: z._default(z.boolean(), false),
        port: whole,
        tcp: z.array(port),
        generation: whole,
        pid: z.nullable(whole),
        seed: z.nullable(z.number()),
        startedAt: z.nullable(time),
        endedAt: z.nullable(time),
        end: z.nullable(end),
        stderr: lines,
        held: whole,
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
        z.object({ at: time, hops: z.nullable(whole), from: z.nullable(whole), lostAt: z.nullable(time) }),
      ),
    }),
  ),
  places: z.record(numbered, vector),
  inFlight: z.record(numbered, z.object({ ...flying, arrow: whole, sentAt: time, arrivesAt: time })),
  held: z.record(
    numbered,
    z.object({ ...flying, number: whole, heldAt: time, copyOf: z.nullable(whole), ticket: whole }),
  ),
  links,
  timersHeld: z.boolean(),
  comparisons: z._default(z.nullable(z.object({ count: whole, since: time })), null),
  viewersMay,
  recordingProblem: z._default(z.string(), ''),
  commands: z.array(
    z.object({
      n: whole,
      at: time,
      by: author,
      who: z.exactOptional(z.string()),
      line: z.string(),
      output: lines,
      error: z.exactOptional(z.string()),
    }),
  ),
})

const BY_TYPE = EVENTS as unknown as Readonly<Record<string, z.ZodMiniType<LabEvent> | undefined>>

/** Every type of event that there is. */
export const EVENT_TYPES = Object.keys(EVENTS) as readonly LabEvent['type'][]

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string }

/** An event, or what is wrong with it. */
export function readEvent(json: unknown): Read<LabEvent> {
  const type = typeof json === 'object' && json !== null && 'type' in json ? json.type : undefined
  if (typeof type !== 'string') return { ok: false, error: 'is no event: it has no type' }
  const schema = Object.hasOwn(BY_TYPE, type) ? BY_TYPE[type] : undefined
  if (!schema) return { ok: false, error: `has an event of the unknown type '${type.slice(0, 40)}'` }
  return read(schema, json, `is no '${type}' event`)
}

/** A state, or what is wrong with it. */
export const readState = (json: unknown): Read<LabState> => read(stateSchema, json, 'has no sound state')

function read<T>(schema: z.ZodMiniType<T>, json: unknown, what: string): Read<T> {
  const parsed = schema.safeParse(json)
  if (parsed.success) return { ok: true, value: parsed.data }
  const [issue] = parsed.error.issues
  return { ok: false, error: `${what}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}` }
}
