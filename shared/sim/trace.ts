import type { Fact, Why } from '../gossip/gossip.ts'
import { formatOrigin, messageKey, type Origin } from '../gossip/origin.ts'
import { cannotBeSent } from '../gossip/too-large.ts'
import { type Datagram, rumorsIn } from '../gossip/wire.ts'

/** Records the events of a world, in order. Nodes are named by id. */
export type TraceEvent = { readonly at: number } & (
  | { readonly type: 'started'; readonly node: number; readonly generation: number }
  | { readonly type: 'ended'; readonly node: number }
  | { readonly type: 'new-life'; readonly node: number; readonly generation: number; readonly shownBy: number }
  | { readonly type: 'displaced'; readonly node: number; readonly origin: Origin; readonly seq: number }
  /** The node received another text than the one that it has under this number. */
  | { readonly type: 'contradicted'; readonly node: number; readonly origin: Origin; readonly seq: number }
  | { readonly type: 'typed'; readonly node: number; readonly text: string }
  | { readonly type: 'fact'; readonly node: number; readonly fact: Fact }
  | { readonly type: 'sent'; readonly node: number; readonly to: number; readonly why: Why; readonly what: Payload }
  | { readonly type: 'lost'; readonly node: number; readonly to: number; readonly what: Payload }
)

/** A datagram as a machine knows it, or as its text on the wire. */
export type Payload = Datagram | string

/** Formats one line for a reader. `rootId` is the UDP port of node 0. */
export function formatTrace(event: TraceEvent, rootId: number): string {
  return `${event.at.toFixed(1).padStart(9)}  ${event.node}  ${describe(event, rootId)}`
}

function describe(event: TraceEvent, rootId: number): string {
  switch (event.type) {
    case 'started':
      return event.generation === 0 ? 'starts' : `starts in generation ${event.generation}`
    case 'ended':
      return 'ends'
    case 'new-life':
      return `lost a life that ${event.shownBy} knows, and goes on in generation ${event.generation}`
    case 'displaced':
      return `no longer holds ${messageKey(event.origin, event.seq)}`
    case 'contradicted':
      return `is sent another text of ${messageKey(event.origin, event.seq)} than it holds`
    case 'typed':
      return `is given '${event.text}'`
    case 'sent':
      return `-> ${event.to}  ${formatPayload(event.what)}  (${event.why})`
    case 'lost':
      return `-> ${event.to}  lost: ${formatPayload(event.what)}`
    case 'fact':
      return describeFact(event.fact, rootId)
  }
}

function describeFact(fact: Fact, rootId: number): string {
  switch (fact.type) {
    case 'stored':
      return `holds ${messageKey(fact.origin, fact.seq)} '${fact.text}'${fact.from === null ? '' : ` from ${fact.from - rootId}`}`
    case 'kept-back':
      return `keeps back ${messageKey(fact.origin, fact.seq)} from ${fact.from - rootId}`
    case 'refused':
      return `refuses what ${fact.from - rootId} gave: ${fact.why}`
    case 'compared':
      return `compares with ${fact.with - rootId}: ${fact.verdict}`
    case 'coin': {
      const next = fact.goesOnTo === null ? 'nobody is left to tell' : `goes on to ${fact.goesOnTo - rootId}`
      return `coin for ${messageKey(fact.origin, fact.seq)}: ${fact.heads ? 'heads, stops' : `tails, ${next}`}`
    }
    case 'silent':
      return `no answer from ${fact.to - rootId} about ${messageKey(fact.origin, fact.seq)}`
    case 'neighbour':
      return `has a new neighbour, ${fact.port - rootId}`
    case 'oversized':
      return `${messageKey(fact.origin, fact.seq)} ${cannotBeSent(fact)}`
  }
}

function formatPayload(what: Payload): string {
  if (typeof what === 'string') return what
  if (what.kind !== 'status')
    return rumorsIn(what)
      .map(({ origin, seq, text }) => `rumor ${messageKey(origin, seq)} '${text}'`)
      .join(' with ')
  const pairs = what.pairs.map(([origin, low]) => `${formatOrigin(origin)}:${low}`)
  return `status {${pairs.join(', ')}}${what.partial ? ' in part' : ''}`
}
