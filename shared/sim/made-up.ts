/**
 * Generates event streams from a seed, with every kind of event that a history meets: for tests and measurements only.
 */

import { createRandom } from '../gossip/random.ts'
import { DEFAULTS } from '../gossip/settings.ts'
import { type Counters, NO_COUNTS } from '../model/counters.ts'
import type { EventOf, LabEvent } from '../model/event.ts'
import { HEALTHY, wayOf } from '../model/fault.ts'
import type { LabSettings } from '../model/lab-settings.ts'
import { toMicroseconds } from '../model/microseconds.ts'

const COUNTERS: Counters = {
  ...NO_COUNTS,
  rumorsSent: 1,
  rumorsReceived: 1,
  statusesSent: 1,
  statusesReceived: 1,
  bytesSent: 60,
  bytesReceived: 60,
  memoryBytes: 8e6,
}

export interface MadeUp {
  readonly nodes?: number
  /** One in so many events brings a new text; a recording with few texts has much gossip about them. */
  readonly textEvery?: number
}

type Unnumbered = LabEvent extends infer Event ? (Event extends LabEvent ? Omit<Event, 'n' | 'at'> : never) : never

/** A network that starts, sends, forwards, loses, crashes, restarts and sometimes begins again. */
export function makeUpEvents(count: number, seed: number, { nodes = 4, textEvery = 60 }: MadeUp = {}): LabEvent[] {
  const random = createRandom(seed)
  const rootId = 40_000
  const settings: LabSettings = {
    n: nodes,
    topology: 'ring',
    linkDelayMs: 20,
    seed,
    rootId,
    basePort: 20_000,
    gossip: DEFAULTS,
  }
  const events: LabEvent[] = []
  const generations = new Map<number, number>()
  let alive = new Set<number>()
  let texts: { readonly origin: number; readonly seq: number; readonly text: string }[] = []
  let open: EventOf<'sent'>[] = []
  let at = 0

  const add = (event: Unnumbered, late = 0) =>
    events.push({ n: events.length + 1, at: Math.max(0, toMicroseconds(at - late)), ...event } as LabEvent)
  const any = <Item>(items: readonly Item[]): Item | undefined => items[random.below(Math.max(1, items.length))]

  function begin() {
    alive = new Set()
    texts = []
    open = []
    generations.clear()
    add({ type: 'network', settings })
    for (let node = 0; node < nodes; node += 1) start(node)
  }

  function start(node: number) {
    const generation = generations.get(node) ?? 0
    generations.set(node, generation + 1)
    add({ type: 'starting', node, generation, pid: 1_000 + events.length, seed })
    add({ type: 'running', node, tcp: [20_000 + node] })
    alive.add(node)
  }

  function say(node: number) {
    const origin = rootId + node + 65_536 * ((generations.get(node) ?? 1) - 1)
    const seq = texts.filter((text) => text.origin === origin).length
    const text = `word ${texts.length}`
    add({ type: 'command', by: 'page', line: `${node} msg ${seq} ${text}`, output: [] })
    add({ type: 'stored', node, origin, seq, text, from: null })
    texts.push({ origin, seq, text })
  }

  function send(node: number) {
    const about = any(texts)
    const to = rootId + ((node + (random.below(2) === 0 ? 1 : nodes - 1)) % nodes)
    const isRumor = about !== undefined && random.below(2) === 0
    const content = isRumor
      ? ({ kind: 'rumor', origin: about.origin, seq: about.seq } as const)
      : ({ kind: 'status', pairs: texts.slice(-3).map(({ origin, seq }) => [origin, seq] as const) } as const)
    const lost = random.below(30) === 0
    add({ type: 'sent', node, to, why: 'new', bytes: 40, delayMs: 20, content, ...(lost ? { fate: 'loss' } : {}) })
    const sent = events.at(-1)
    if (!lost && sent?.type === 'sent') open.push(sent)
  }

  function arrive(sent: EventOf<'sent'>) {
    open = open.filter((other) => other !== sent)
    const node = sent.to - rootId
    const from = rootId + sent.node
    if (!alive.has(node)) {
      add({ type: 'lost', datagram: sent.n, why: 'gone' })
      return
    }
    const { content } = sent
    const text =
      content.kind === 'rumor' && texts.find(({ origin, seq }) => origin === content.origin && seq === content.seq)
    if (text && content.kind === 'rumor') add({ type: 'stored', node, ...text, from }, 0.01)
    add({ type: 'received', node, from, datagram: sent.n, bytes: 40 }, random.below(10) === 0 ? 2 : 0)
    if (content.kind === 'status') add({ type: 'compared', node, with: from, verdict: 'agree' })
  }

  begin()
  while (events.length < count) {
    at += random.below(3_000) / 1_000
    const node = random.below(nodes)
    const chance = random.below(1_000)
    const oldest = open[0]
    if (oldest && at >= oldest.at + oldest.delayMs) arrive(oldest)
    else if (chance === 0 && events.length % 7 === 0) begin()
    else if (chance < 4 && alive.size > 1 && alive.delete(node))
      add({ type: 'ended', node, end: { how: 'crashed' }, stderr: [] })
    else if (!alive.has(node)) {
      if (chance < 200) start(node)
    } else if (chance < 12) add({ type: 'counters', node, counters: { ...COUNTERS, rumorsSent: events.length } })
    else if (chance < 14)
      add({ type: 'links', links: { [wayOf(node, (node + 1) % nodes)]: { ...HEALTHY, cut: chance === 12 } } })
    else if (random.below(textEvery) === 0) say(node)
    else send(node)
  }
  return events.slice(0, count)
}
