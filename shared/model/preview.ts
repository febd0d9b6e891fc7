/** Describes a held datagram: its content, and the effect of delivering it. */

import { PARTIAL_STATUS_BYTES } from '../gossip/limits.ts'
import { formatOrigin, messageKey, type Origin } from '../gossip/origin.ts'
import { type MessageId, messagesIn } from './content.ts'
import {
  differences,
  isComparable,
  lastToSend,
  type RumorVerdict,
  readRumors,
  readStatus,
  type Vector,
} from './explain.ts'
import { currentOrigin, type HeldDatagram, type LabState, type NodeState } from './lab-state.ts'
import { heldName, messageList, messageName, messageNames, nodeName, portName } from './names.ts'

/** `#3: node 0 to node 1, rumor of message 0.2`, as the page shows it. */
export function describeHeld(
  { number, from, to, content, bytes }: HeldDatagram,
  lab: Pick<LabState, 'settings' | 'nodes'>,
): string {
  const way = `${heldName(number)}: ${portName(from, lab)} to ${portName(to, lab)},`
  switch (content.kind) {
    case 'rumor':
      return `${way} ${rumorsOf(messagesIn(content), lab)}`
    case 'status':
      return `${way} status ${content.pairs.map(([origin, low]) => `${formatOrigin(origin)}:${low}`).join(',')}`
    case 'malformed':
      return `${way} ${bytes} malformed bytes`
    case 'undecoded':
      return `${way} ${bytes} bytes that the lab cannot decode`
  }
}

/** `rumor of message 0.2`, `rumors of messages 0.2 and 1.0` */
const rumorsOf = (messages: readonly MessageId[], lab: Pick<LabState, 'settings' | 'nodes'>): string =>
  `${messages.length === 1 ? 'rumor' : 'rumors'} of ${messageList(messages, lab)}`

/**
 * Returns in words the effect of delivering a held datagram now, one sentence for each thing that matters: 'delivered
 * now, this makes node 2 ask node 3 for message 1.3 and what follows'. Empty when no datagram is held under this
 * number.
 */
export function previewDelivery(lab: LabState, number: number): readonly string[] {
  const held = lab.held[number]
  if (!held || !lab.settings) return []
  const id = held.to - lab.settings.rootId
  const receiver = lab.nodes[id]
  if (receiver?.stranger) return [`delivered now, this goes to another program, which uses the port of ${nodeName(id)}`]
  if (receiver?.status !== 'running') return [`delivered now, this does nothing: ${nodeName(id)} is not running`]
  const makes = receiver.program ? 'by the report’s rules, this should make' : 'delivered now, this makes'
  return consequences(lab, held, receiver).map((does) => `${makes} ${nodeName(id)} ${does}`)
}

function consequences(lab: LabState, held: HeldDatagram, receiver: NodeState): readonly string[] {
  switch (held.content.kind) {
    case 'malformed':
      return [
        receiver.program ? 'ignore it, because it is malformed' : 'reject it and count it, because it is malformed',
      ]
    case 'undecoded':
      return ['read bytes that the lab cannot decode']
    case 'rumor':
      return readRumors(messagesIn(held.content), receiver).map(({ message, verdict, reader }) =>
        rumorDoes(lab, message, verdict, held, reader),
      )
    case 'status':
      if (!isComparable(held, lab)) return ['compare it with its own messages']
      return statusDoes(lab, Object.fromEntries(held.content.pairs), held, receiver)
  }
}

function rumorDoes(
  lab: LabState,
  { origin, seq }: MessageId,
  verdict: RumorVerdict,
  { from }: HeldDatagram,
  receiver: NodeState,
): string {
  const name = messageName({ origin, seq }, lab)
  const sender = portName(from, lab)
  const ack = `acknowledge to ${sender}`
  switch (verdict) {
    case 'had':
      return `acknowledge ${name}, which it already has, to ${sender}`
    case 'claimed':
      return `refuse ${name}, because it claims to be ${nodeName(receiver.id)}’s own message`
    case 'gap':
      return `keep ${name} back until it has ${messageNames(origin, receiver.vector[origin] ?? 0, seq, lab)}, and ${ack}`
    case 'new':
      return `store ${name}, ${receiver.behaviours.includes('hoard') ? 'hoard it' : 'pass it on'}, and ${ack}`
  }
}

function statusDoes(lab: LabState, says: Vector, held: HeldDatagram, receiver: NodeState): readonly string[] {
  const { from, bytes, why } = held
  const sender = portName(from, lab)
  const partial = bytes >= PARTIAL_STATUS_BYTES
  const window = receiver.program ? Infinity : (lab.settings?.gossip.window ?? 1)
  const { vector } = receiver
  const oversized = (origin: Origin, seq: number) => receiver.oversized[messageKey(origin, seq)] !== undefined
  const { verdict } = readStatus({
    receiver: nodeName(receiver.id),
    sender,
    names: (origin, start, end) => messageNames(origin, start, end, lab),
    holds: vector,
    says,
    partial,
    answers: why === 'ack',
    window,
    tense: 'will',
    oversized,
  })
  const differ = differences(vector, says).filter(({ origin }) => !partial || says[origin] !== undefined)
  if (verdict === 'they lack') {
    if (receiver.behaviours.includes('hoard')) return [`do nothing, because it hoards what ${sender} lacks`]
    const lacking = differ.filter(({ here, there }) => here > there)
    return lacking.map(({ origin, here, there }) => {
      const end = lastToSend({ oversized }, origin, there, Math.min(here, there + window))
      if (end === there) return `send nothing, because ${messageName({ origin, seq: there }, lab)} is too large`
      return `send ${messageNames(origin, there, end, lab)} to ${sender}`
    })
  }
  if (verdict === 'I lack') {
    const self = currentOrigin(receiver)
    const wanted = differ.filter(({ origin, here, there }) => here < there && origin !== self)
    if (wanted.length === 0)
      return [
        `do nothing, because no node can have more messages of ${nodeName(receiver.id)} than ${nodeName(receiver.id)} itself`,
      ]
    return wanted.map(
      ({ origin, here }) => `ask ${sender} for ${messageName({ origin, seq: here }, lab)} and what follows`,
    )
  }
  if (why !== 'ack') return [`do nothing, because it has the same messages as ${sender}`]
  return [`toss a coin to decide whether to tell one more neighbour, because it has the same messages as ${sender}`]
}
