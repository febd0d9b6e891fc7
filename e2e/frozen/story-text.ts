/**
 * Writes the effects of a story's lines as text that is the same in every run. Leaves out times, process ids, seeds,
 * counters, and every number that the lab or a node assigns. Keeps the order of events at a node with each of its
 * peers: the order between two neighbours is chance.
 */

import { generationOf, type Origin, portOf } from '../../shared/gossip/origin.ts'
import type { AnyContent, EventOf, LabEvent } from '../../shared/model/event.ts'
import type { Played, PlayedStories } from './story-driver.ts'

/**
 * The determined part of a story: everything; or, if chance decides the path of a message, the messages that each node
 * stores, and all events of the lab and of people.
 */
export type Shown = 'everything' | 'holders'

/** A line under a heading; lines under one heading are in order. */
interface Entry {
  readonly heading: string
  readonly line: string
  readonly isTraffic?: boolean
}

type Ports = Pick<PlayedStories, 'basePort' | 'rootId'>
/** A node flips its coin when an answer comes, and which neighbour answers first is chance. */
const COINS = 'coins'
/** Maximum number of nodes in a story. */
const PORTS = 10

export function storyText(story: readonly Played[], shown: Shown, ports: Ports): string {
  const events = story.flatMap((played) => played.events)
  const sent = new Map(events.flatMap((event) => (event.type === 'sent' ? [[event.n, event] as const] : [])))
  return story
    .map((played, place) => {
      // Nodes greet each other while they start, in random order.
      const withTraffic = shown === 'everything' && !/^(network|\d+ start)\b/.test(played.line)
      const lines = new Map<string, string[]>()
      for (const event of played.events) {
        // The nodes of the previous story end when the first network of this one begins.
        if (place === 0 && event.type === 'ended') continue
        const entry = entryOf(event, sent, ports)
        if (!entry || (entry.isTraffic && !withTraffic)) continue
        const { heading, line } = withTraffic ? entry : withoutPeer(entry)
        lines.set(heading, [...(lines.get(heading) ?? []), withPorts(line, ports)])
      }
      return [`> ${played.line}`, ...linesOf(lines, withTraffic), ''].join('\n')
    })
    .join('')
}

function linesOf(lines: ReadonlyMap<string, readonly string[]>, inOrder: boolean): readonly string[] {
  const parts = [...lines].sort(([a], [b]) => (a < b ? -1 : 1))
  return parts.flatMap(([heading, its]) => {
    const sorted = inOrder && heading !== COINS ? its : [...its].sort()
    return [`  ${heading}`, ...sorted.map((line) => `    ${line}`)]
  })
}

const withoutPeer = ({ heading, line }: Entry): Entry => ({
  heading: heading.replace(/ with .*/, ''),
  line: line.replace(/ from (node \d|another program)$/, ''),
})

/** The ports of the scripts instead of those of this run. */
const withPorts = (line: string, { basePort, rootId }: Ports): string =>
  line.replace(/\b\d{5}\b/g, (digits) => {
    const [tcp, udp] = [Number(digits) - basePort, Number(digits) - rootId]
    if (tcp >= 0 && tcp < PORTS) return `${20_000 + tcp}`
    return udp >= 0 && udp < PORTS ? `${40_000 + udp}` : digits
  })

function entryOf(event: LabEvent, sent: ReadonlyMap<number, EventOf<'sent'>>, ports: Ports): Entry | undefined {
  switch (event.type) {
    case 'command': {
      const answer = [...event.output, ...(event.error === undefined ? [] : [`refused: ${event.error}`])]
      return { heading: 'command', line: [`${event.line} (${event.by})`, ...answer].join('\n      ') }
    }
    case 'network':
    case 'settings': {
      const { n, topology, linkDelayMs, gossip, keyed = false } = event.settings
      return { heading: 'lab', line: `${event.type} ${JSON.stringify({ n, topology, linkDelayMs, keyed, ...gossip })}` }
    }
    case 'links':
      return { heading: 'lab', line: `links ${JSON.stringify(event.links)}` }
    case 'timers':
      return { heading: 'lab', line: `timers ${event.held ? 'held' : 'run'}` }
    case 'viewers':
      return { heading: 'lab', line: `viewers may ${event.may}` }
    case 'recording':
      return { heading: 'lab', line: `recording ${event.problem}` }
    case 'lost': {
      const lost = sent.get(event.datagram)
      if (!lost) return { heading: 'lost', line: `a datagram of before: ${event.why}`, isTraffic: true }
      const line = `${contentWords(lost.content, ports)}: ${event.why}`
      return { heading: `node ${lost.node} with ${portName(lost.to, ports)}: lost`, line, isTraffic: true }
    }
    case 'counters':
    case 'sampling':
    // The time of a lab of processes is real time.
    case 'clock':
    // Only programs of others cause these, and no story has one.
    case 'given':
    case 'shown-again':
    case 'output':
    case 'trouble':
    case 'outdated':
    case 'overloaded':
      return undefined
    case 'starting':
    case 'running':
    case 'ending':
    case 'ended':
    case 'answering':
    case 'stranger':
    case 'behaves':
    case 'line-refused':
      return { heading: `node ${event.node}`, line: lifeWords(event) }
    case 'stored': {
      const { text, wire } = event
      const from = event.from === null ? '' : ` from ${portName(event.from, ports)}`
      const bytes = wire === undefined ? '' : ` as ${JSON.stringify(wire)}`
      const line = `stores ${messageName(event, ports)} ${JSON.stringify(text)}${bytes}${from}`
      return { heading: event.from === null ? `node ${event.node}` : withPeer(event.node, event.from, ports), line }
    }
    default:
      return { ...trafficOf(event, sent, ports), isTraffic: true }
  }
}

