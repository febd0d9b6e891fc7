/**
 * Decides which nodes can reach each other: the one rule for `until agreed`, the time bar, the spread, measures and
 * screen readers.
 *
 * Two running neighbours exchange all their messages while their link is open both ways: a status shows the missing
 * ones, and a rumor or a question follows. Over a link that is cut one way a new message is still pushed in the open
 * direction, but a loss there is never noticed: the acknowledgement, or the question that a status raises, goes the other
 * way. So there are three degrees:
 *  - A node is *reachable* from another when links that are open both ways connect them: it will get all its messages.
 *  - Arrival is *uncertain* when the only path has a link that is cut one way, or a stranger on the port of a node that
 *    does not run: a push may bring the message.
 *  - A node is *cut off* from a message when no open path leads there from a running node that has the message.
 *
 * A misbehaving node cuts nothing: messages reach it, and its fault shows as disagreement.
 */

import type { LinkCondition } from './fault.ts'
import type { LabSettings } from './lab-settings.ts'
import { type LabState, linkOf, type NodeState } from './lab-state.ts'
import { neighboursOf } from './topology.ts'

/** A graph: for each id, the ids to which it has an edge. */
type Graph = readonly (readonly number[])[]

export interface Reach {
  /** By node: the nodes that its datagrams can reach over one link, whether or not they run. */
  readonly ways: Graph
  /** By node: the lowest id that it can reach, itself included; -1 when it does not run. Equal ids are one part. */
  readonly parts: readonly number[]
  /** By node: whether a stranger has its port, which may forward datagrams. */
  readonly strangers: readonly boolean[]
}

export const runs = ({ status }: Pick<NodeState, 'status'>): boolean => status === 'running' || status === 'starting'

/** Returns whether datagrams can pass. A person may still let go those that are held at a gate. */
const isOpen = ({ cut, loss }: LinkCondition): boolean => !cut && loss < 100

export interface Reachable extends Pick<LabState, 'settings' | 'links'> {
  readonly nodes: readonly Pick<NodeState, 'status' | 'stranger'>[]
}

export function reachOf({ settings, nodes, links }: Reachable): Reach {
  const all = settings ? neighboursIn(settings, nodes.length) : []
  const isCalm = Object.values<LinkCondition>(links).every(isOpen)
  const ways = isCalm ? all : all.map((ids, id) => ids.filter((other) => isOpen(linkOf({ links }, id, other))))
  const bothWays = isCalm ? all : ways.map((ids, id) => ids.filter((other) => ways[other]?.includes(id)))
  return { ways, parts: partsOf(bothWays, nodes.map(runs)), strangers: nodes.map(({ stranger = false }) => stranger) }
}

/** Returns the nodes that a push from any of these may reach, these included. They run, or have a stranger. */
export function pushedFrom(holders: readonly number[], { ways, parts, strangers }: Reach): ReadonlySet<number> {
  const reached = new Set(holders)
  for (const id of reached)
    for (const next of ways[id] ?? []) if (parts[next] !== -1 || strangers[next]) reached.add(next)
  return reached
}

/** Caches the neighbours: with many nodes, computing them again with each event would cost a frame. */
const neighbours = new WeakMap<LabSettings, Graph>()

function neighboursIn(settings: LabSettings, n: number): Graph {
  const known = neighbours.get(settings)
  if (known?.length === n) return known
  const found = neighboursOf(settings.topology, n, settings.seed)
  neighbours.set(settings, found)
  return found
}

/** Returns the part of each node in the graph without the dead ones; -1 for a dead node. */
export function partsOf(graph: Graph, alive: readonly boolean[]): number[] {
  const part = alive.map(() => -1)
  for (let id = 0; id < alive.length; id += 1) {
    if (!alive[id] || part[id] !== -1) continue
    part[id] = id
    const todo = [id]
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      for (const neighbour of graph[next] ?? []) {
        if (!alive[neighbour] || part[neighbour] !== -1) continue
        part[neighbour] = id
        todo.push(neighbour)
      }
    }
  }
  return part
}

/** Returns the nodes of each part, lowest first. The input is the part of each node, or -1. */
export function membersOf(parts: readonly number[]): number[][] {
  const members = new Map<number, number[]>()
  for (const [id, part] of parts.entries()) {
    if (part === id) members.set(id, [])
    members.get(part)?.push(id)
  }
  return [...members.values()]
}

/** Returns the graph without the edges to dead nodes. */
const amongAlive = (graph: Graph, alive: readonly boolean[]): Graph => graph.map((ids) => ids.filter((id) => alive[id]))

/**
 * Returns the number of links on the shortest open path over running nodes to each running node; Infinity if there is
 * none.
 */
export function linksFrom(from: number, { ways, parts }: Reach): number[] {
  const isAlive = parts.map((part) => part !== -1)
  return distancesFrom(amongAlive(ways, isAlive), from)
}

/** Returns the longest finite distance, or 0. */
export const farthest = (distances: readonly number[]): number => Math.max(0, ...distances.filter(Number.isFinite))

/** Returns the longest shortest path between two running nodes, in links. */
export function diameterOf(graph: Graph, alive: readonly boolean[] = graph.map(() => true)): number {
  const open = amongAlive(graph, alive)
  return farthest(open.map((_, id) => (alive[id] ? farthest(distancesFrom(open, id)) : 0)))
}

/** Returns the number of links on the shortest path from one node to each other; Infinity if there is none. */
export function distancesFrom(graph: Graph, from: number): number[] {
  const distance = graph.map(() => Number.POSITIVE_INFINITY)
  if (graph[from]) distance[from] = 0
  const todo = [from]
  for (const id of todo) {
    for (const neighbour of graph[id] ?? []) {
      if (distance[neighbour] !== Number.POSITIVE_INFINITY) continue
      distance[neighbour] = (distance[id] ?? 0) + 1
      todo.push(neighbour)
    }
  }
  return distance
}
