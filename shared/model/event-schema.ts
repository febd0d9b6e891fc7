/**
 * The events, said once: their schema, from which `event.ts` derives their types. Only what reads events from outside
 * imports this file as more than types, so that a page that opens no file, and a node, load no zod.
 *
 * A type that has a home elsewhere, as LabSettings, is named where its schema is; the compiler holds the two together.
 */

import * as z from 'zod/mini'
import type { Why } from '../gossip/effects.ts'
import { type Counters, forEachCounter } from './counters.ts'
import { BEHAVIOURS, CHANCE_NAMES, type Chance, type Fate, type LinkConditions, MISCHIEF } from './fault.ts'
import { type LabSettings, MAX_NODES } from './lab-settings.ts'
import { TOPOLOGIES } from './topology.ts'

/** The largest time in a file, in ms: the sum of two is still within the dates of ECMAScript. */
export const MAX_TIME_MS = 4.32e15

export const time = z.number().check(z.minimum(0), z.maximum(MAX_TIME_MS))
export const whole = z.int().check(z.minimum(0))
export const node = z.int().check(z.minimum(0), z.maximum(MAX_NODES - 1))
export const port = z.int().check(z.minimum(0), z.maximum(65_535))
export const lines = z.array(z.string())

const pair = z.tuple([whole, whole])
const rumor = z.object({ kind: z.literal('rumor'), origin: whole, seq: whole })
const status = z.object({ kind: z.literal('status'), pairs: z.array(pair) })
/** A node that misbehaves may also send what means nothing. */
const malformed = z.object({ kind: z.literal('malformed'), preview: z.string() })
/** What a datagram says; its text is in the `stored` event of the message. */
export const content = z.discriminatedUnion('kind', [rumor, status])
export const anyContent = z.discriminatedUnion('kind', [rumor, status, malformed])

/** All words of a type that has a home elsewhere: the compiler misses one that is not here. */
type All<Word extends string> = { readonly [One in Word]: One }
const WHY: All<Why> = {
  new: 'new',
  missing: 'missing',
  coin: 'coin',
  repeat: 'repeat',
  ack: 'ack',
  ask: 'ask',
  hello: 'hello',
  'anti-entropy': 'anti-entropy',
}
export const why = z.enum([...Object.values(WHY), ...MISCHIEF])
const FATES: All<Fate> = { cut: 'cut', loss: 'loss', dropped: 'dropped', 'gate full': 'gate full' }
const fate = z.enum(FATES)
/** Who gave a command. */
export const author = z.enum(['page', 'console', 'rest', 'proxy', 'scenario', 'viewer'])
/** What viewers may do: look on, or send messages too. */
export const viewersMay = z.enum(['watch', 'chat'])
export const behaviours = z.array(z.enum(BEHAVIOURS))

/** How a node's process came to its end. */
export const end = z.discriminatedUnion('how', [
  /** The crash command. */
  z.object({ how: z.literal('crashed') }),
  /** Ended by the lab: exit, stopall, a new network. */
  z.object({ how: z.literal('stopped') }),
  /** Ended by a signal from outside. */
  z.object({ how: z.literal('killed'), signal: z.string() }),
  /** Ended by itself, or could not start. */
  z.object({ how: z.literal('failed'), why: z.string() }),
])

/**
 * Why a datagram is no longer on its way though nobody reported its arrival. Its receiver has ended and nobody else
 * listens on the port (`gone`), or did not listen yet (`early`). It did not arrive though the receiver runs and reports
 * everything: the system counted a drop at the receiver's socket (`overflow`), or nothing shows why (`unknown`). Nobody
 * can tell whether it arrived, because the receiver is not of this lab, reports only samples, or was killed before it
 * could report (`unreported`).
 */
const lossReason = z.enum(['gone', 'early', 'overflow', 'unknown', 'unreported'])