type Life = 'starting' | 'running' | 'ending' | 'ended' | 'answering' | 'stranger' | 'behaves' | 'line-refused'

function lifeWords(event: EventOf<Life>): string {
  switch (event.type) {
    case 'starting':
      return `starting in generation ${event.generation}`
    case 'running':
      return `running on ${event.tcp}`
    case 'ending':
      return 'ending'
    case 'ended':
      return `ended ${JSON.stringify(event.end)} ${event.stderr}`
    case 'answering':
      return `answers ${event.answers}`
    case 'stranger':
      return `stranger ${event.present}`
    case 'behaves':
      return `behaves ${event.behaviours}`
    case 'line-refused':
      return `refuses the line ${JSON.stringify(event.line)}: ${event.why}`
  }
}

type Traffic = Extract<
  LabEvent,
  {
    type:
      | ('sent' | 'held' | 'airborne' | 'received' | 'rejected' | 'kept-back' | 'refused')
      | ('compared' | 'coin' | 'silent' | 'neighbour' | 'oversized')
  }
>

function trafficOf(event: Traffic, sent: ReadonlyMap<number, EventOf<'sent'>>, ports: Ports): Entry {
  const at = (port: number, line: string): Entry => ({ heading: withPeer(event.node, port, ports), line })
  const alone = (line: string): Entry => ({ heading: `node ${event.node}`, line })
  switch (event.type) {
    case 'sent': {
      const { to, why, bytes, content, fate, copy, held, delayMs } = event
      const more = [fate, copy && 'a copy', held && `#${held}`, delayMs > 0 && `${delayMs} ms`].filter(Boolean)
      return at(to, `sends ${contentWords(content, ports)}, ${[why, `${bytes} bytes`, ...more].join(', ')}`)
    }
    case 'held': {
      const { to, why, bytes, content, number, copyOf } = event
      const copy = copyOf === undefined ? '' : `, a copy of #${copyOf}`
      return at(to, `holds #${number} ${contentWords(content, ports)}, ${why}, ${bytes} bytes${copy}`)
    }
    case 'airborne':
      return at(event.from, 'has one in the air')
    case 'received': {
      const content = (event.datagram === null ? undefined : sent.get(event.datagram)?.content) ?? event.content
      return at(event.from, `receives ${content ? contentWords(content, ports) : 'what nobody sent'}`)
    }
    case 'rejected':
      return at(event.from, `drops ${event.bytes} bytes: ${event.why}`)
    case 'refused':
      return at(event.from, `refuses: ${event.why}`)
    case 'kept-back':
      return at(event.from, `keeps back ${messageName(event, ports)}`)
    case 'compared':
      return at(event.with, `compares: ${event.verdict}`)
    case 'silent':
      return at(event.to, `has no answer to ${messageName(event, ports)}`)
    case 'neighbour':
      return at(event.port, 'has a new neighbour')
    case 'coin':
      return {
        heading: COINS,
        line: `node ${event.node} for ${messageName(event, ports)}: ${event.heads ? 'stops' : 'goes on'}`,
      }
    case 'oversized':
      return alone(`cannot send ${messageName(event, ports)}: ${event.bytes} bytes of ${event.most}`)
  }
}

const withPeer = (id: number, port: number, ports: Ports) => `node ${id} with ${portName(port, ports)}`

function portName(port: number, { rootId }: Ports): string {
  const id = port - rootId
  return id >= 0 && id < PORTS ? `node ${id}` : 'another program'
}

function originName(origin: Origin, { rootId }: Ports): string {
  const generation = generationOf(origin)
  return `${portOf(origin) - rootId}${generation === 0 ? '' : `+${generation}`}`
}

const messageName = ({ origin, seq }: { readonly origin: Origin; readonly seq: number }, ports: Ports): string =>
  `${originName(origin, ports)}.${seq}`

function contentWords(content: AnyContent, ports: Ports): string {
  switch (content.kind) {
    case 'rumor':
      return `rumor ${messageName(content, ports)}`
    case 'status':
      return `status ${content.pairs.map(([origin, low]) => `${originName(origin, ports)}:${low}`).join(' ')}`
    case 'malformed':
      return 'what means nothing'
    case 'undecoded':
      return 'what the lab cannot decode'
  }
}
