/** Finds messages that stay on one side of a healthy link, and nodes that send no status. */
import { generationOf } from '../gossip/origin.ts'
import type { EventOf, LabEvent } from '../model/event.ts'
import { nodeName } from '../model/names.ts'
import { formatMs } from '../text/format.ts'
import { capital } from '../text/words.ts'
import { quotedText, type Report, type Rule } from './finding.ts'
import type { KnownMessage, KnownNetwork, KnownNode } from './known-network.ts'

/** Periods of anti-entropy after which neighbours must have the same messages, and a node must have sent a status. */
const PERIODS = 3
/** Most messages that are waited for on all links; the oldest are forgotten. */
const MOST_GAPS = 50_000

/** A neighbour lacks a message. */
interface Gap {
  readonly message: KnownMessage
  readonly from: number
  readonly to: number
  readonly event: number
  /** The two can have gossiped since then, in ms. */
  readonly since: number
}

interface Voice {
  /** The last status, and its time in ms; of its start if it has sent none. */
  event: number
  at: number
  /** Whether it has sent a rumor, and whether a datagram that could not be decoded. */
  hasSentRumor: boolean
  isUndecoded: boolean
}

export class SpreadRule implements Rule {
  readonly #network: KnownNetwork
  readonly #report: Report
  /** In order of `since`, but for those that were put off. */
  #gaps: Gap[] = []
  readonly #voices = new Map<number, Voice>()

  constructor(network: KnownNetwork, report: Report) {
    this.#network = network
    this.#report = report
  }

  take(event: LabEvent) {
    switch (event.type) {
      case 'network':
        this.#gaps = []
        this.#voices.clear()
        break
      case 'running':
        this.#voices.set(event.node, { event: event.n, at: event.at, hasSentRumor: false, isUndecoded: false })
        this.#lacks(event)
        break
      case 'stored':
        this.#gapsAround(event)
        break
      case 'sent':
      case 'held':
        this.#hear(event)
        break
      default:
    }
  }

  advance(at: number) {
    this.#findGaps(at)
    for (const node of this.#network.nodes) if (node.isRunning && node.isVisible) this.#findSilence(node, at)
  }

  #gapsAround(event: EventOf<'stored'>) {
    const message = this.#network.message(event)
    if (!message?.holders.has(event.node)) return
    for (const { id, isRunning } of this.#network.neighboursOf(event.node))
      if (isRunning && !message.holders.has(id))
        this.#add({ message, from: event.node, to: id, event: event.n, since: event.at })
  }

  /** A node that starts lacks everything that its neighbours have. */
  #lacks({ node: to, n, at }: EventOf<'running'>) {
    for (const { id: from } of this.#network.neighboursOf(to))
      for (const message of this.#network.messages())
        if (message.holders.has(from)) this.#add({ message, from, to, event: n, since: at })
  }

  #add(gap: Gap) {
    this.#gaps.push(gap)
    if (this.#gaps.length > MOST_GAPS) this.#gaps = this.#gaps.slice(MOST_GAPS / 10)
  }

  #findGaps(at: number) {
    const due: Gap[] = []
    let count = 0
    for (const gap of this.#gaps) {
      if (at - gap.since < this.#patienceMs(gap)) break
      count += 1
      due.push(gap)
    }
    if (count === 0) return
    this.#gaps = this.#gaps.slice(count)
    for (const gap of due) this.#judge(gap, at)
  }

  /** A gap on a link that was disturbed since is judged later. */
  #judge(gap: Gap, at: number) {
    const [from, to] = [this.#network.nodes[gap.from], this.#network.nodes[gap.to]]
    const { holders } = gap.message
    // When a node starts again, it has gaps of its own.
    if (!from?.isRunning || !to?.isRunning || holders.has(to.id) || !holders.has(from.id)) return
    const since = Math.max(gap.since, this.#network.calmSince(from, to))
    const patienceMs = this.#network.patience(this.#patienceMs(gap), since)
    if (at - since < patienceMs) this.#gaps.push({ ...gap, since: Math.min(since, at) })
    else this.#reportGap({ ...gap, since }, from, to, patienceMs)
  }

  #patienceMs({ from, to }: Pick<Gap, 'from' | 'to'>): number {
    const periods = [from, to].map((id) => {
      const node = this.#network.nodes[id]
      return node ? this.#network.periodOf(node) : 0
    })
    return PERIODS * Math.max(...periods)
  }

  #reportGap({ message, event, since }: Gap, from: KnownNode, to: KnownNode, afterMs: number) {
    const isRenumbered = generationOf(message.origin) > 0 && (from.isProgram || to.isProgram)
    this.#report({
      kind: 'not spread',
      nodes: [from.id, to.id],
      at: since,
      event,
      message,
      words: `${capital(nodeName(from.id))} has ${quotedText(message.text)}, and ${formatMs(afterMs)} later ${nodeName(to.id)} beside it still lacks it.`,
      lookAt: isRenumbered
        ? 'Does the program number its messages from 0 again after a restart? Its neighbours then take a new message for an old one.'
        : `Does ${nodeName(from.id)} pass on a message that is new to it, and does ${nodeName(to.id)} read it?`,
      ...(from.isProgram || to.isProgram ? { inferred: true } : {}),
    })
  }

  #hear({ n, at, node, content }: EventOf<'sent' | 'held'>) {
    const voice = this.#voices.get(node)
    if (!voice) return
    if (content.kind === 'status') {
      voice.event = n
      voice.at = at
    } else if (content.kind === 'rumor') voice.hasSentRumor = true
    else if (content.kind === 'undecoded') voice.isUndecoded = true
  }

  /** Only nodes that are understood, in a network where somebody has sent a status or a rumor, can be silent. */
  #findSilence(node: KnownNode, at: number) {
    const voice = this.#voices.get(node.id)
    const { hasStatus } = this.#network
    if (!voice || voice.isUndecoded || !(hasStatus || voice.hasSentRumor)) return
    const period = this.#network.periodOf(node)
    const patienceMs = this.#network.patience(PERIODS * period, voice.at)
    if (at - voice.at < patienceMs) return
    const calm = this.#network.neighboursOf(node.id).map((other) => this.#network.calmSince(node, other))
    if (at - Math.min(...calm) < patienceMs) return
    const inferred = node.isProgram ? { inferred: true as const } : {}
    const common = { kind: 'silent', at: voice.at, event: voice.event, ...inferred } as const
    const forHowLong = formatMs(patienceMs)
    if (hasStatus)
      this.#report({
        ...common,
        nodes: [node.id],
        words: `${capital(nodeName(node.id))} has sent no status for ${forHowLong}.`,
        lookAt: `Anti-entropy sends a status to a neighbour every ${formatMs(period)}, also when nothing is new. Does its timer go on?`,
      })
    else
      this.#report({
        ...common,
        nodes: [],
        words: `No node has sent a status for ${forHowLong}.`,
        lookAt: `In the report, a status answers each rumor, and anti-entropy sends one every ${formatMs(period)}. Another protocol may do without.`,
      })
    voice.at = at
  }
}
