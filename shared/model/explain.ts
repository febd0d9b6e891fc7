/** Explains a datagram: the comparison that a status causes, and why a datagram was sent. */

import type { Why } from '../gossip/gossip.ts'
import { formatOrigin, generationOf, type Origin, portOf } from '../gossip/origin.ts'
import type { MessageId } from './content.ts'
import type { Mischief } from './fault.ts'
import type { LabState, NodeState } from './lab-state.ts'

/** Lowest-not-seen by origin; an origin that is missing is at 0. */
export type Vector = Readonly<Record<Origin, number>>

export interface Difference {
  readonly origin: Origin
  readonly here: number
  readonly there: number
}

/** The differences between two vectors, generation by generation and port by port. */
export function differences(here: Vector, there: Vector): Difference[] {
  return originsOf([here, there])
    .map((origin) => ({ origin, here: here[origin] ?? 0, there: there[origin] ?? 0 }))
    .filter((pair) => pair.here !== pair.there)
}

/** All origins that either vector names, older generations first. */
export function originsOf(vectors: readonly Vector[]): Origin[] {
  const origins = new Set(vectors.flatMap((vector) => Object.keys(vector).map(Number)))
  return [...origins].sort((a, b) => generationOf(a) - generationOf(b) || portOf(a) - portOf(b))
}

/**
 * Whether the effect of a datagram on its receiver is still to come, has happened, or may not have happened. A program
 * of others *should* do what the report says: the lab does not see what it does.
 */
export type Tense = 'will' | 'does' | 'would' | 'should'

/**
 * Whether the numbers of a status are those by which the lab names messages. A program that was restarted counts on or
 * begins again, and the lab counts by the node's life.
 */
export function isComparable({ from, to }: { readonly from: number; readonly to: number }, lab: LabState): boolean {
  const programs = new Set(lab.nodes.flatMap(({ program, port }) => (program ? [port] : [])))
  if (!programs.has(from) && !programs.has(to)) return true
  return !Object.keys(lab.places).some((origin) => generationOf(+origin) > 0 && programs.has(portOf(+origin)))
}

export interface Comparison {
  readonly receiver: string
  readonly holds: Vector
  readonly sender: string
  readonly says: Vector
  /** Whether the status is partial: origins that it does not name are unknown. */
  readonly partial: boolean
  /** Whether it answers a rumor, so that agreement means a coin flip. */
  readonly answers: boolean
  readonly window: number
  /** Returns the names of an origin's messages, from a number up to but not including another. */
  readonly names: (origin: Origin, from: number, to: number) => string
  readonly tense: Tense
  /** Returns whether the receiver has sent the sender this message before, and it may still be in flight. */
  readonly underway?: (origin: Origin, seq: number) => boolean
  /** Returns whether a message is larger than the receiver's system sends. */
  readonly oversized?: (origin: Origin, seq: number) => boolean
}

export interface Reading {
  readonly verdict: 'they lack' | 'I lack' | 'agree'
  /** Returns one sentence for each relevant origin, and summarizes when there are many. */
  readonly sentences: readonly string[]
}

const MAX_SENTENCES = 4

/** Returns in words what the receiver of a status does (handout; report, Logic for handleStatusMessage). */
export function readStatus(comparison: Comparison): Reading {
  const { holds, says, partial, tense } = comparison
  const differ = differences(holds, says).filter(({ origin }) => !partial || says[origin] !== undefined)
  const behindMe = differ.filter(({ here, there }) => here > there)
  const isBlocked = ({ origin, there }: Difference) => comparison.oversized?.(origin, there) ?? false
  const theyLack = behindMe.filter((pair) => !isBlocked(pair))
  const blocked = behindMe.filter(isBlocked).map((pair) => blockedSentence(comparison, pair))
  const iLack = differ.filter(({ here, there }) => here < there)
  if (theyLack.length > 0) {
    const sends = tense === 'does' ? 'sends' : `${tense} send`
    const sentences = theyLack.map((pair) => lackSentence(comparison, pair, sends))
    return { verdict: 'they lack', sentences: windowed([...sentences, ...blocked]) }
  }
  if (iLack.length > 0) {
    const asks = tense === 'does' ? 'asks for' : `${tense} ask for`
    const sentences = iLack.map((pair) => lackSentence(comparison, pair, asks))
    return { verdict: 'I lack', sentences: windowed([...sentences, ...blocked]) }
  }
  if (blocked.length > 0) return { verdict: 'they lack', sentences: windowed(blocked) }
  return { verdict: 'agree', sentences: [agreement(comparison)] }
}

