/**
 * Computes the sentence and the figure for a hall: the last event, and the number of nodes that have its message. Both
 * are as of the event on screen.
 */
import { messagesIn } from '../../shared/model/content.ts'
import type { EventOf, LabEvent } from '../../shared/model/event.ts'
import { type Datagram, holds, type LabState, type MessageState } from '../../shared/model/lab-state.ts'
import { type LostWhy, lossReason } from '../../shared/model/losses.ts'
import { messageName, nodeName, nodeNames, portName, UNKNOWN_PORT } from '../../shared/model/names.ts'
import { plural } from '../../shared/text/format.ts'
import { capital, shorten } from '../../shared/text/words.ts'
import { quoted } from './shown.ts'
import type { Past } from './time/past.ts'

export interface Now {
  /** Null without a recent event. */
  readonly sentence: string | null
  /** Null before the first message. */
  readonly figure: { readonly count: string; readonly of: string } | null
}

interface News {
  readonly sentence: string | null
  readonly message: MessageState | undefined
}

type Known = Pick<Past, 'history' | 'landmarks' | 'trace'>

/** Maximum age of news, in ms of the lab. */
const NEWS_MS = 15_000
/** Number of landmarks scanned for one that matters to a hall. */
const MOST_LOOKED_AT = 50
/** Beyond this number, receivers are counted. */
const MOST_NAMED = 4

/** `at` is the time on screen, in ms of the lab. */
export function whatHappens(lab: LabState, past: Known, at: number): Now {
  const { sentence, message = lab.messages.at(-1) } = underway(lab, at) ?? lastNews(lab, past, at)
  return { sentence, figure: message ? figureOf(message, lab) : null }
}

function figureOf(message: MessageState, lab: LabState): Now['figure'] {
  const holders = Object.values(message.copies).filter(({ lostAt }) => lostAt === null).length
  return { count: `${holders} of ${lab.nodes.length}`, of: `nodes have ${messageName(message, lab)}` }
}

/** Returns the newest message in flight to a node that lacks it; null when there is none. */
function underway(lab: LabState, at: number): News | null {
  const rootId = lab.settings?.rootId ?? 0
  const lacks = (message: MessageState, port: number) =>
    lab.nodes[port - rootId] !== undefined && message.copies[port - rootId]?.lostAt !== null
  const flying = Object.values(lab.inFlight).flatMap((datagram) => {
    const messages = datagram.arrivesAt > at ? messagesOf(datagram.content, lab) : []
    return messages.flatMap((message) => (lacks(message, datagram.to) ? [{ datagram, message }] : []))
  })
  const [first] = flying
  if (!first) return null
  const newest = flying.reduce((best, next) => (next.message.at > best.message.at ? next : best), first).message
  const datagrams = flying.filter(({ message }) => message === newest).map(({ datagram }) => datagram)
  return { sentence: `${textOf(newest)} is on its way ${wayOf(datagrams, lab, rootId)}`, message: newest }
}

/** `from node 3 to node 4`; without the first part if there are several senders. */
function wayOf(datagrams: readonly Datagram[], lab: LabState, rootId: number): string {
  const to = [...new Set(datagrams.map((datagram) => datagram.to - rootId))].sort((a, b) => a - b)
  const from = new Set(datagrams.map((datagram) => datagram.from))
  const [only = 0] = from
  const receivers = to.length > MOST_NAMED ? plural(to.length, 'node') : nodeNames(to)
  return `${from.size === 1 ? `from ${portName(only, lab)} ` : ''}to ${receivers}`
}

function lastNews(lab: LabState, { history, landmarks, trace }: Known, at: number): News {
  let landmark = landmarks.before(lab.last + 1)
  const waits = waitingNews(lab, Math.max(landmark?.at ?? 0, at - NEWS_MS))
  if (waits) return waits
  for (let looked = 0; landmark && looked < MOST_LOOKED_AT && at - landmark.at <= NEWS_MS; looked += 1) {
    const event = history.event(landmark.n)
    const news = event ? newsIn(event, lab, trace) : null
    if (news) return news
    landmark = landmarks.before(landmark.n)
  }
  return { sentence: null, message: undefined }
}

function newsIn(event: LabEvent, lab: LabState, trace: Known['trace']): News | null {
  switch (event.type) {
    case 'stored':
      return copyNews(event, lab)
    case 'sent':
      return event.fate === undefined ? null : lossNews(event, event.fate, lab)
    case 'lost': {
      const datagram = trace.datagram(event.datagram)
      return datagram ? lossNews(datagram, event.why, lab) : null
    }
    case 'ended':
      return { sentence: endWords(event, lab), message: undefined }
    case 'running':
      return { sentence: `${capital(nodeName(event.node))} started`, message: undefined }
    default:
      return null
  }
}

function copyNews({ node, from, origin, seq }: EventOf<'stored'>, lab: LabState): News | null {
  const [message] = messagesOf({ kind: 'rumor', origin, seq }, lab)
  if (!message) return null
  if (from === UNKNOWN_PORT)
    return { sentence: `${capital(nodeName(node))} has ${textOf(message)} in its chat log`, message }
  if (from === null) return { sentence: `${capital(nodeName(node))} got a message: ${textOf(message)}`, message }
  return { sentence: `${capital(portName(from, lab))} told ${nodeName(node)} ${textOf(message)}`, message }
}

/** Returns the last message that came too early to be shown, if it came since then; null otherwise. */
function waitingNews(lab: LabState, since: number): News | null {
  const all = lab.nodes.flatMap(({ id, keptBack }) => Object.entries(keptBack).map(([key, by]) => ({ id, key, ...by })))
  const [first] = all.filter(({ at }) => at >= since).sort((a, b) => b.at - a.at)
  const message = first && lab.messages.find(({ key }) => key === first.key)
  if (!message) return null
  return { sentence: `${textOf(message)} waits at ${nodeName(first.id)} for an earlier message`, message }
}

/**
 * A lost status is no news, because nodes compare again and again; nor is a rumor whose receiver has the message all
 * the same.
 */
function lossNews({ to, content }: Pick<Datagram, 'to' | 'content'>, why: LostWhy, lab: LabState) {
  const rootId = lab.settings?.rootId ?? 0
  const message = messagesOf(content, lab).find((one) => !holds(one, to - rootId))
  if (!message) return null
  const receiver = portName(to, lab)
  return { sentence: `${textOf(message)} did not reach ${receiver}: ${lossReason(why, receiver)}`, message }
}

const ENDINGS = { crashed: 'crashed', stopped: 'stopped', killed: 'was killed', failed: 'failed' }

function endWords({ node, end }: EventOf<'ended'>, lab: LabState): string {
  const { lost = 0, endedAt = null } = lab.nodes[node] ?? {}
  const copies = endedAt !== null && lost > 0 ? `: ${plural(lost, 'copy is', 'copies are')} lost` : ''
  return `${capital(nodeName(node))} ${ENDINGS[end.how]}${copies}`
}

const messagesOf = (content: Datagram['content'], { places, messages }: LabState): readonly MessageState[] =>
  messagesIn(content).flatMap(({ origin, seq }) => messages[places[origin]?.[seq] ?? -1] ?? [])

const textOf = ({ text }: MessageState) => quoted(shorten(text))
