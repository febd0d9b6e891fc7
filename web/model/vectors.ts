/** Compares a node's status vector with its knowledge of its neighbours', and words the differences. */

import { formatOrigin, type Origin } from '../../shared/gossip/origin.ts'
import { differences, originsOf, type Vector } from '../../shared/model/explain.ts'
import type { LabState, NodeState } from '../../shared/model/lab-state.ts'
import { messageNames, nodeName } from '../../shared/model/names.ts'
import { neighboursOf } from '../../shared/model/topology.ts'

export interface Known {
  readonly neighbour: NodeState
  /** Null before the first status. */
  readonly vector: Vector | null
}

type Lab = Pick<LabState, 'settings' | 'nodes' | 'messages'>

/** A node's knowledge of each neighbour: its last status, and the messages that the neighbour sent, and so has. */
export function knownOf(node: NodeState, { settings, nodes, messages }: Lab): Known[] {
  if (!settings) return []
  const ids = neighboursOf(settings.topology, nodes.length, settings.seed)[node.id] ?? []
  const known = new Map(
    ids.flatMap((id) => nodes[id] ?? []).map((neighbour) => [neighbour.port, entryOf(node, neighbour)]),
  )
  for (const { origin, seq, copies } of messages) {
    const copy = copies[node.id]
    if (!copy || copy.from === null || copy.lostAt !== null) continue
    const entry = known.get(copy.from)
    if (!entry || copy.at < (entry.neighbour.startedAt ?? 0)) continue
    entry.vector ??= {}
    entry.vector[origin] = Math.max(entry.vector[origin] ?? 0, seq + 1)
  }
  return [...known.values()]
}

const entryOf = (
  node: NodeState,
  neighbour: NodeState,
): { neighbour: NodeState; vector: Record<Origin, number> | null } => {
  const heard = node.heard[neighbour.port]
  return { neighbour, vector: heard ? { ...heard } : null }
}

/** The origins with a message at any of these nodes; a status may name others, at 0. */
export function allOrigins(node: NodeState, known: readonly Known[]): Origin[] {
  const vectors = [node.vector, ...known.map(({ vector }) => vector ?? {})]
  return originsOf(vectors).filter((origin) => vectors.some((vector) => (vector[origin] ?? 0) > 0))
}

const MAX_WORDS = 3

export function wordsAbout(node: NodeState, { neighbour, vector }: Known, lab: Lab): string[] {
  const { status } = neighbour
  const [name, self] = [nodeName(neighbour.id), nodeName(node.id)]
  const gone = status !== 'running' && status !== 'starting'
  if (!vector) return [gone ? `${name} ended before ${self} heard from it` : `${self} has not heard from ${name} yet`]
  const words = differences(node.vector, vector).map(({ origin, here, there }) => {
    if (there > here) return `${name} has origin ${formatOrigin(origin)} up to ${there}, ${self} up to ${here}`
    const which = messageNames(origin, there, here, lab)
    return gone ? `${name} had not acknowledged ${which} when it ended` : `${name} has not acknowledged ${which} yet`
  })
  if (words.length <= MAX_WORDS) return words
  return [...words.slice(0, MAX_WORDS), `and ${words.length - MAX_WORDS} more about ${name}`]
}