function lackSentence(comparison: Comparison, { origin, here, there }: Difference, does: string): string {
  const { receiver, sender, window, names } = comparison
  const behind = Math.min(here, there)
  const ahead = Math.max(here, there)
  const [has, lacks] = here > there ? [receiver, sender] : [sender, receiver]
  const upTo = behind === 0 ? 'has none of it' : `has it up to ${behind}`
  const limited = here > there && ahead - behind > window
  const end = here > there ? lastToSend(comparison, origin, behind, limited ? behind + window : ahead) : ahead
  const start = here > there ? firstToSend(comparison, origin, behind, end) : behind
  if (start === end)
    return `${has} has origin ${formatOrigin(origin)} up to ${ahead}, ${lacks} ${upTo}: ${receiver} has already sent ${names(origin, behind, end)}`
  const what = names(origin, start, end)
  const wait = limited ? ' and wait for the next status' : ''
  return `${has} has origin ${formatOrigin(origin)} up to ${ahead}, ${lacks} ${upTo}: ${receiver} ${does} ${what}${wait}`
}

/** Returns the number at which an origin is blocked: that of the first message that is too large. */
export function lastToSend(
  { oversized }: Pick<Comparison, 'oversized'>,
  origin: Origin,
  from: number,
  to: number,
): number {
  let seq = from
  while (seq < to && !oversized?.(origin, seq)) seq += 1
  return seq
}

/** Returns in words that the next message that the sender lacks is too large, so none of its origin can go out. */
const blockedSentence = ({ receiver, sender, names }: Comparison, { origin, there }: Difference): string =>
  `${sender} lacks ${names(origin, there, there + 1)} of origin ${formatOrigin(origin)}, which is too large for ${receiver} to send`

/** A message in flight is not sent again. */
function firstToSend({ underway }: Comparison, origin: Origin, from: number, to: number): number {
  let seq = from
  while (seq < to && underway?.(origin, seq)) seq += 1
  return seq
}

function agreement({ receiver, sender, answers, tense }: Comparison): string {
  if (!answers) return `${receiver} agrees with ${sender} and does nothing`
  return `${receiver} agrees with ${sender}, so ${receiver} ${tense === 'does' ? 'tosses' : `${tense} toss`} a coin`
}

/**
 * Effect of a rumor on a node: it has the message already, rejects it as falsely its own, keeps it back behind a gap, or
 * stores it as new.
 */
export type RumorVerdict = 'had' | 'claimed' | 'gap' | 'new'

/** Returns the effect of one rumor on a receiver in this state. */
export function readRumor(
  { origin, seq }: MessageId,
  receiver: Pick<NodeState, 'vector' | 'port' | 'generation'>,
): RumorVerdict {
  const low = receiver.vector[origin] ?? 0
  if (seq < low) return 'had'
  const isItsOwn = portOf(origin) === receiver.port && generationOf(origin) >= receiver.generation
  if (isItsOwn) return 'claimed'
  return seq > low ? 'gap' : 'new'
}

/**
 * Reads the rumors of one datagram in order: each stored message changes what the next one means. `reader` is the
 * receiver as the rumor finds it.
 */
export function readRumors<Receiver extends Pick<NodeState, 'vector' | 'port' | 'generation'>>(
  messages: readonly MessageId[],
  receiver: Receiver,
): { readonly message: MessageId; readonly verdict: RumorVerdict; readonly reader: Receiver }[] {
  let reader = receiver
  return messages.map((message) => {
    const read = { message, verdict: readRumor(message, reader), reader }
    if (read.verdict === 'new') reader = { ...reader, vector: { ...reader.vector, [message.origin]: message.seq + 1 } }
    return read
  })
}

const windowed = (sentences: readonly string[]): readonly string[] =>
  sentences.length <= MAX_SENTENCES
    ? sentences
    : [...sentences.slice(0, MAX_SENTENCES - 1), `and ${sentences.length - MAX_SENTENCES + 1} more origins`]

export const WHY_IN_WORDS: Readonly<Record<Why | Mischief | 'program', string>> = {
  new: 'the message is new to the sender, so the sender passes it on',
  missing: 'the receiver’s status showed that it lacks this message',
  coin: 'the sender’s coin said to tell one more neighbour',
  repeat: 'no acknowledgement came, so the sender repeats it',
  ack: 'acknowledges a rumor',
  ask: 'asks the receiver for messages that the sender lacks',
  hello: 'the sender has just started and asks its neighbours for what it lacks',
  'anti-entropy': 'anti-entropy: the regular comparison with every neighbour',
  program: 'the reason of a program is not known',
  forged: 'invented by a node that forges',
  replayed: 'an old datagram, sent again by a node that replays',
  flood: 'one of many, sent by a node that floods',
  babble: 'malformed, sent by a node that babbles',
}
