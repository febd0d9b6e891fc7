/** Describes one event in words, for the table of events. */

import { cannotBeSent } from '../../shared/gossip/too-large.ts'
import { andMore, type MessageId, messagesIn } from '../../shared/model/content.ts'
import type { EventOf, LabEvent } from '../../shared/model/event.ts'
import type { Fate } from '../../shared/model/fault.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import { lossReason } from '../../shared/model/losses.ts'
import { heldName, messageName, portName, UNKNOWN_PORT } from '../../shared/model/names.ts'
import { formatMs } from '../../shared/text/format.ts'
import { shorten } from '../../shared/text/words.ts'
import { quoted, shown } from './shown.ts'

type Lab = Pick<LabState, 'settings' | 'nodes' | 'messages' | 'places'>

const RECEIVER = 'its receiver'

const fateWords = (fate: Fate | undefined) => (fate ? `: ${lossReason(fate, RECEIVER)}` : '')

export function eventWords(event: LabEvent, lab: Lab): string {
  const words = [factWords(event, lab)]
  if ('inferred' in event) words.push('inferred')
  if ('ambiguous' in event) words.push('ambiguous: other messages have this text')
  if (event.uncertaintyMs !== undefined) words.push(`± ${formatMs(event.uncertaintyMs)}`)
  return words.filter((part) => part !== '').join(' · ')
}

function factWords(event: LabEvent, lab: Lab): string {
  switch (event.type) {
    case 'sent':
      return `${contentWords(event.content, lab)} to ${portName(event.to, lab)}${fateWords(event.fate)}`
    case 'held':
      return `${contentWords(event.content, lab)} to ${portName(event.to, lab)}, ${heldName(event.number)}`
    case 'received':
      return `from ${portName(event.from, lab)}${isUnmatched(event, lab) ? '; its sending was not reported' : ''}`
    case 'rejected':
      return `from ${portName(event.from, lab)}: ${shown(event.why)}`
    case 'given':
      return `${quoted(event.text)} given to its program`
    case 'shown-again':
      return `${quoted(event.text)} ${event.times} times in its chat log`
    case 'output':
      return shown(event.lines.at(-1) ?? '')
    case 'trouble':
      return event.why === null ? 'the lab can talk to its program again' : shown(event.why)
    case 'stored':
      if (event.inferred && event.from === UNKNOWN_PORT) return `${quoted(event.text)} seen in its chat log`
      return `${quoted(event.text)} ${event.from === null ? 'from a command' : `from ${portName(event.from, lab)}`}`
    case 'kept-back':
      return `${textOf(event, lab) ?? messageName(event, lab)} from ${portName(event.from, lab)}: waits for an earlier message`
    case 'compared':
      return `with ${portName(event.with, lab)}: ${event.verdict}`
    case 'coin':
      return event.goesOnTo === null ? 'stops spreading' : `goes on to ${portName(event.goesOnTo, lab)}`
    case 'oversized':
      return `${textOf(event, lab) ?? messageName(event, lab)} ${cannotBeSent(event)}`
    case 'refused':
    case 'line-refused':
      return shown(event.why)
    case 'lost':
      return lossReason(event.why, RECEIVER)
    case 'command':
      return shown(event.line)
    case 'ended':
      return event.end.how
    case 'answering':
      if (event.suspended) return `its process is suspended by a ${event.suspended}`
      return event.answers ? 'answers again' : 'not responding'
    case 'overloaded':
      return event.overloaded ? 'the machine is too busy: it waits for a processor' : 'has a processor again'
    case 'outdated':
      return 'the file of its program has changed'
    case 'stranger':
      return event.present ? 'another program has its UDP port' : 'its UDP port is free again'
    case 'ending':
      return 'got crash: finishes passing messages on, then ends'
    case 'recording':
      return shown(event.problem ?? '') || 'is complete again'
    case 'starting':
      return event.host === undefined ? '' : `on ${shown(event.host)}`
    case 'clock':
      return event.rate === 0 ? 'the lab’s clock is stopped' : `the lab’s clock runs at ${event.rate}×`
    case 'sampling':
      return `1 in ${event.every}`
    default:
      return ''
  }
}

/** A node's name, which may be a stranger's: a stranger may use its port. */
const isUnmatched = ({ from, datagram }: EventOf<'received'>, { settings, nodes }: Lab) =>
  datagram === null && nodes[from - (settings?.rootId ?? 0)] !== undefined

function contentWords(content: Extract<LabEvent, { type: 'sent' }>['content'], lab: Lab): string {
  if (content.kind !== 'rumor') return content.kind
  return `rumor ${textOf(content, lab) ?? `of ${messageName(content, lab)}`}${andMore(content)}`
}

function textOf({ origin, seq }: MessageId, lab: Lab): string | undefined {
  const text = lab.messages[lab.places[origin]?.[seq] ?? -1]?.text
  return text === undefined ? undefined : quoted(shorten(text))
}

/** Returns the node of the event; null for events of the lab. */
export const nodeOf = (event: LabEvent): number | null =>
  'node' in event && typeof event.node === 'number' ? event.node : null

/** Returns the messages of an event: none, one, or those of a batch. */
export function messagesOf(event: LabEvent): readonly MessageId[] {
  const { type } = event
  if (
    type === 'stored' ||
    type === 'given' ||
    type === 'shown-again' ||
    type === 'kept-back' ||
    type === 'coin' ||
    type === 'oversized'
  )
    return [event]
  return event.type === 'sent' || event.type === 'held' ? messagesIn(event.content) : []
}

export interface EventFilter {
  readonly node: number | null
  readonly type: LabEvent['type'] | null
  /** The key of a message. */
  readonly message: MessageId | null
}

/** Returns the part of a filter that still applies: a new network may have fewer nodes, and other messages. */
export function stillPossible(filter: EventFilter, { nodes, places }: Pick<Lab, 'nodes' | 'places'>): EventFilter {
  const { node, message } = filter
  return {
    ...filter,
    node: node !== null && nodes[node] ? node : null,
    message: message && places[message.origin]?.[message.seq] !== undefined ? message : null,
  }
}

export function fits(event: LabEvent, { node, type, message }: EventFilter): boolean {
  if (node !== null && nodeOf(event) !== node) return false
  if (type !== null && event.type !== type) return false
  if (message === null) return true
  return messagesOf(event).some(({ origin, seq }) => origin === message.origin && seq === message.seq)
}
