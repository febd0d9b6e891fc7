/** Tells from the events of a run what became of a message, and how a node ended. */
import type { End, LabEvent } from '../../shared/model/event.ts'
import { nodeName, nodeNames } from '../../shared/model/names.ts'
import { formatInstant } from '../../shared/text/format.ts'
import { shorten } from '../../shared/text/words.ts'
import type { Complaint } from './complaint.ts'
import type { Reason } from './result.ts'
import { firstOfEach, type Sighting, type Trace, traceOf } from './sightings.ts'

/** Returns a complaint with what became of its messages: the reason of a failed run. */
export function reasonOf(complaint: Complaint, events: readonly LabEvent[]): Reason {
  const { words, node, atMs = 0 } = complaint
  const event = events.findLast(({ at }) => at <= atMs)?.n
  return {
    atMs,
    ...(event === undefined ? {} : { event }),
    ...(node === undefined ? {} : { node }),
    words: [words, ...storyOf(complaint, events)].join('; '),
  }
}

/** Returns what became of the first message of a complaint, and how nodes ended since: clauses of a sentence. */
function storyOf({ node, texts: [text] = [], lacking }: Complaint, events: readonly LabEvent[]): readonly string[] {
  if (text === undefined) return []
  const name = `“${shorten(text)}”`
  const trace = traceOf(text, events)
  const [first] = trace.sightings
  if (!first) return [`${name} was given to no node`]
  const ids = lacking ?? (node === undefined ? [] : [node])
  const ends = events.filter((event) => event.type === 'ended').filter(({ at }) => at >= first.atMs)
  const told = ends.filter(({ end }) => end.how !== 'stopped').map((event) => endWords(event.node, event.at, event.end))
  return [...(atThese(ids, name, trace, events) ?? [reachWords(name, trace, events)]), ...new Set(told)]
}

/**
 * Returns how a message came to nodes that lack it; undefined when it came to none. The latest life of a node counts
 * first: what came to an earlier one may be lost with it.
 */
function atThese(ids: readonly number[], name: string, { sightings, carriers }: Trace, events: readonly LabEvent[]) {
  const came = ids.flatMap((id) => {
    const seen = sightings.filter(({ node }) => node === id)
    const since = events.findLast((event) => event.type === 'starting' && event.node === id)?.at ?? 0
    return seen.find(({ atMs }) => atMs >= since) ?? seen[0] ?? []
  })
  if (came.length === 0) return undefined
  const others = ids.filter((id) => !came.some(({ node }) => node === id))
  const none = others.length > 0 && carriers.size > 0 ? [`no datagram with it reached ${nodeNames(others)}`] : []
  return [...came.map((sighting) => cameWords(name, sighting)), ...none]
}

function cameWords(name: string, { node, how, atMs }: Sighting): string {
  const at = `${nodeName(node)} at ${formatInstant(atMs)}`
  if (how === 'given') return `${name} was given to ${at}`
  return how === 'datagram' ? `a datagram with ${name} reached ${at}` : `${name} was in the chat log of ${at}`
}

/** Returns how far a message came. Without a gate, or in a format that hides it, nobody knows how many nodes it reached. */
function reachWords(name: string, { sightings, carriers }: Trace, events: readonly LabEvent[]): string {
  const byNode = firstOfEach(sightings)
  const last = byNode.at(-1)
  const seen = `last seen at ${nodeName(last?.node ?? 0)} at ${formatInstant(last?.atMs ?? 0)}`
  const starts = events.filter((event) => event.type === 'starting')
  if (!starts.some(({ gate }) => gate === true)) return `${name} was ${seen}`
  if (carriers.size === 0) return `${name} was ${seen}, and in no datagram`
  return `${name} reached ${byNode.length} of ${new Set(starts.map(({ node }) => node)).size} nodes; ${seen}`
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
