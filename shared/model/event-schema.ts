/**
 * Defines the schema of all events; `event.ts` derives their types. Other files import only types from this one, except
 * those that read events from outside. So nodes, and a page that opens no file, do not load zod.
 *
 * Some types, such as LabSettings, are defined elsewhere. The compiler checks that their schema here matches.
 */

import * as z from 'zod/mini'
import type { Why } from '../gossip/effects.ts'
import { type Counters, forEachCounter } from './counters.ts'
import { BEHAVIOURS, CHANCE_NAMES, type Chance, type Fate, type LinkConditions, MISCHIEF } from './fault.ts'
import { type LabSettings, MAX_NODES } from './lab-settings.ts'
import { ABILITIES } from './lacks.ts'
import { TOPOLOGIES } from './topology.ts'

/** The largest time in a file, in ms: the sum of two is still within the dates of ECMAScript. */
export const MAX_TIME_MS = 4.32e15

export const time = z.number().check(z.minimum(0), z.maximum(MAX_TIME_MS))
export const whole = z.int().check(z.minimum(0))
export const node = z.int().check(z.minimum(0), z.maximum(MAX_NODES - 1))
export const port = z.int().check(z.minimum(0), z.maximum(65_535))
export const lines = z.array(z.string())

const pair = z.tuple([whole, whole])
const rumor = z.object({
  kind: z.literal('rumor'),
  origin: whole,
  seq: whole,
  /** Further messages in the same datagram, each as origin and sequence number; missing if there are none. */
  more: z.exactOptional(z.array(pair)),
  /** Origin and number that the program of others gave the message, when the lab names it differently. */
  own: z.exactOptional(pair),
})
const status = z.object({ kind: z.literal('status'), pairs: z.array(pair) })
/** A node that misbehaves may also send junk; so may a program of others, for which `why` names the fault. */
const malformed = z.object({ kind: z.literal('malformed'), preview: z.string(), why: z.exactOptional(z.string()) })
/**
 * A datagram of a program in a format that the lab cannot decode, with the messages whose texts occur in its bytes, each
 * as origin and sequence number.
 */
const undecoded = z.object({ kind: z.literal('undecoded'), carries: z.array(pair) })
/** The content of a datagram. A rumor's text is in the `stored` event of its message. */
export const content = z.discriminatedUnion('kind', [rumor, status])
export const anyContent = z.discriminatedUnion('kind', [rumor, status, malformed, undecoded])

/** Lists all members of a union that is defined elsewhere: the compiler reports a missing one. */
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
/** `program`: a program of others sent the datagram, and its reason is not known. */
export const why = z.enum([...Object.values(WHY), ...MISCHIEF, 'program'])
const FATES: All<Fate> = { cut: 'cut', loss: 'loss', dropped: 'dropped', 'gate full': 'gate full' }
const fate = z.enum(FATES)
/** The source of a command. */
export const author = z.enum(['page', 'console', 'rest', 'proxy', 'scenario', 'viewer'])
/** The rights of viewers: watch only, or send messages too. */
export const viewersMay = z.enum(['watch', 'chat'])
export const behaviours = z.array(z.enum(BEHAVIOURS))

/** The last line that a program of others wrote before it ended. Viewers do not get it. */
const lastWords = z.exactOptional(z.string())

/** The cause of the end of a node's process. */
export const end = z.discriminatedUnion('how', [
  /** By the crash command. `why` says what was unusual about the end of a program: that it aborted, for example. */
  z.object({ how: z.literal('crashed'), why: z.exactOptional(z.string()), lastWords }),
  /** By the lab: exit, stopall, a new network. */
  z.object({ how: z.literal('stopped') }),
  /** By a signal from outside. */
  z.object({ how: z.literal('killed'), signal: z.string() }),
  /** By itself, or it could not start. */
  z.object({
    how: z.literal('failed'),
    why: z.string(),
    lastWords,
    /** Set when a part of the lab failed, and no program of others. */
    ofLab: z.exactOptional(z.literal(true)),
  }),
])

