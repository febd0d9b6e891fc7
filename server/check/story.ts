/** Tells from the events of a run what became of a message, and how a node ended. */
import { messageKey } from '../../shared/gossip/origin.ts'
import { bytesOf } from '../../shared/gossip/text.ts'
import type { End, EventOf, LabEvent } from '../../shared/model/event.ts'
import { nodeName } from '../../shared/model/names.ts'
import { previewOf } from '../../shared/node/datagram-bytes.ts'
import { formatInstant } from '../../shared/text/format.ts'
import { shorten } from '../../shared/text/words.ts'
import type { Complaint } from './complaint.ts'
import type { Reason } from './result.ts'

/** A message at a node: given to it, in a datagram that was delivered to it, or in its chat log. */
export interface Sighting {
  readonly node: number
  readonly atMs: number
  readonly event: number
}

/** Returns when each node was first known to have a text, the earliest first. */
export function sightingsOf(text: string, events: readonly LabEvent[]): readonly Sighting[] {
  const found = new Map<number, Sighting>()
  for (const sighting of allSightingsOf(text, events)) if (!found.has(sighting.node)) found.set(sighting.node, sighting)
  return [...found.values()].sort((a, b) => a.atMs - b.atMs)
}

/** Returns all that shows that a node had a text, in the order of events: a node may have it once in each life. */
export function allSightingsOf(text: string, events: readonly LabEvent[]): readonly Sighting[] {
  const keys = new Set<string>()
  const carriers = new Set<number>()
  const preview = previewOf(bytesOf(text))
  const all: Sighting[] = []
  const see = (node: number, { at, n }: LabEvent) => void all.push({ node, atMs: at, event: n })
  for (const event of events) {
    if (event.type === 'given' && event.text === text) keys.add(messageKey(event.origin, event.seq))
    if ((event.type === 'given' || event.type === 'stored') && event.text === text) see(event.node, event)
    else if (event.type === 'sent' && carries(event, keys, preview)) carriers.add(event.n)
    else if (event.type === 'received' && event.datagram !== null && carriers.has(event.datagram))
      see(event.node, event)
  }
  return all
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

/** Returns a complaint with what became of its messages: the reason of a failed run. */
export function reasonOf({ words, node, texts = [], atMs = 0 }: Complaint, events: readonly LabEvent[]): Reason {
  const [text] = texts
  const story = text === undefined ? undefined : storyOf(text, events)
  const event = events.findLast(({ at }) => at <= atMs)?.n
  return {
    atMs,
    ...(event === undefined ? {} : { event }),
    ...(node === undefined ? {} : { node }),
    words: story === undefined ? words : `${words}; ${story}`,
  }
}

function storyOf(text: string, events: readonly LabEvent[]): string {
  const sightings = sightingsOf(text, events)
  const last = sightings.at(-1)
  const name = `“${shorten(text)}”`
  if (!last) return `${name} was given to no node`
  const nodes = new Set(events.flatMap((event) => (event.type === 'starting' ? [event.node] : []))).size
  const ends = events.filter((event) => event.type === 'ended').filter(({ at }) => at >= (sightings[0]?.atMs ?? 0))
  const told = ends.filter(({ end }) => end.how !== 'stopped').map(({ node, at, end }) => endWords(node, at, end))
  const seen = `${name} reached ${sightings.length} of ${nodes} nodes; last seen at ${nodeName(last.node)} at ${formatInstant(last.atMs)}`
  return [seen, ...new Set(told)].join('; ')
}

/** Returns when and how a node ended: `node 1 ended at 3.033 s by SIGABRT (free(): invalid pointer)`. */
export function endWords(node: number, atMs: number, end: End): string {
  const lastWords = 'lastWords' in end && end.lastWords !== undefined ? ` (${shorten(end.lastWords)})` : ''
  const name = `${nodeName(node)} `
  if (end.how === 'killed') return `${name}ended at ${formatInstant(atMs)} by ${end.signal}`
  if (!('why' in end) || end.why === undefined) return `${name}crashed at ${formatInstant(atMs)}`
  const [, signal] = /^ended by (SIG\w+)/.exec(end.why) ?? []
  const how = signal === undefined ? `: ${end.why}`.replace(/^: it ended by itself/, ' by itself') : ` by ${signal}`
  return `${name}ended at ${formatInstant(atMs)}${how}${lastWords}`
}

/** Returns a complaint for each node that ended although nothing told it to. */
export const unwantedEnds = (events: readonly LabEvent[]): Complaint[] =>
  events
    .filter((event) => event.type === 'ended')
    .filter(({ end }) => end.how === 'failed' || end.how === 'killed')
    .map(({ node, at, end }) => ({ words: endWords(node, at, end), node, atMs: at }))
