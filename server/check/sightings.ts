/** Finds in the events of a run when each node was seen to have a message. */
import { messageKey } from '../../shared/gossip/origin.ts'
import { bytesOf } from '../../shared/gossip/text.ts'
import type { EventOf, LabEvent } from '../../shared/model/event.ts'
import { previewOf } from '../../shared/node/datagram-bytes.ts'

/** A message at a node: given to it, in a datagram that was delivered to it, or in its chat log. */
export interface Sighting {
  readonly node: number
  readonly how: 'given' | 'datagram' | 'chat log'
  readonly atMs: number
  readonly event: number
}

/** Returns when each node was first known to have a text, the earliest first. */
export function sightingsOf(text: string, events: readonly LabEvent[]): readonly Sighting[] {
  return firstOfEach(traceOf(text, events).sightings)
}

export function firstOfEach(sightings: readonly Sighting[]): readonly Sighting[] {
  const found = new Map<number, Sighting>()
  for (const sighting of sightings) if (!found.has(sighting.node)) found.set(sighting.node, sighting)
  return [...found.values()].sort((a, b) => a.atMs - b.atMs)
}

export interface Trace {
  /** In the order of events: a node may have a message once in each life. */
  readonly sightings: readonly Sighting[]
  /** Numbers of the `sent` events whose datagrams carry it. */
  readonly carriers: ReadonlySet<number>
}

export function traceOf(text: string, events: readonly LabEvent[]): Trace {
  const keys = new Set<string>()
  const carriers = new Set<number>()
  const preview = previewOf(bytesOf(text))
  const sightings: Sighting[] = []
  const see = (how: Sighting['how'], node: number, { at, n }: LabEvent) =>
    void sightings.push({ node, how, atMs: at, event: n })
  for (const event of events) {
    if (event.type === 'given' && event.text === text) keys.add(messageKey(event.origin, event.seq))
    if (event.type === 'given' && event.text === text) see('given', event.node, event)
    else if (event.type === 'stored' && event.text === text) see('chat log', event.node, event)
    else if (event.type === 'sent' && carries(event, keys, preview)) carriers.add(event.n)
    else if (event.type === 'received' && event.datagram !== null && carriers.has(event.datagram))
      see('datagram', event.node, event)
  }
  return { sightings, carriers }
}

/** Returns whether a datagram carries a text that some node was given. */
export function carriesText(event: EventOf<'sent'>, text: string, events: readonly LabEvent[]): boolean {
  const given = events.filter((one) => one.type === 'given').filter((one) => one.text === text)
  return carries(event, new Set(given.map(({ origin, seq }) => messageKey(origin, seq))), previewOf(bytesOf(text)))
}

/** Another format than the report's is searched for the text. */
function carries({ content }: EventOf<'sent'>, keys: ReadonlySet<string>, preview: string): boolean {
  if (content.kind === 'malformed') return content.preview.includes(preview)
  if (content.kind !== 'rumor') return false
  return [[content.origin, content.seq] as const, ...(content.more ?? [])].some(([origin, seq]) =>
    keys.has(messageKey(origin, seq)),
  )
}