/**
 * Reason why a datagram is no longer in flight although no node reported its arrival.
 *
 * - `gone`: its receiver has ended and no other program listens on the port.
 * - `early`: its receiver did not listen yet.
 * - `overflow`: the receiver runs and reports everything, and the system counted a drop at its socket.
 * - `unknown`: the receiver runs and reports everything, and nothing shows a reason.
 * - `unreported`: the datagram may have arrived: its receiver is not of this lab, reports only samples, or was killed
 *   before it could report.
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
    /** Recordings from before batches lack it. */
    batchMs: z._default(time, 0),
  }),
  keyed: z.exactOptional(z.boolean()),
  simulated: z.exactOptional(z.literal(true)),
})

/** A recording that predates a fault does not name it. */
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
  /** Time of the event, not of its report, in ms since the lab began. */
  at: time,
  /** Uncertainty of `at`, in ms; missing when the time is from the lab's own clock. */
  uncertaintyMs: z.exactOptional(time),
}
const ofNode = { ...common, node }
const reported = {
  ...ofNode,
  /** True when the node did not report the event: the lab inferred it from outside. */
  inferred: z.exactOptional(z.literal(true)),
}
/** UDP port of a sender; UNKNOWN_PORT when nobody saw it. */
const sender = whole

/** The first bytes of a datagram of a program, in base64. */
export const head = z.exactOptional(z.string())

/** Fields of a datagram at its sender. */
const leaving = { to: whole, why, bytes: whole, content: anyContent, head }

const event = <Type extends string, Rest extends object>(type: Type, rest: Rest) =>
  z.object({ type: z.literal(type), ...rest })

/** Events of the lab itself, and those that it saw of its nodes from outside. */
export const LAB_EVENTS = {
  network: event('network', { ...common, settings }),
  /** A setting changed while the nodes ran. */
  settings: event('settings', { ...common, settings }),
  starting: event('starting', {
    ...ofNode,
    generation: whole,
    /** Null without a process, as for a simulated node. */
    pid: z.nullable(whole),
    seed: z.number(),
    /** Name of the node's machine; missing when it is the lab's own. */
    host: z.exactOptional(z.string()),
    /** Set when the node runs a program of others: it reports nothing, and the lab reads its chat log. */
    program: z.exactOptional(z.literal(true)),
    /** True when the datagrams of the program pass a gate of the lab, or the reason why they do not. */
    gate: z.exactOptional(z.union([z.literal(true), z.string()])),
    /** Number of nodes that a program was started for: it never learns that the network has grown. */
    startedFor: z.exactOptional(whole),
    /** Abilities of the other nodes that this one lacks, why, and how to have them. Viewers do not get the latter. */
    lacks: z.exactOptional(
      z.object({
        abilities: z.array(z.enum(ABILITIES)),
        why: z.exactOptional(z.string()),
        remedy: z.exactOptional(z.string()),
      }),
    ),
  }),
  /** `pid` is set when it was not known at the start. */
  running: event('running', { ...ofNode, tcp: z.array(port), pid: z.exactOptional(whole) }),
  /** A running node no longer responds, for example because a signal stopped it; or it responds again. */
  answering: event('answering', {
    ...ofNode,
    answers: z.boolean(),
    /** Set when something holds its process: a signal such as SIGSTOP, or a debugger. */
    suspended: z.exactOptional(z.enum(['signal', 'debugger'])),
  }),
  /** The machine is too busy: a running program waits for a processor; or it has one again when it needs it. */
  overloaded: event('overloaded', { ...ofNode, overloaded: z.boolean() }),
  /** The file of a running program has changed: the node runs an older build. */
  outdated: event('outdated', ofNode),
  /** Last lines of the output of a running program of others. */
  output: event('output', { ...ofNode, lines }),
  /** `why` says what the lab cannot do with a program of others; null when it can again. */
  trouble: event('trouble', {
    ...ofNode,
    why: z.nullable(z.string()),
    /** Set when the program does not serve its TCP port, although nothing has stopped it. */
    about: z.exactOptional(z.literal('tcp')),
  }),
  /** A program outside the lab has taken the UDP port of a node that does not run, or has left it. */
  stranger: event('stranger', { ...ofNode, present: z.boolean() }),
  ended: event('ended', { ...ofNode, end, stderr: lines }),
  lost: event('lost', { ...common, datagram: whole, why: lossReason }),
  /** Changed links; a healthy one is back to normal. See `changeLinks`. */
  links: event('links', { ...common, links }),
  /** The fault of a node from now on. */
  behaves: event('behaves', { ...ofNode, behaviours }),
  /** The timers of the protocol pause, or run again, at every node. */
  timers: event('timers', { ...common, held: z.boolean() }),
  /** Pace of the lab's time from now on: 1 is real time, 0 is stopped. Before the first such event it is 1. */
  clock: event('clock', { ...common, rate: z.number().check(z.minimum(0)) }),
  viewers: event('viewers', { ...common, may: viewersMay }),
  /** Reason why the file that the lab is recorded to is incomplete; null when it is complete again. */
  recording: event('recording', { ...common, problem: z.nullable(z.string()) }),
  command: event('command', {
    ...common,
    by: author,
    /** Name that the viewer who gave the command chose. */
    who: z.exactOptional(z.string()),
    line: z.string(),
    output: lines,
    error: z.exactOptional(z.string()),
  }),
}

