/** Finds faults in what chat logs show: messages that are missing, shown twice, or out of order. */
import { messageKey, type Origin } from '../gossip/origin.ts'
import type { EventOf, LabEvent } from '../model/event.ts'
import { nodeName } from '../model/names.ts'
import { formatMs } from '../text/format.ts'
import { capital } from '../text/words.ts'
import { type Found, quotedText, type Report, type Rule } from './finding.ts'
import type { KnownNetwork } from './known-network.ts'

/** Time between two lines of a client within which a program may read both at once, in ms. */
const SAME_SEGMENT_MS = 20
/** Time that a program gets to show a message, if the lab has seen its chat log since, in ms. */
const SHOWN_WITHIN_MS = 2_000
/** The same if it has not: enough on a busy machine, too. */
const SEEN_WITHIN_MS = 12_000
/** Most messages that wait to be shown; the oldest are forgotten. */
const MOST_WAITING = 1_000

/** A line that a program was given, in words. */
interface Line {
  readonly at: number
  readonly words: string
}

interface Given extends Line {
  readonly event: EventOf<'given'>
  readonly life: number
  /** Other lines that the program may have read in the same segment. */
  readonly beside: Line[]
}

interface Newest {
  readonly seq: number
  readonly at: number
  readonly text: string
}

export class ChatLogRule implements Rule {
  readonly #network: KnownNetwork
  readonly #report: Report
  /** By node and key. */
  readonly #waiting = new Map<string, Given>()
  /** By node: the last line that it was given. */
  readonly #lastLine = new Map<number, Line>()
  /** By node: when the lab last saw a change of its chat log, in ms. */
  readonly #seenAt = new Map<number, number>()
  /** By node and origin: the message with the highest number that the present life has stored. */
  readonly #newest = new Map<number, Map<Origin, Newest>>()

  constructor(network: KnownNetwork, report: Report) {
    this.#network = network
    this.#report = report
  }

  take(event: LabEvent) {
    switch (event.type) {
      case 'network':
        this.#waiting.clear()
        this.#lastLine.clear()
        this.#seenAt.clear()
        this.#newest.clear()
        break
      case 'starting':
        this.#newest.delete(event.node)
        this.#seenAt.delete(event.node)
        break
      case 'command':
        if (event.by === 'proxy') this.#ask(event)
        break
      case 'given':
        this.#give(event)
        break
      case 'stored':
        this.#waiting.delete(waitingKey(event))
        this.#seenAt.set(event.node, event.at)
        this.#order(event)
        break
      case 'shown-again':
        this.#report(storedTwice(event))
        break
      default:
    }
  }

  advance(at: number) {
    for (const [key, given] of this.#waiting) {
      const node = this.#network.nodes[given.event.node]
      if (!node?.isRunning || node.life !== given.life) this.#waiting.delete(key)
      else {
        const wasSeen = (this.#seenAt.get(node.id) ?? 0) > given.at
        const since = Math.max(given.at, node.steadySince)
        const within = wasSeen ? this.#network.patience(SHOWN_WITHIN_MS, since) : SEEN_WITHIN_MS
        if (at - since < within) continue
        this.#waiting.delete(key)
        this.#report(missing(given, within))
      }
    }
  }

  #ask({ at, line }: EventOf<'command'>) {
    const [, id] = /^(\d+) get chatLog/.exec(line) ?? []
    if (id !== undefined) this.#addLine(Number(id), { at, words: 'get chatLog' })
  }

  #give(event: EventOf<'given'>) {
    const node = this.#network.nodes[event.node]
    if (!node) return
    const line = { at: event.at, words: quotedText(event.text) }
    const given: Given = { ...line, event, life: node.life, beside: [] }
    this.#addLine(event.node, line, given)
    this.#waiting.set(waitingKey(event), given)
    const [oldest] = this.#waiting.keys()
    if (this.#waiting.size > MOST_WAITING && oldest !== undefined) this.#waiting.delete(oldest)
  }

  #addLine(node: number, line: Line, given?: Given) {
    const last = this.#lastLine.get(node)
    this.#lastLine.set(node, given ?? line)
    if (!last || line.at - last.at > SAME_SEGMENT_MS) return
    given?.beside.push(last)
    if ('beside' in last) (last as Given).beside.push(line)
  }

  /** A node that stores a message before an earlier one of its origin has a gap. */
  #order(event: EventOf<'stored'>) {
    const { node, origin, seq, at, text } = event
    const message = this.#network.message(event)
    if (!message || event.ambiguous) return
    const newest = this.#newest.get(node) ?? new Map<Origin, Newest>()
    this.#newest.set(node, newest)
    const last = newest.get(origin)
    if (!last || seq > last.seq) newest.set(origin, { seq, at, text })
    // One answer may print its messages in any order: only two answers show which message came first.
    else if (seq < last.seq && at > last.at) this.#report(outOfOrder(event, last))
  }
}

const waitingKey = ({ node, origin, seq }: EventOf<'given' | 'stored'>): string => `${node} ${messageKey(origin, seq)}`

const inferredIf = (isInferred: boolean | undefined) => (isInferred ? { inferred: true as const } : {})

function storedTwice({ n, at, node, origin, seq, text, times }: EventOf<'shown-again'>): Found {
  return {
    kind: 'stored twice',
    nodes: [node],
    at,
    event: n,
    message: { origin, seq },
    words: `${capital(nodeName(node))} shows ${quotedText(text)} ${times} times in its chat log.`,
    lookAt: 'How does the program tell that it has a message already? A repeated rumor must change nothing.',
    inferred: true,
  }
}

function outOfOrder({ n, at, node, origin, seq, text, inferred }: EventOf<'stored'>, last: Newest): Found {
  const [earlier, later] = [quotedText(text), quotedText(last.text)]
  return {
    kind: 'order broken',
    nodes: [node],
    at,
    event: n,
    message: { origin, seq },
    words: `${capital(nodeName(node))} stored ${later} before ${earlier}, which comes first in the order of their origin.`,
    lookAt:
      'What does the program do with a message when an earlier one of the same origin is still missing? Only a protocol that promises no order may show it.',
    ...inferredIf(inferred),
  }
}

function missing({ event, beside, words }: Given, withinMs: number): Found {
  const { n, node, origin, seq } = event
  const who = capital(nodeName(node))
  const common = { nodes: [node], at: event.at, event: n, message: { origin, seq }, inferred: true } as const
  const [other] = beside
  if (!other)
    return {
      ...common,
      kind: 'not stored',
      words: `${who} was given ${words}, and ${formatMs(withinMs)} later its chat log does not show it.`,
      lookAt: 'Does the program read each line of its TCP connection, and store the text of each msg?',
    }
  const apart = formatMs(Math.abs(event.at - other.at))
  return {
    ...common,
    kind: 'lines as one',
    words: `${who} was given ${words} within ${apart} of ${other.words}, and its chat log does not show it.`,
    lookAt:
      'One recv() may return several lines, or a part of one. Does the program keep what it read, and split it at each end of line?',
  }
}
