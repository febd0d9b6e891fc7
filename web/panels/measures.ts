/** What the spreading of messages costs and how long it takes, beside what the network allows at best. */

import { quantileSorted } from 'd3'
import type { LabState, MessageState, NodeState } from '../../shared/lab-state.ts'
import { distancesFrom } from '../../shared/reach.ts'
import { neighboursOf } from '../../shared/topology.ts'

export interface Measures {
  readonly messages: number
  /** Messages that reached every node that lived when they were born. */
  readonly toAll: number
  /** Time to all of them, in ms; null when there is none. */
  readonly median: number | null
  readonly p95: number | null
  /** Messages that some running node lacks, newest first. */
  readonly incomplete: readonly Incomplete[]
  readonly datagrams: number
  readonly rumors: number
  readonly redundant: number
  /** Datagrams a message; null without messages. */
  readonly perMessage: number | null
  /** Share of received rumors that were held already; null when none was received. */
  readonly redundantShare: number | null
  /** Links of the longest shortest way. */
  readonly diameter: number
}

export interface Incomplete {
  readonly message: MessageState
  readonly held: number
  readonly of: number
}

export function measure(lab: LabState): Measures {
  const times = lab.messages.map((message) => timeToAll(message, lab.nodes)).filter((time) => time !== null)
  times.sort((a, b) => a - b)
  const sum = (pick: (node: NodeState) => number) => lab.nodes.reduce((total, node) => total + pick(node), 0)
  const rumors = sum(({ counters }) => counters?.rumorsSent ?? 0)
  const received = sum(({ counters }) => counters?.rumorsReceived ?? 0)
  const redundant = sum(({ counters }) => counters?.rumorsRedundant ?? 0)
  const datagrams = rumors + sum(({ counters }) => counters?.statusesSent ?? 0)
  const messages = lab.messages.length
  return {
    messages,
    toAll: times.length,
    median: quantileSorted(times, 0.5) ?? null,
    p95: quantileSorted(times, 0.95) ?? null,
    incomplete: incompleteOf(lab),
    datagrams,
    rumors,
    redundant,
    perMessage: messages === 0 ? null : datagrams / messages,
    redundantShare: received === 0 ? null : redundant / received,
    diameter: diameterOf(lab),
  }
}

/**
 * From a message's birth until everybody had it, in ms; null while somebody lacks it. A node that was not running at
 * its birth, or was born again since, does not count: what it got later measures its restart.
 */
export function timeToAll(message: MessageState, nodes: readonly NodeState[]): number | null {
  let latest = 0
  for (const { id, startedAt, endedAt } of nodes) {
    if (startedAt === null || startedAt > message.at || (endedAt !== null && endedAt <= message.at)) continue
    const copy = message.copies[id]
    if (copy) latest = Math.max(latest, copy.at - message.at)
    else if (endedAt === null) return null
  }
  return latest
}

function incompleteOf({ messages, nodes }: LabState): Incomplete[] {
  const running = nodes.filter(({ status }) => status === 'running')
  const incomplete: Incomplete[] = []
  for (const message of messages) {
    const held = running.filter(({ id }) => message.copies[id]?.lostAt === null).length
    if (held < running.length) incomplete.push({ message, held, of: nodes.length })
  }
  return incomplete.reverse()
}

function diameterOf({ settings, nodes }: LabState): number {
  if (!settings) return 0
  const neighbours = neighboursOf(settings.topology, nodes.length, settings.seed)
  return Math.max(0, ...neighbours.map((_, id) => Math.max(...distancesFrom(neighbours, id).filter(Number.isFinite))))
}
