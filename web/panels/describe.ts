/** What a datagram says and means, in the words of the page. */
import { readStatus, type Vector, WHY_IN_WORDS } from '../../shared/explain.ts'
import { formatMs } from '../../shared/format.ts'
import { PARTIAL_STATUS_BYTES } from '../../shared/gossip/limits.ts'
import { messageKey } from '../../shared/gossip/origin.ts'
import { encodeText, showRawBytes } from '../../shared/gossip/text.ts'
import type { LabState, MessageState } from '../../shared/lab-state.ts'
import { messageName, messageNames, portName } from '../../shared/names.ts'
import { lossInWords } from '../stage/losses.ts'
import type { TracedArrow } from '../store/trace.ts'

export interface Description {
  readonly title: string
  /** What it says, as it is on the wire without the braces. */
  readonly says: string
  readonly why: string
  /** What its receiver does about it. */
  readonly means: readonly string[]
  readonly fate: string
  /** The short form: a title, and a line or two. */
  readonly tip: readonly string[]
}

/** `arrows` is what was sent lately: what is on its way already is not sent again. */
export function describeArrow(known: TracedArrow, lab: LabState, arrows: readonly TracedArrow[]): Description {
  const arrow = asOf(known, lab.at)
  const to = portName(arrow.to, lab)
  const means = arrow.content.kind === 'rumor' ? rumorMeans(arrow, lab, to) : statusMeans(arrow, lab, arrows)
  const what = whatOf(arrow, lab)
  return {
    title: titleOf(arrow, lab),
    says: wireForm(arrow, lab),
    why: WHY_IN_WORDS[arrow.why],
    means,
    fate: fateOf(arrow, to),
    tip: [`${what} to ${to}`, means[0] ?? '', ...(arrow.lostAt === null ? [] : [fateOf(arrow, to)])],
  }
}

/** Without what was to come at `now`, in ms of the lab. */
function asOf(arrow: TracedArrow, now: number): TracedArrow {
  const { receivedAt, lostAt } = arrow
  if ((receivedAt ?? now) <= now && (lostAt ?? now) <= now) return arrow
  return { ...arrow, receivedAt: null, lostAt: null, lostWhy: null, consequence: null }
}

/** A datagram that has been sent, or waits to be. */
type Datagram = Pick<TracedArrow, 'from' | 'to' | 'content'>

const whatOf = (arrow: Datagram, lab: LabState) =>
  arrow.content.kind === 'rumor'
    ? `rumor ${quoted(lab, arrow)}`
    : `${arrow.content.kind} of ${portName(arrow.from, lab)}`

export const titleOf = (arrow: Datagram, lab: LabState): string =>
  `${whatOf(arrow, lab)}, ${portName(arrow.from, lab)} to ${portName(arrow.to, lab)}`

function messageOf({ content }: Datagram, { places, messages }: LabState): MessageState | undefined {
  if (content.kind !== 'rumor') return undefined
  const place = places[content.origin]?.[content.seq]
  return place === undefined ? undefined : messages[place]
}

function quoted(lab: LabState, arrow: Datagram): string {
  const text = messageOf(arrow, lab)?.text ?? ''
  return `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`
}

const MAX_PAIRS = 24

function wireForm(arrow: TracedArrow, lab: LabState): string {
  const { content, from } = arrow
  if (content.kind === 'rumor') {
    const message = messageOf(arrow, lab)
    const text = message ? showRawBytes(message.wire ?? encodeText(message.text)) : '…'
    return `rumor:${from}:{${text},${content.origin},${content.seq}}`
  }
  if (content.kind !== 'status') return content.preview
  const pairs = content.pairs.slice(0, MAX_PAIRS).map(([origin, low]) => `${origin}:${low}`)
  return `status:${from}:{${pairs.join(',')}${content.pairs.length > MAX_PAIRS ? ',…' : ''}}`
}

