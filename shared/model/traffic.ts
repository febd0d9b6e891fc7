/**
 * Counts the datagrams that a message caused: its rumors, their repeats, and their acknowledgements. A datagram with
 * several rumors, or an acknowledgement of several, is shared equally among their messages, so all shares add up to the
 * datagrams that were sent. Statuses that answer no rumor, such as those of anti-entropy, count for no message; nor do extra datagrams of a
 * misbehaving node, of a duplicating link, of a person, or of a program of others.
 */

import { plural } from '../text/format.ts'
import { type MessageId, messagesIn } from './content.ts'
import type { Draft } from './draft.ts'
import type { EventOf } from './event.ts'
import { isMischief } from './fault.ts'
import type { LabState, MessageState, NodeState, Traffic, Unanswered } from './lab-state.ts'

/** Maximum number of rumors from one neighbour that wait for one acknowledgement; further ones are not followed. */
const MAX_UNANSWERED = 256

/** The datagrams of a program are not all known, so they count for no message. */
const isUncounted = (why: EventOf<'sent'>['why']): boolean => why === 'program' || isMischief(why)

export const NO_TRAFFIC: Traffic = { rumors: 0, repeats: 0, acks: 0, redundant: 0 }

export const datagramsOf = ({ rumors, repeats, acks }: Traffic): number => rumors + repeats + acks

/** Returns in words what a message caused, or the mean over messages: `3 rumors, 1 repeat, 2.5 acknowledgements`. */
export function trafficWords({ rumors, repeats, acks }: Traffic): string {
  const again = repeats > 0 ? [plural(repeats, 'repeat')] : []
  return [plural(rumors, 'rumor'), ...again, plural(acks, 'acknowledgement')].join(', ')
}

/** Counts a datagram that left its sender, whether or not it arrives. */
export function countSent(draft: Draft, event: EventOf<'sent'>) {
  const { node: id, why, content, copy, held } = event
  const sender = draft.look('nodes')[id]
  const isMadeByHand = held !== undefined && (draft.look('held')[held]?.copyOf ?? null) !== null
  if (!sender || copy || isMadeByHand || isUncounted(why)) return
  if (content.kind === 'malformed' || content.kind === 'undecoded') return
  const messages = messagesIn(content)
  const share = 1 / messages.length
  for (const message of messages)
    add(draft, message, why === 'repeat' ? { repeats: share } : { rumors: share }, isSampled(sender))
  if (messages.length > 0) return
  if (why === 'ack') shareAck(draft, event)
  else if (draft.comparisons) draft.comparisons = { ...draft.comparisons, count: draft.comparisons.count + 1 }
}

/**
 * Counts the rumors of a datagram that arrived at `at`, and notes that they need an acknowledgement. The arrival may be
 * numbered after that acknowledgement, because the sender's report came late: then no other one will follow.
 */
export function noteRumor(
  draft: Draft,
  { node: id, from, at }: EventOf<'received'>,
  sent: LabState['inFlight'][number],
) {
  const { why, content } = sent
  const node = draft.node(id)
  const messages = messagesIn(content)
  const share = 1 / messages.length
  if (!node || messages.length === 0) return
  const counted = isUncounted(why) ? [] : messages
  for (const message of counted)
    if (draft.holds(id, message.origin, message.seq)) add(draft, message, { redundant: share }, isSampled(node))
  const { [from]: lastAck } = node.acknowledged
  if (lastAck && at <= lastAck.at) {
    if (!lastAck.isUnclaimed) return
    draft.inside(node, 'acknowledged')[from] = { at: lastAck.at, isUnclaimed: false }
    for (const message of counted) add(draft, message, { acks: share }, isSampled(node))
    return
  }
  const before = node.unanswered[from] ?? []
  const rumors: Unanswered[] = isUncounted(why) ? [null] : messages.map(({ origin, seq }) => [origin, seq])
  if (before.length < MAX_UNANSWERED) draft.inside(node, 'unanswered')[from] = [...before, ...rumors]
}

/** Notes that a message has reached a node: its trail has a gap if the node reports only samples. */
export function noteStored(draft: Draft, message: MutableTraffic, { node, from }: EventOf<'stored'>) {
  const nodes = draft.look('nodes')
  const sender = from === null ? undefined : nodes[from - (draft.settings?.rootId ?? 0)]
  if ([nodes[node], sender].some((one) => one && isSampled(one))) message.traffic = null
}

/**
 * Notes that a node reports only samples, or all datagrams again: trails in flight have gaps, and the count restarts.
 */
export function noteSampling(draft: Draft, { at, every }: EventOf<'sampling'>) {
  draft.comparisons = { count: 0, since: at }
  if (every === 1) return
  const { ackTimeoutMs, retries } = draft.settings?.gossip ?? { ackTimeoutMs: 0, retries: 0 }
  const youngest = at - ackTimeoutMs * (retries + 1)
  const messages = draft.look('messages')
  for (let place = messages.length - 1; place >= 0; place -= 1) {
    const message = messages[place]
    if (!message || message.at < youngest) return
    add(draft, message, {}, true)
  }
}

type MutableTraffic = { traffic: MessageState['traffic'] }

const isSampled = ({ sampling }: Pick<NodeState, 'sampling'>): boolean => sampling > 1

/** Skips messages whose trail has a gap already: a burst has very many. */
function add(draft: Draft, { origin, seq }: MessageId, more: Partial<Traffic>, sampled: boolean) {
  const place = draft.look('places')[origin]?.[seq]
  const traffic = place === undefined ? null : (draft.look('messages')[place]?.traffic ?? null)
  const message = traffic && draft.message(origin, seq)
  if (!message) return
  const { rumors = 0, repeats = 0, acks = 0, redundant = 0 } = more
  message.traffic = sampled
    ? null
    : {
        rumors: traffic.rumors + rumors,
        repeats: traffic.repeats + repeats,
        acks: traffic.acks + acks,
        redundant: traffic.redundant + redundant,
      }
}

/**
 * A status too long for one datagram goes out as several acknowledgements: those after the first answer nothing more.
 */
function shareAck(draft: Draft, { node: id, to, at }: EventOf<'sent'>) {
  const node = draft.node(id)
  if (!node) return
  const unanswered = node.unanswered[to] ?? []
  draft.inside(node, 'acknowledged')[to] = { at, isUnclaimed: unanswered.length === 0 }
  if (unanswered.length === 0) return
  draft.inside(node, 'unanswered')[to] = []
  for (const rumor of unanswered) {
    if (rumor) add(draft, { origin: rumor[0], seq: rumor[1] }, { acks: 1 / unanswered.length }, isSampled(node))
  }
}