export const settings: z.ZodMiniType<LabSettings> = z.object({
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
export const links: z.ZodMiniType<LinkConditions> = z.record(
  z.union([z.literal('*'), z.templateLiteral([whole, '>', whole])]),
  condition,
)

export const counters: z.ZodMiniType<Counters> = z.object(
  forEachCounter(({ mayBeMissing = false }) => (mayBeMissing ? z._default(whole, 0) : whole)),
)

const common = {
  /** Counts from 1 without gaps. */
  n: z.int().check(z.minimum(1)),
  /** In ms since the lab began. */
  at: time,
  /** How wrong `at` may be, in ms; missing where the clock is the lab's own. */
  uncertaintyMs: z.exactOptional(time),
}
const ofNode = { ...common, node }
const reported = {
  ...ofNode,
  /** The node did not report it: it follows from what was seen of the node from outside. */
  inferred: z.exactOptional(z.literal(true)),
}
/** The UDP port of a sender; UNKNOWN_PORT where nobody saw it. */
const sender = whole

/** A datagram at its sender. */
const leaving = { to: whole, why, bytes: whole, content: anyContent }

const event = <Type extends string, Rest extends object>(type: Type, rest: Rest) =>
  z.object({ type: z.literal(type), ...rest })

/** What the lab did, or saw of its nodes from outside. */
export const LAB_EVENTS = {
  network: event('network', { ...common, settings }),
  /** A setting changed while the nodes run. */
  settings: event('settings', { ...common, settings }),
  starting: event('starting', {
    ...ofNode,
    generation: whole,
    /** Null where there is no process, as of a simulated node. */
    pid: z.nullable(whole),
    seed: z.number(),
    /** Names the machine that it runs on; missing where that is the lab's own. */
    host: z.exactOptional(z.string()),
  }),
  running: event('running', { ...ofNode, tcp: z.array(port) }),
  /** It runs, and gives no sign of life, as when it was stopped from outside; or it does again. */
  answering: event('answering', { ...ofNode, answers: z.boolean() }),
  /** A program that is not of the lab has the UDP port of a node that does not run, or has it no more. */
  stranger: event('stranger', { ...ofNode, present: z.boolean() }),
  ended: event('ended', { ...ofNode, end, stderr: lines }),
  lost: event('lost', { ...common, arrow: whole, why: lossReason }),
  /** Links that are different from now on; a healthy one is back to normal. See `changeLinks`. */
  links: event('links', { ...common, links }),
  /** How a node misbehaves from now on. */
  behaves: event('behaves', { ...ofNode, behaviours }),
  /** The timers of the protocol stand still, or run again, at every node. */
  timers: event('timers', { ...common, held: z.boolean() }),
  /** How fast the lab's time runs from now on: 1 as real time, 0 while it is stopped. Until the first one, 1. */
  clock: event('clock', { ...common, rate: z.number().check(z.minimum(0)) }),
  viewers: event('viewers', { ...common, may: viewersMay }),
  /** The reason why the file that the lab is recorded to is not whole; null when it is again. */
  recording: event('recording', { ...common, problem: z.nullable(z.string()) }),
  command: event('command', {
    ...common,
    by: author,
    /** What the viewer who gave it calls themselves. */
    who: z.exactOptional(z.string()),
    line: z.string(),
    output: lines,
    error: z.exactOptional(z.string()),
  }),
}

/** What a node reported. */
export const NODE_EVENTS = {
  stored: event('stored', {
    ...reported,
    origin: whole,
    seq: whole,
    text: z.string(),
    wire: z.exactOptional(z.string()),
    /** Null where a client gave it to the node. */
    from: z.nullable(sender),
  }),
  'kept-back': event('kept-back', { ...reported, origin: whole, seq: whole, from: sender }),
  refused: event('refused', { ...reported, from: sender, why: z.string() }),
  compared: event('compared', { ...reported, with: whole, verdict: z.enum(['they lack', 'I lack', 'agree']) }),
  coin: event('coin', { ...reported, origin: whole, seq: whole, goesOnTo: z.nullable(whole), heads: z.boolean() }),
  silent: event('silent', { ...reported, to: whole, origin: whole, seq: whole }),
  neighbour: event('neighbour', { ...reported, port: whole }),
  oversized: event('oversized', { ...reported, origin: whole, seq: whole, bytes: whole, most: whole }),
  /** Crash was typed: the node takes no further line, passes on what is in flight, and ends. */
  ending: event('ending', reported),
  'line-refused': event('line-refused', { ...reported, line: z.string(), why: z.string() }),
  counters: event('counters', { ...reported, counters }),
  /** One in `every` datagrams is reported from now on. */
  sampling: event('sampling', { ...reported, every: whole }),
  sent: event('sent', {
    ...reported,
    ...leaving,
    /**
     * How long it will be in the air, in ms, beyond what the operating system takes. Where chance has a hand in it, the
     * receiver decides, and `airborne` tells.
     */
    delayMs: time,
    /** It did not get past the gate of its sender: it is never received, and no `lost` follows. */
    fate: z.exactOptional(fate),
    /** The link made a second one of it; this is that one. */
    copy: z.exactOptional(z.literal(true)),
    /** The number under which it waited at the gate. */
    held: z.exactOptional(whole),
  }),
  /**
   * A datagram waits at its sender's gate under this number, which counts from 1 in each network. A `sent` with that
   * number follows, unless its sender ends before.
   */
  held: event('held', {
    ...reported,
    ...leaving,
    number: whole,
    ticket: whole,
    /** The number of the one that it was made from by hand. */
    copyOf: z.exactOptional(whole),
  }),
  /** A datagram has reached its receiver's end of the link and stays in the air for so long. */
  airborne: event('airborne', { ...reported, arrow: whole, from: sender, delayMs: time }),
  received: event('received', {
    ...reported,
    /** The number of the event that sent it; null where that is not known. */
    arrow: z.nullable(whole),
    from: sender,
    bytes: whole,
    /** Given when the sender is no neighbour and so perhaps not one of the lab's nodes. */
    content: z.exactOptional(content),
  }),
  dropped: event('dropped', {
    ...reported,
    /** Given where it was on its way here from a node of the lab. */
    arrow: z.exactOptional(whole),
    from: sender,
    why: z.string(),
    bytes: whole,
    preview: z.string(),
  }),
}
