/** Measures the duration and the cost of spreading, beside the best that the network allows. */

import { quantileSorted } from 'd3'
import { cutOffFrom, waitingAt } from '../../shared/model/cells.ts'
import type { LabSettings } from '../../shared/model/lab-settings.ts'
import { holds, type LabState, type MessageState, type NodeState, type Traffic } from '../../shared/model/lab-state.ts'
import { diameterOf, reachOf } from '../../shared/model/reach.ts'
import { neighboursOf } from '../../shared/model/topology.ts'
import { datagramsOf, NO_TRAFFIC } from '../../shared/model/traffic.ts'

export interface Measures {
  readonly messages: number
  /** Number of messages that reached every node that lived at their birth. */
  readonly toAll: number
  /** Time to all of them, in ms; null when there is none. */
  readonly median: number | null
  readonly p95: number | null
  /** Messages that some running node lacks, and the newest of them. */
  readonly incomplete: number
  readonly newest: readonly Incomplete[]
  /** Mean number of datagrams that a message caused; null if no message has a complete trail. */
  readonly perMessage: Cost | null
  /** Number of messages in flight while nodes reported only samples: they are in no average. */
  readonly untold: number
  /** Links of the longest shortest path. */
  readonly diameter: number
}

/** Datagrams per message, by the messages' own trails. See `shared/model/traffic.ts`. */
export interface Cost extends Traffic {
  readonly all: number
  /** Minimum number of rumors: one for each copy that came from a node. */
  readonly needed: number
}

export interface Incomplete {
  readonly message: MessageState
  readonly held: number
  readonly of: number
  /** The running nodes that are cut off from it. */
  readonly cutOff: readonly number[]
}

/** Grace beyond its best possible time before a message counts as missing anywhere, in ms. */
const GRACE_MS = 1_000
const MAX_LISTED = 4

/** Measures, and the lab that they belong to. */
export interface Measured extends Measures {
  readonly lab: LabState
  /** In ms of the lab. */
  readonly at: number
}

/** Number of possible copies beyond which summing them up takes a good part of a frame. */
const MOST_AT_ONCE = 20_000
/** Interval of the sums then, in ms of the lab. */
const EVERY_MS = 500

/**
 * Returns the measures of the lab on screen: all views show one instant. Only with very many messages they may be older
 * for a while, unless the view is paused.
 */
export function measured(before: Measured | null, lab: LabState, at: number, stands: boolean): Measured {
  const isSame = before?.lab === lab
  const isMany = lab.messages.length * lab.nodes.length > MOST_AT_ONCE
  const isLate = !before || Math.abs(at - before.at) >= EVERY_MS
  if (before && !isLate && (isSame || (isMany && !stands))) return before
  return { ...measure(lab, at), lab, at }
}

/** `now` is in ms of the lab. */
export function measure(lab: LabState, now: number): Measures {
  const times = lab.messages.map((message) => timeToAll(message, lab.nodes)).filter((time) => time !== null)
  times.sort((a, b) => a - b)
  const told = lab.messages.filter(({ traffic }) => traffic !== null)
  const messages = lab.messages.length
  const diameter = bestDiameter(lab)
  return {
    messages,
    toAll: times.length,
    median: quantileSorted(times, 0.5) ?? null,
    p95: quantileSorted(times, 0.95) ?? null,
    ...incompleteOf(lab, now - GRACE_MS - 1.5 * diameter * (lab.settings?.linkDelayMs ?? 0)),
    perMessage: costOf(told),
    untold: messages - told.length,
    diameter,
  }
}

function costOf(messages: readonly MessageState[]): Cost | null {
  if (messages.length === 0) return null
  const mean = (pick: (message: MessageState) => number) =>
    messages.reduce((sum, message) => sum + pick(message), 0) / messages.length
  return {
    all: mean(({ traffic }) => datagramsOf(traffic ?? NO_TRAFFIC)),
    rumors: mean(({ traffic }) => traffic?.rumors ?? 0),
    repeats: mean(({ traffic }) => traffic?.repeats ?? 0),
    acks: mean(({ traffic }) => traffic?.acks ?? 0),
    redundant: mean(({ traffic }) => traffic?.redundant ?? 0),
    needed: mean(({ copies }) => Object.values(copies).filter(({ from }) => from !== null).length),
  }
}

/** Returns why the datagrams of some messages are not counted. */
export const whyUntold = ({ nodes }: Pick<LabState, 'nodes'>): string =>
  nodes.some(({ program }) => program) ? 'programs do not say why they send' : 'not every datagram was reported'

/** Whether the lab knows some copies only from chat logs. */
export const isInferred = ({ messages }: { readonly messages: readonly Pick<MessageState, 'copies'>[] }): boolean =>
  messages.some(({ copies }) => Object.values(copies).some(({ inferred }) => inferred))

/**
 * Returns the time from a message's birth until all nodes had it, in ms; null while one lacks it. A node that was not
 * running at its birth, or restarted since, does not count: its later copy measures its restart.
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

function incompleteOf(lab: LabState, bornBefore: number): Pick<Measures, 'incomplete' | 'newest'> {
  const { messages, nodes } = lab
  const running = nodes.filter(({ status }) => status === 'running').map(({ id }) => id)
  const incomplete = messages.filter(
    (message) => message.at <= bornBefore && !running.every((id) => holds(message, id)),
  )
  const reach = reachOf(lab)
  const newest = incomplete
    .slice(-MAX_LISTED)
    .reverse()
    .map((message) => ({
      message,
      held: running.filter((id) => holds(message, id)).length,
      of: nodes.length,
      cutOff: cutOffFrom(message, reach, waitingAt(message, nodes)),
    }))
  return { incomplete: incomplete.length, newest }
}

/** Cached while the network does not change: with many nodes, computing it for each measure costs a frame. */
const diameters = new WeakMap<LabSettings, number>()

function bestDiameter({ settings }: LabState): number {
  if (!settings) return 0
  const known = diameters.get(settings)
  if (known !== undefined) return known
  const neighbours = neighboursOf(settings.topology, settings.n, settings.seed)
  const diameter = diameterOf(neighbours)
  diameters.set(settings, diameter)
  return diameter
}
