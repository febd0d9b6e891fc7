/** Finds faults in the datagrams of nodes: no answer to a rumor, repeats without end, two texts under one number. */
import { messageKey } from '../gossip/origin.ts'
import { messagesIn } from '../model/content.ts'
import type { EventOf, LabEvent } from '../model/event.ts'
import { MAX_NODES } from '../model/lab-settings.ts'
import { nodeName } from '../model/names.ts'
import { formatMs, plural } from '../text/format.ts'
import { capital } from '../text/words.ts'
import { quotedText, type Report, type Rule } from './finding.ts'
import type { KnownMessage, KnownNetwork, KnownNode } from './known-network.ts'

/** Time that a node gets to acknowledge a rumor, in ms: the handout's longest ack timeout, and time to see a stop. */
const ACK_WITHIN_MS = 3_000
/** Repeats of a rumor to a node that has it: how many, and within which time, in ms. */
const MOST_REPEATS = 10
const REPEATS_WITHIN_MS = 30_000
/** Bounds of what is kept, of repeats for each direction of a link; beyond them the oldest is forgotten. */
const MOST_FLIGHTS = 20_000
const MOST_REPEATED = 1_000
const MOST_NUMBERS = 10_000
const MOST_ORIGINS = 1_000

type Sent = EventOf<'sent'> | EventOf<'held'>

interface Arrival {
  readonly event: EventOf<'received'>
  readonly life: number
  readonly message: KnownMessage
}

interface Repeats {
  count: number
  since: number
}

export class DatagramRule implements Rule {
  readonly #network: KnownNetwork
  readonly #report: Report
  /** Rumors in flight, by number of the `sent` event. */
  readonly #flights = new Map<number, EventOf<'sent'>>()
  /** By receiver and sender: the first rumor that is not acknowledged. */
  readonly #unanswered = new Map<number, Arrival>()
  /** By receiver and sender: when it received the last status, in ms. */
  readonly #heardAt = new Map<number, number>()
  /** By sender and receiver, and by message. */
  readonly #repeats = new Map<number, Map<KnownMessage, Repeats>>()
  /** By origin and number on the wire: the message that they were seen with first. */
  readonly #numbers = new Map<number, Map<number, KnownMessage>>()

  constructor(network: KnownNetwork, report: Report) {
    this.#network = network
    this.#report = report
  }

  take(event: LabEvent) {
    switch (event.type) {
      case 'network':
        for (const kept of [this.#flights, this.#unanswered, this.#heardAt, this.#repeats, this.#numbers]) kept.clear()
        break
      case 'starting':
        this.#forgetNode(event.node)
        break
      case 'sent':
        this.#send(event)
        break
      case 'held':
        if (event.copyOf === undefined) this.#emit(event)
        break
      case 'received':
        this.#receive(event)
        break
      case 'refused':
        this.#unanswered.delete(wayOf(event.node, this.#network.nodeAt(event.from)?.id ?? -1))
        break
      case 'lost':
      case 'rejected':
        if (event.datagram !== undefined) this.#flights.delete(event.datagram)
        break
      default:
    }
  }

  advance(at: number) {
    if (!this.#network.hasStatus) return
    for (const [key, { event, life, message }] of this.#unanswered) {
      const node = this.#network.nodes[event.node]
      const sender = this.#network.nodeAt(event.from)
      if (!node?.isRunning || node.life !== life || !sender) this.#unanswered.delete(key)
      else {
        const since = Math.max(event.at, this.#network.calmSince(node, sender))
        const withinMs = this.#network.patience(ACK_WITHIN_MS, since)
        if (at - since < withinMs) continue
        this.#unanswered.delete(key)
        this.#report({
          kind: 'never acknowledged',
          nodes: [node.id, sender.id],
          at: event.at,
          event: event.n,
          ...(event.datagram === null ? {} : { datagram: event.datagram }),
          message,
          words: `${capital(nodeName(node.id))} got ${quotedText(message.text)} from ${nodeName(sender.id)} and sent no status back within ${formatMs(withinMs)}.`,
          lookAt:
            'Each rumor is answered with a status, also one that brings nothing new. Is it sent to the port in the rumor?',
          ...(event.inferred ? { inferred: true } : {}),
        })
      }
    }
  }

  #send(event: EventOf<'sent'>) {
    if (event.held === undefined && event.copy === undefined) this.#emit(event)
    if (event.fate !== undefined) return
    this.#flights.set(event.n, event)
    trim(this.#flights, MOST_FLIGHTS)
  }

  /** The node itself sends a datagram: no gate has doubled it. */
  #emit(event: Sent) {
    const node = this.#network.nodes[event.node]
    const receiver = this.#network.nodeAt(event.to)
    if (!node || !receiver) return
    if (event.content.kind === 'status') this.#unanswered.delete(wayOf(node.id, receiver.id))
    else if (event.content.kind === 'rumor') this.#emitRumor(event, node, receiver)
  }

  #emitRumor(event: Sent, node: KnownNode, receiver: KnownNode) {
    for (const id of messagesIn(event.content)) {
      const message = this.#network.message(id)
      if (message) this.#countRepeat(event, node, receiver, message)
    }
    const { content } = event
    const message = content.kind === 'rumor' ? this.#network.message(content) : undefined
    if (message && content.kind === 'rumor')
      this.#checkNumber(event, message, content.own ?? [content.origin, content.seq])
  }

