/** What one cell of the spread matrix says: when a node got a message, or why it did not. */
import type { MessageState } from '../../shared/lab-state.ts'
import { pushedFrom, type Reach } from '../../shared/reach.ts'

export type Cell = { readonly node: number } & Content

type Content =
  | { readonly state: 'origin' }
  /** `ms` since the lab first saw the message. */
  | { readonly state: 'held'; readonly ms: number; readonly hops: number | null }
  /** Received, and kept back until an earlier message of its origin comes. */
  | { readonly state: 'waits' }
  /** Held by a node that has ended since. */
  | { readonly state: 'lost copy' }
  /** Sent towards a node that is not running. */
  | { readonly state: 'lost on the way' }
  /** A program that is not of the lab has the node's port, and it may have got there. */
  | { readonly state: 'stranger' }
  /** No open ways lead there from a running node that holds the message. */
  | { readonly state: 'cut off' }
  /** Nobody holds it any more. */
  | { readonly state: 'gone' }
  /** Only ways over a link that is cut one way, or by a stranger, lead there: a push may bring it, or may not. */
  | { readonly state: 'uncertain' }
  /** Reachable from a node that holds it. */
  | { readonly state: 'not yet' }

/** The cells of one message, by node; `waitsAt` are the nodes that keep it back. */
export function cellsOf(message: MessageState, reach: Reach, waitsAt: readonly number[] = []): Cell[] {
  const { ways, parts, strangers } = reach
  const holds = (id: number) => message.copies[id]?.lostAt === null
  const ids = parts.map((_, id) => id)
  const holders = ids.filter(holds)
  const partsWithIt = new Set(holders.map((id) => parts[id]))
  const pushed = pushedFrom(holders, reach)
  const contentOf = (id: number): Content => {
    const copy = message.copies[id]
    if (copy && copy.lostAt === null)
      return copy.from === null ? { state: 'origin' } : { state: 'held', ms: copy.at - message.at, hops: copy.hops }
    if (waitsAt.includes(id)) return { state: 'waits' }
    const runs = parts[id] !== -1
    if (copy && !runs) return { state: 'lost copy' }
    if (partsWithIt.size === 0) return { state: 'gone' }
    if (strangers[id] && pushed.has(id)) return { state: 'stranger' }
    if (!runs) return { state: holders.some((holder) => ways[holder]?.includes(id)) ? 'lost on the way' : 'cut off' }
    if (partsWithIt.has(parts[id])) return { state: 'not yet' }
    return { state: pushed.has(id) ? 'uncertain' : 'cut off' }
  }
  return ids.map((node) => ({ node, ...contentOf(node) }))
}
