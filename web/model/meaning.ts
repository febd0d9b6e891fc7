/**
 * Returns the meaning of a datagram to its receiver. It is judged by the past lab: at its receipt, because the receiver
 * acted then; otherwise at its sending. Later changes do not count.
 */

import { PARTIAL_STATUS_BYTES } from '../../shared/gossip/limits.ts'
import { messageKey } from '../../shared/gossip/origin.ts'
import { type MessageId, messagesIn } from '../../shared/model/content.ts'
import { differences, isComparable, readRumor, readStatus, type Tense } from '../../shared/model/explain.ts'
import type { LabState, NodeState } from '../../shared/model/lab-state.ts'
import { messageName, messageNames, nodeNames, portName } from '../../shared/model/names.ts'
import type { TracedDatagram } from '../../shared/model/trace.ts'
import { batchMeans } from './batch-meaning.ts'
import { textsIn } from './datagram-fields.ts'
import { quoted } from './shown.ts'

/** The past lab; null if it is older than the page's past. */
export interface Instants {
  readonly sent: LabState | null
  /** Just before the receipt. */
  readonly received: LabState | null
}

export interface Meaning {
  /** The instant by which it is judged; null if that makes no difference. */
  readonly asOf: 'sent' | 'received' | null
  readonly sentences: readonly string[]
}

interface Reading {
  readonly datagram: TracedDatagram
  /** The lab at that instant. */
  readonly lab: LabState
  readonly receiver: NodeState
  /** Name of the receiver. */
  readonly to: string
  readonly tense: Tense
  /** Recently sent datagrams. */
  readonly datagrams: readonly TracedDatagram[]
}

/** `datagram` contains nothing beyond the instant on screen; `datagrams` are the recent ones up to then. */
export function meaningOf(
  datagram: TracedDatagram,
  shown: LabState,
  instants: Instants,
  datagrams: readonly TracedDatagram[],
): Meaning {
  const to = portName(datagram.to, shown)
  const id = datagram.to - (shown.settings?.rootId ?? 0)
  if (datagram.content.kind === 'undecoded')
    return {
      asOf: null,
      sentences: ['in a format that the lab cannot decode: --wire can teach it', ...carries(datagram, shown)],
    }
  if (datagram.content.kind === 'malformed' && datagram.why === 'program') {
    const { why } = datagram.content
    return { asOf: null, sentences: [`malformed, as sent by your program${why === undefined ? '' : `: ${why}`}`] }
  }
  if (datagram.content.kind === 'malformed')
    return { asOf: null, sentences: [`malformed, neither rumor nor status: ${to} rejects it and counts it`] }
  const tense = tenseOf(datagram, shown.nodes[id])
  const asOf = datagram.lostWhy === null && datagram.receivedAt !== null ? 'received' : 'sent'
  const lab = instants[asOf]
  if (!lab && shown.nodes[id])
    return { asOf: null, sentences: ['unknown: this page no longer keeps the state of the lab at that time'] }
  const receiver = lab?.nodes[id]
  if (!lab || !receiver)
    return {
      asOf: null,
      sentences: [
        `port ${datagram.to} does not belong to a node of this lab, so the lab cannot see what happens there`,
      ],
    }
  const absence = asOf === 'received' ? null : absenceOf(receiver, to)
  if (absence !== null) return { asOf, sentences: [absence] }
  const isUnderway = asOf === 'sent' && datagram.lostWhy === null
  const news = isUnderway ? changeSince(datagram, receiver, shown.nodes[id] ?? receiver) : null
  const reading = {
    datagram,
    lab,
    receiver,
    to,
    tense: news === null || receiver.program ? tense : 'would',
    datagrams,
  } as const
  const means = datagram.content.kind === 'rumor' ? rumorsMean(reading) : statusMeans(reading)
  const sentences = receiver.program ? [...means, inferred(to)] : means
  return { asOf, sentences: news === null ? sentences : [...sentences, `meanwhile ${to} ${news}`] }
}

/** Says where the lab has it from: it neither sees what a program does nor why. */
const inferred = (to: string) => `inferred from the report’s rules and the chat log of ${to}`

/** Says which messages of the lab may be in a datagram, by their texts. */
function carries({ content }: TracedDatagram, lab: LabState): readonly string[] {
  const texts = content.kind === 'undecoded' ? textsIn(content, lab) : []
  return texts.length === 0 ? [] : [`its bytes contain ${texts.map(quoted).join(', ')}`]
}

/** Says how the receiver has changed while a datagram is in flight, if that changes its meaning; else null. */
function changeSince({ content }: TracedDatagram, then: NodeState, now: NodeState): string | null {
  if (now.endedAt !== null || now.generation !== then.generation) return 'has ended'
  const messages = messagesIn(content)
  if (messages.length > 0) {
    const got = messages.filter((one) => readRumor(one, then) !== 'had' && readRumor(one, now) === 'had')
    return got.length === 0 ? null : `has received ${got.length === messages.length ? 'it' : 'part of it'} another way`
  }
  return differences(then.vector, now.vector).length > 0 ? 'has received more messages' : null
}

function tenseOf({ lostWhy, receivedAt }: TracedDatagram, receiver: NodeState | undefined): Tense {
  if (lostWhy !== null) return 'would'
  if (receiver?.program) return 'should'
  return receivedAt === null ? 'will' : 'does'
}

/** Returns why nobody read a datagram to a node then; null if it could be read. */
function absenceOf({ status, stranger, endedAt }: NodeState, to: string): string | null {
  if (stranger)
    return `${to} was not running when this was sent, and another program had its port: the lab cannot see what it does`
  if (endedAt !== null) return `${to} was not running when this was sent, so nobody reads it`
  if (status === 'absent' || status === 'starting') return `${to} was not up yet when this was sent`
  return null
}