function rumorMeans(arrow: TracedArrow, lab: LabState, to: string): string[] {
  const copy = messageOf(arrow, lab)?.copies[arrow.to - (lab.settings?.rootId ?? 0)]
  const arrives = arrow.receivedAt ?? Number.POSITIVE_INFINITY
  const done = arrow.receivedAt !== null
  const had = copy !== undefined && copy.lostAt === null && (copy.at < arrives - 1 || copy.from !== arrow.from)
  if (had && (!done || copy.at < arrives))
    return [`${to} ${done ? 'had' : 'has'} it already: ${to} only ${done ? 'answered' : 'answers'} with its status`]
  if (done) return [`new to ${to}: stored, passed on, and answered with a status`]
  return [`new to ${to}: it will store it, pass it on, and answer with its status`]
}

function statusMeans(arrow: TracedArrow, lab: LabState, arrows: readonly TracedArrow[]): string[] {
  const [from, to] = [portName(arrow.from, lab), portName(arrow.to, lab)]
  const { content, receivedAt, consequence } = arrow
  const receiver = lab.nodes[arrow.to - (lab.settings?.rootId ?? 0)]
  if (content.kind === 'malformed') return [`neither rumor nor status: ${to} drops it and counts it`]
  if (content.kind !== 'status' || !receiver) return []
  if (receiver.status !== 'running' && receivedAt === null) return [`${to} is not running: nobody will read it`]
  const { sentences } = readStatus({
    receiver: to,
    holds: receivedAt === null ? receiver.vector : vectorAt(lab, receiver.id, receivedAt),
    sender: from,
    says: Object.fromEntries(content.pairs),
    names: (origin, start, end) => messageNames(origin, start, end, lab),
    partial: arrow.bytes >= PARTIAL_STATUS_BYTES,
    answers: consequence ? consequence.coins.length > 0 : arrow.why === 'ack',
    window: lab.settings?.gossip.window ?? 1,
    done: receivedAt !== null,
    underway: underwayTo(arrow, arrows),
    oversized: (origin, seq) => receiver.oversized[messageKey(origin, seq)] !== undefined,
  })
  return [...sentences, ...coinSentences(arrow, lab, to)]
}

/** The rumors that the receiver of a status had sent its sender, and that had not arrived when the status was sent. */
function underwayTo(status: TracedArrow, arrows: readonly TracedArrow[]) {
  const before = status.receivedAt ?? Number.POSITIVE_INFINITY
  const keys = new Set<string>()
  for (const { from, to, sentAt, receivedAt, arrivesAt, content } of arrows) {
    if (content.kind !== 'rumor' || from !== status.to || to !== status.from || sentAt >= before) continue
    if ((receivedAt ?? arrivesAt) > status.sentAt) keys.add(`${content.origin}.${content.seq}`)
  }
  return (origin: number, seq: number) => keys.has(`${origin}.${seq}`)
}

function coinSentences({ consequence }: TracedArrow, lab: LabState, to: string): string[] {
  return (consequence?.coins ?? []).map(({ origin, seq, goesOnTo }) => {
    const message = messageName({ origin, seq }, lab)
    return goesOnTo === null
      ? `the coin: ${to} stops telling ${message}`
      : `the coin: ${to} goes on and tells ${portName(goesOnTo, lab)} ${message}`
  })
}

/** What a node held at `at`, in ms of the lab: its copies tell. */
function vectorAt({ messages, nodes }: LabState, id: number, at: number): Vector {
  const born = nodes[id]?.startedAt ?? 0
  const vector: Record<number, number> = {}
  for (const { origin, seq, copies } of messages) {
    const copy = copies[id]
    const held = copy && copy.at >= born && copy.at <= at && (copy.lostAt === null || copy.lostAt > at)
    if (held && (vector[origin] ?? 0) === seq) vector[origin] = seq + 1
  }
  return vector
}

function fateOf({ sentAt, receivedAt, lostWhy }: TracedArrow, to: string): string {
  if (lostWhy !== null) return lossInWords(lostWhy, to)
  return receivedAt === null ? 'on its way' : `received after ${formatMs(receivedAt - sentAt)}`
}
