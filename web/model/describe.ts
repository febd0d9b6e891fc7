/** Describes a datagram's content and meaning, in the words of the page. */

import { byteLength, encodeText, showRawBytes } from '../../shared/gossip/text.ts'
import { andMore, type MessageId, messagesIn } from '../../shared/model/content.ts'
import { WHY_IN_WORDS } from '../../shared/model/explain.ts'
import type { LabState, MessageState } from '../../shared/model/lab-state.ts'
import { lossInWords } from '../../shared/model/losses.ts'
import { portName } from '../../shared/model/names.ts'
import { NO_END, type Trace, type TracedDatagram } from '../../shared/model/trace.ts'
import { formatMs, plural } from '../../shared/text/format.ts'
import { shorten } from '../../shared/text/words.ts'
import { instantsOf } from './instants.ts'
import { type Meaning, meaningOf } from './meaning.ts'
import { quoted, shown } from './shown.ts'
import type { Past } from './time/past.ts'

export interface Description {
  readonly title: string
  /** Its content, as on the wire without the braces. */
  readonly says: string
  readonly why: string
  /** The reaction of its receiver. */
  readonly meaning: Meaning
  readonly fate: string
  /** The short form: a title, and a line or two. */
  readonly tip: readonly string[]
}

/** The lab at the instant on screen, and the events that led there. */
interface Shown {
  readonly past: Past
  readonly trace: Trace
  getState(): { readonly lab: LabState }
}

/** Describes a datagram as the page shows it now. */
export function describeShown({ past, trace, getState }: Shown, known: TracedDatagram): Description {
  const { lab } = getState()
  const datagram = asOf(known, lab.at)
  const to = portName(datagram.to, lab)
  const meaning = meaningOf(datagram, lab, instantsOf(past, known), trace.datagrams)
  const fate = fateOf(datagram, lab, to)
  return {
    title: titleOf(datagram, lab),
    says: shown(wireForm(datagram, lab)),
    why: WHY_IN_WORDS[datagram.why],
    meaning,
    fate,
    tip: [`${whatOf(datagram, lab)} to ${to}`, ...tipLines(meaning), ...(datagram.lostWhy === null ? [] : [fate])],
  }
}

/** A datagram as a row of a table: its content, and its fate in the lab on screen. */
export function rowOf(known: TracedDatagram, lab: LabState) {
  const datagram = asOf(known, lab.at)
  const [from, to] = [portName(datagram.from, lab), portName(datagram.to, lab)]
  const { kind } = datagram.content
  const what = kind === 'rumor' || kind === 'undecoded' ? whatOf(datagram, lab) : kind
  return { what, from, to, fate: fateOf(datagram, lab, to) }
}

/** The first sentence, and a correction of it. */
function tipLines({ sentences }: Meaning): readonly string[] {
  const last = sentences.at(-1)
  return [...sentences.slice(0, 1), ...(sentences.length > 1 && last?.startsWith('meanwhile') ? [last] : [])]
}

/** Without events that were still to come at `now`, in ms of the lab. */
function asOf(datagram: TracedDatagram, now: number): TracedDatagram {
  const { receivedAt, lostAt } = datagram
  if ((receivedAt ?? now) <= now && (lostAt ?? now) <= now) return datagram
  return { ...datagram, ...NO_END }
}

/** A datagram that has been sent, or is held. */
type Datagram = Pick<TracedDatagram, 'from' | 'to' | 'content' | 'bytes'>

function whatOf(datagram: Datagram, lab: LabState): string {
  const { content, from, bytes } = datagram
  if (content.kind === 'rumor') return `rumor ${quotedText(lab, datagram)}${andMore(content)}`
  if (content.kind === 'undecoded') return `undecoded ${plural(bytes, 'byte')}`
  return `${content.kind} of ${portName(from, lab)}`
}

export const titleOf = (datagram: Datagram, lab: LabState): string =>
  `${whatOf(datagram, lab)}, ${portName(datagram.from, lab)} to ${portName(datagram.to, lab)}`

function messageOf({ content }: Pick<Datagram, 'content'>, { places, messages }: LabState): MessageState | undefined {
  const [first] = messagesIn(content)
  return first && messages[places[first.origin]?.[first.seq] ?? -1]
}

const quotedText = (lab: LabState, datagram: Datagram): string => quoted(shorten(messageOf(datagram, lab)?.text ?? ''))

const MAX_PAIRS = 24

function wireForm(datagram: TracedDatagram, lab: LabState): string {
  const { content, from } = datagram
  if (content.kind === 'rumor') return rumorForm(from, messagesIn(content), lab)
  if (content.kind === 'malformed') return content.preview
  if (content.kind === 'undecoded') return ''
  const pairs = content.pairs.slice(0, MAX_PAIRS).map(([origin, low]) => `${origin}:${low}`)
  return `status:${from}:{${pairs.join(',')}${content.pairs.length > MAX_PAIRS ? ',…' : ''}}`
}

function rumorForm(from: number, messages: readonly MessageId[], lab: LabState): string {
  const rumors = messages.slice(0, MAX_PAIRS).map(({ origin, seq }) => {
    const message = lab.messages[lab.places[origin]?.[seq] ?? -1]
    const wire = message && (message.wire ?? encodeText(message.text))
    const rumor = `${wire === undefined ? '…' : showRawBytes(wire)},${origin},${seq}`
    return messages.length === 1 ? rumor : `${wire === undefined ? '…' : byteLength(wire)}:${rumor}`
  })
  if (messages.length === 1) return `rumor:${from}:{${rumors.join()}}`
  return `rumors:${from}:{${rumors.join(';')}${messages.length > MAX_PAIRS ? ';…' : ''}}`
}

function fateOf(
  { to: port, sentAt, arrivesAt, receivedAt, lostWhy }: TracedDatagram,
  lab: LabState,
  to: string,
): string {
  if (lostWhy !== null) return lossInWords(lostWhy, to)
  const receiver = lab.nodes[port - (lab.settings?.rootId ?? 0)]
  // The gate has handed it to the system. Nobody sees whether a program reads it.
  if (receivedAt !== null)
    return `${receiver?.program ? 'delivered' : 'received'} after ${formatMs(receivedAt - sentAt)}`
  return receiver?.answers === false && lab.at > arrivesAt ? `waits at ${to}, which does not answer` : 'on its way'
}