const SENTENCES = {
  had: {
    will: 'already has it, so it will only answer with a status',
    does: 'already had it, so it only answered with a status',
    would: 'already had it, so it would only answer with a status',
    should: 'already had it, so it should only answer with a status',
  },
  claimed: {
    will: 'will refuse it, because it claims to be that node’s own message',
    does: 'refused it, because it claims to be that node’s own message',
    would: 'would refuse it, because it claims to be that node’s own message',
    should: 'should ignore it, because it claims to be that node’s own message',
  },
} as const

function rumorsMean(reading: Reading): readonly string[] {
  const { datagram, lab, receiver, to, tense } = reading
  const messages = messagesIn(datagram.content)
  const [only] = messages
  if (only && messages.length === 1) return [rumorMeans(only, reading)]
  const isNew = (message: MessageId) => storedNow(message, datagram, receiver, lab)
  return batchMeans({ messages, isNew, lab, receiver, to, tense })
}

function rumorMeans(message: MessageId, { datagram, lab, receiver, to, tense, datagrams }: Reading): string {
  const { origin, seq } = message
  const verdict = storedNow(message, datagram, receiver, lab) ? 'new' : readRumor(message, receiver)
  const answer = tense === 'does' ? 'answered with a status' : 'answer with a status'
  switch (verdict) {
    case 'had':
    case 'claimed':
      return `${to} ${SENTENCES[verdict][tense]}`
    case 'gap': {
      const missing = messageNames(origin, receiver.vector[origin] ?? 0, seq, lab)
      const keeps = tense === 'does' ? 'kept' : `${tense} keep`
      return `${to} lacked ${missing}, so it ${keeps} this message back until then and ${answer}`
    }
    case 'new': {
      const hoards = receiver.behaviours.includes('hoard')
      if (tense !== 'does')
        return `new to ${to}: it ${tense} store it, ${hoards ? 'hoard it' : 'pass it on'} and ${answer}`
      return `new to ${to}: it stored it${hoards ? ', hoarded it' : passedOn(message, datagram, datagrams, lab)} and ${answer}`
    }
  }
}

/**
 * Reports of one instant may have come in either order: a copy that this very datagram brought did not exist before it.
 */
function storedNow(
  { origin, seq }: MessageId,
  { from, receivedAt }: TracedDatagram,
  { id }: NodeState,
  lab: LabState,
): boolean {
  if (receivedAt === null) return false
  const place = lab.places[origin]?.[seq]
  const copy = place === undefined ? undefined : lab.messages[place]?.copies[id]
  return copy !== undefined && copy.lostAt === null && copy.from === from && copy.at >= receivedAt - 1
}

/** Returns the nodes to which the receiver was seen to forward a rumor. */
function passedOn(
  { origin, seq }: MessageId,
  { to, receivedAt }: TracedDatagram,
  datagrams: readonly TracedDatagram[],
  lab: LabState,
): string {
  const ids = new Set<number>()
  for (const { from, to: next, why, sentAt, content: other } of datagrams) {
    if (from !== to || why !== 'new' || sentAt < (receivedAt ?? 0) - 1) continue
    if (messagesIn(other).some((one) => one.origin === origin && one.seq === seq))
      ids.add(next - (lab.settings?.rootId ?? 0))
  }
  return ids.size === 0 ? '' : `, passed it on to ${nodeNames([...ids].sort((a, b) => a - b))}`
}

function statusMeans({ datagram, lab, receiver, to, tense, datagrams }: Reading): string[] {
  const { content, consequence } = datagram
  if (content.kind !== 'status') return []
  if (!isComparable(datagram, lab))
    return [`${to} compares it with its own numbers. A program was restarted since, so the lab cannot compare them`]
  const { sentences } = readStatus({
    receiver: to,
    holds: receiver.vector,
    sender: portName(datagram.from, lab),
    says: Object.fromEntries(content.pairs),
    names: (origin, start, end) => messageNames(origin, start, end, lab),
    partial: datagram.bytes >= PARTIAL_STATUS_BYTES,
    answers: consequence ? consequence.coins.length > 0 : datagram.why === 'ack',
    window: receiver.program ? Infinity : (lab.settings?.gossip.window ?? 1),
    tense,
    underway: underwayTo(datagram, datagrams),
    oversized: (origin, seq) => receiver.oversized[messageKey(origin, seq)] !== undefined,
  })
  return [...sentences, ...coinSentences(datagram, lab, to)]
}

/**
 * Returns the rumors that the receiver of a status had sent its sender, and that had not arrived when the status was
 * sent.
 */
function underwayTo(status: TracedDatagram, datagrams: readonly TracedDatagram[]) {
  const before = status.receivedAt ?? status.sentAt
  const keys = new Set<string>()
  for (const { from, to, sentAt, receivedAt, arrivesAt, content } of datagrams) {
    if (from !== status.to || to !== status.from || sentAt >= before) continue
    if ((receivedAt ?? arrivesAt) > status.sentAt)
      for (const { origin, seq } of messagesIn(content)) keys.add(`${origin}.${seq}`)
  }
  return (origin: number, seq: number) => keys.has(`${origin}.${seq}`)
}

function coinSentences({ consequence }: TracedDatagram, lab: LabState, to: string): string[] {
  return (consequence?.coins ?? []).map(({ origin, seq, goesOnTo }) => {
    const message = messageName({ origin, seq }, lab)
    return goesOnTo === null
      ? `${to} tossed its coin and stops spreading ${message}`
      : `${to} tossed its coin and sends ${message} to ${portName(goesOnTo, lab)}`
  })
}