/** Events that a node reported. */
export const NODE_EVENTS = {
  /** A program of others was given a message. The chat log of the program will show whether the program stored it. */
  given: event('given', { ...reported, origin: whole, seq: whole, text: z.string() }),
  stored: event('stored', {
    ...reported,
    origin: whole,
    seq: whole,
    text: z.string(),
    wire: z.exactOptional(z.string()),
    /** Null when a client gave the message to the node. */
    from: z.nullable(sender),
    /** Set when several messages have this text, and only their order says which one a chat log shows. */
    ambiguous: z.exactOptional(z.literal(true)),
  }),
  /** The chat log of a program shows a message more often than it was given. */
  'shown-again': event('shown-again', { ...reported, origin: whole, seq: whole, text: z.string(), times: whole }),
  'kept-back': event('kept-back', { ...reported, origin: whole, seq: whole, from: sender }),
  refused: event('refused', { ...reported, from: sender, why: z.string() }),
  compared: event('compared', { ...reported, with: whole, verdict: z.enum(['they lack', 'I lack', 'agree']) }),
  coin: event('coin', { ...reported, origin: whole, seq: whole, goesOnTo: z.nullable(whole), heads: z.boolean() }),
  silent: event('silent', { ...reported, to: whole, origin: whole, seq: whole }),
  neighbour: event('neighbour', { ...reported, port: whole }),
  oversized: event('oversized', { ...reported, origin: whole, seq: whole, bytes: whole, most: whole }),
  /** The node received a typed crash: it takes no further line, forwards messages in flight, and ends. */
  ending: event('ending', reported),
  'line-refused': event('line-refused', { ...reported, line: z.string(), why: z.string() }),
  counters: event('counters', { ...reported, counters }),
  /** From now on the node reports one in `every` datagrams. */
  sampling: event('sampling', { ...reported, every: whole }),
  sent: event('sent', {
    ...reported,
    ...leaving,
    /**
     * Time in the air, in ms, beyond the time that the operating system takes. If chance is involved, the receiver
     * decides, and `airborne` reports it.
     */
    delayMs: time,
    /** Set when the datagram did not pass its sender's gate: it is never received, and no `lost` follows. */
    fate: z.exactOptional(fate),
    /** Set for the second datagram that a duplicating link made of one. */
    copy: z.exactOptional(z.literal(true)),
    /** The number under which it was held at the gate. */
    held: z.exactOptional(whole),
  }),
  /**
   * A datagram is held at its sender's gate under this number, which counts from 1 in each network. A `sent` with the
   * number follows, unless the sender ends first.
   */
  held: event('held', {
    ...reported,
    ...leaving,
    number: whole,
    ticket: whole,
    /** The number of the datagram that a person duplicated to make this one. */
    copyOf: z.exactOptional(whole),
  }),
  /** A datagram has reached its receiver's end of the link, and stays in the air for this time, in ms. */
  airborne: event('airborne', { ...reported, datagram: whole, from: sender, delayMs: time }),
  received: event('received', {
    ...reported,
    /** The number of its `sent` event; null when unknown. */
    datagram: z.nullable(whole),
    from: sender,
    bytes: whole,
    /** Present when the sender is no neighbour, and so perhaps no node of the lab. */
    content: z.exactOptional(content),
  }),
  rejected: event('rejected', {
    ...reported,
    /** Present when a node of the lab had sent the datagram here. */
    datagram: z.exactOptional(whole),
    from: sender,
    why: z.string(),
    bytes: whole,
    preview: z.string(),
  }),
}
