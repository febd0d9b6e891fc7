/** Decides the content of one cell of the spread: when a node got a message, or why it did not. */
import { type Copy, holds, type MessageState, type NodeState } from './lab-state.ts'
import { pushedFrom, type Reach } from './reach.ts'

export type Cell = { readonly node: number } & Content

type Content =
  | { readonly state: 'origin' }
  /** `ms` since the lab first saw the message. */
  | { readonly state: 'held'; readonly ms: number; readonly hops: number | null; readonly inferred?: true }
  /** A program was given the message, and no chat log has shown it. */
  | { readonly state: 'not seen' }
  /** Received, and kept back until an earlier message of its origin comes. */
  | { readonly state: 'waits' }
  /** Its node has ended since. */
  | { readonly state: 'lost copy' }
  /** Sent towards a node that is not running. */
  | { readonly state: 'lost on the way' }
  /** A program outside the lab has the node's port, and may have received it. */
  | { readonly state: 'stranger' }
  /** No open path leads there from a running node that carries the message. */
  | { readonly state: 'cut off' }
  /** No running node carries it any more. */
  | { readonly state: 'gone' }
  /** Every path there has a link that is cut one way, or a stranger: a push may bring the message. */
  | { readonly state: 'uncertain' }
  /** Reachable from a node that carries it. */
  | { readonly state: 'not yet' }

/** The nodes that received a message and keep it back until an earlier one comes. */
export const waitingAt = ({ key }: Pick<MessageState, 'key'>, nodes: readonly Pick<NodeState, 'id' | 'keptBack'>[]) =>
  nodes.filter(({ keptBack }) => keptBack[key]).map(({ id }) => id)

/**
 * Returns the cells of one message, by node; `waitsAt` are the nodes that keep it back. They carry it too: a node
 * forwards a message as soon as it comes, whether or not it may show it yet.
 */
export function cellsOf(message: MessageState, reach: Reach, waitsAt: readonly number[] = []): Cell[] {
  const { ways, parts, strangers } = reach
  const ids = parts.map((_, id) => id)
  const carriers = ids.filter((id) => holds(message, id) || waitsAt.includes(id))
  const partsWithIt = new Set(carriers.map((id) => parts[id]))
  const pushed = pushedFrom(carriers, reach)
  const wasNeverSeen = Object.keys(message.copies).length === 0
  const contentOf = (id: number): Content => {
    const copy = message.copies[id]
    if (copy && copy.lostAt === null) return heldContent(copy, message)
    if (waitsAt.includes(id)) return { state: 'waits' }
    const runs = parts[id] !== -1
    if (wasNeverSeen) return { state: 'not seen' }
    if (copy && !runs) return { state: 'lost copy' }
    if (partsWithIt.size === 0) return { state: 'gone' }
    if (strangers[id] && pushed.has(id)) return { state: 'stranger' }
    if (!runs) return { state: carriers.some((carrier) => ways[carrier]?.includes(id)) ? 'lost on the way' : 'cut off' }
    if (partsWithIt.has(parts[id])) return { state: 'not yet' }
    return { state: pushed.has(id) ? 'uncertain' : 'cut off' }
  }
  return ids.map((node) => ({ node, ...contentOf(node) }))
}

function heldContent({ at, from, hops, inferred }: Copy, message: MessageState): Content {
  if (from === null) return { state: 'origin' }
  return { state: 'held', ms: at - message.at, hops, ...(inferred ? { inferred } : {}) }
}

/** Returns the running nodes that are cut off from a message. */
export const cutOffFrom = (message: MessageState, reach: Reach, waitsAt: readonly number[]): number[] =>
  cellsOf(message, reach, waitsAt)
    .filter(({ state, node }) => state === 'cut off' && reach.parts[node] !== -1)
    .map(({ node }) => node)