  #receive(event: EventOf<'received'>) {
    const sent = event.datagram === null ? undefined : this.#flights.get(event.datagram)
    if (event.datagram !== null) this.#flights.delete(event.datagram)
    const node = this.#network.nodes[event.node]
    const sender = this.#network.nodeAt(event.from)
    if (!sent || !node || !sender) return
    const way = wayOf(node.id, sender.id)
    if (sent.content.kind === 'status') this.#heardAt.set(way, event.at)
    const message = sent.content.kind === 'rumor' ? this.#network.message(sent.content) : undefined
    if (message && node.isVisible && !this.#unanswered.has(way))
      this.#unanswered.set(way, { event, life: node.life, message })
  }

  /** The sender knows by a status that the receiver lives, and sends what that has again and again. */
  #countRepeat(event: Sent, node: KnownNode, receiver: KnownNode, message: KnownMessage) {
    const heldSince = message.holders.get(receiver.id) ?? Number.POSITIVE_INFINITY
    const heardAt = this.#heardAt.get(wayOf(node.id, receiver.id)) ?? Number.NEGATIVE_INFINITY
    if (heardAt <= heldSince) return
    const way = wayOf(node.id, receiver.id)
    const ofWay = this.#repeats.get(way) ?? new Map<KnownMessage, Repeats>()
    this.#repeats.set(way, ofWay)
    const known = ofWay.get(message)
    const repeats = known && event.at - known.since <= REPEATS_WITHIN_MS ? known : { count: 0, since: event.at }
    repeats.count += 1
    ofWay.set(message, repeats)
    trim(ofWay, MOST_REPEATED)
    if (repeats.count !== MOST_REPEATS) return
    this.#report({
      kind: 'repeated',
      nodes: [node.id, receiver.id],
      at: event.at,
      event: event.n,
      ...(event.type === 'sent' ? { datagram: event.n } : {}),
      message,
      words: `${capital(nodeName(node.id))} sent ${quotedText(message.text)} to ${nodeName(receiver.id)} ${plural(MOST_REPEATS, 'time')} in ${formatMs(event.at - repeats.since)}, after that node had it and had sent a status.`,
      lookAt: `When does the program stop sending a rumor? The status of ${nodeName(receiver.id)} says what it has.`,
      ...(event.inferred ? { inferred: true } : {}),
    })
  }

  #checkNumber(event: Sent, message: KnownMessage, [origin, seq]: readonly [number, number]) {
    const numbers = this.#numbers.get(origin) ?? new Map<number, KnownMessage>()
    this.#numbers.set(origin, numbers)
    const first = numbers.get(seq)
    if (!first) {
      numbers.set(seq, message)
      trim(numbers, MOST_NUMBERS)
      trim(this.#numbers, MOST_ORIGINS)
    } else if (first.text !== message.text)
      this.#report({
        kind: 'two texts',
        nodes: [event.node],
        at: event.at,
        event: event.n,
        ...(event.type === 'sent' ? { datagram: event.n } : {}),
        message,
        words: `${capital(nodeName(event.node))} sent ${quotedText(message.text)} under the number ${messageKey(origin, seq)}, which ${quotedText(first.text)} has already.`,
        lookAt:
          'Does the program number its messages from 0 again after a restart? Its neighbours take the new message for the old one.',
        ...(event.inferred ? { inferred: true } : {}),
      })
  }

  #forgetNode(id: number) {
    for (const kept of [this.#unanswered, this.#heardAt, this.#repeats])
      for (const { id: other } of this.#network.nodes) {
        kept.delete(wayOf(id, other))
        kept.delete(wayOf(other, id))
      }
  }
}

const wayOf = (node: number, other: number): number => node * MAX_NODES + other

/** Forgets the oldest entry when there are more than `most`. */
function trim(kept: Map<unknown, unknown>, most: number) {
  if (kept.size <= most) return
  for (const key of kept.keys()) {
    kept.delete(key)
    return
  }
}
