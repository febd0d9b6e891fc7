/** What one cell of the spread matrix says: when a node got a message, or why it did not. */
import { type LabState, linkOf, type MessageState, type NodeState } from '../../shared/lab-state.ts'
import { partsOf } from '../../shared/reach.ts'
import { neighboursOf } from '../../shared/topology.ts'

export type Cell = { readonly node: number } & Content

type Content =
  | { readonly state: 'origin' }
  /** `ms` since the lab first saw the message. */
  | { readonly state: 'held'; readonly ms: number; readonly hops: number | null }
  /** Held by a node that has ended since. */
  | { readonly state: 'lost copy' }
  /** Sent towards a node that is not running. */
  | { readonly state: 'lost on the way' }
  /** Dead nodes stand between it and everybody who holds the message. */
  | { readonly state: 'cut off' }
  /** Nobody holds it any more. */
  | { readonly state: 'gone' }
  | { readonly state: 'on its way' }

export interface Reach {
  readonly neighbours: readonly (readonly number[])[]
  /** By node: the part of the network it is in; -1 when it does not run. */
  readonly parts: readonly number[]
}

const isAlive = ({ status }: NodeState) => status === 'running' || status === 'starting'

/** A link that is cut both ways connects nobody. */
export function reachOf({ nodes, settings, links }: Pick<LabState, 'nodes' | 'settings' | 'links'>): Reach {
  const all = settings ? neighboursOf(settings.topology, nodes.length, settings.seed) : []
  const isCut = (a: number, b: number) => linkOf({ links }, a, b).cut && linkOf({ links }, b, a).cut
  const neighbours = all.map((ids, id) => ids.filter((other) => !isCut(id, other)))
  return { neighbours, parts: partsOf(neighbours, nodes.map(isAlive)) }
}

/** The cells of one message, by node. */
export function cellsOf(message: MessageState, { neighbours, parts }: Reach): Cell[] {
  const holds = (id: number) => message.copies[id]?.lostAt === null
  const ids = parts.map((_, id) => id)
  const partsWithIt = new Set(ids.filter(holds).map((id) => parts[id]))
  const contentOf = (id: number): Content => {
    const copy = message.copies[id]
    if (copy && copy.lostAt === null)
      return copy.from === null ? { state: 'origin' } : { state: 'held', ms: copy.at - message.at, hops: copy.hops }
    const runs = parts[id] !== -1
    if (copy && !runs) return { state: 'lost copy' }
    if (partsWithIt.size === 0) return { state: 'gone' }
    if (!runs) return { state: (neighbours[id] ?? []).some(holds) ? 'lost on the way' : 'cut off' }
    return { state: partsWithIt.has(parts[id]) ? 'on its way' : 'cut off' }
  }
  return ids.map((node) => ({ node, ...contentOf(node) }))
}
