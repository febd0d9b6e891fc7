/** Measures how long messages take to spread and what they cost, beside the best that the network allows. */

import { quantileSorted } from 'd3'
import type { LabSettings } from '../../shared/model/lab-settings.ts'
import { holds, type LabState, type MessageState, type NodeState, type Traffic } from '../../shared/model/lab-state.ts'
import { diameterOf, reachOf } from '../../shared/model/reach.ts'
import { neighboursOf } from '../../shared/model/topology.ts'
import { datagramsOf, NO_TRAFFIC } from '../../shared/model/traffic.ts'
import { cutOffFrom, waitingAt } from './cells.ts'

export interface Measures {
  readonly messages: number
  /** Messages that reached every node that lived when they were born. */
  readonly toAll: number
  /** Time to all of them, in ms; null when there is none. */
  readonly median: number | null
  readonly p95: number | null
  /** Messages that some running node lacks, and the newest of them. */
  readonly incomplete: number
  readonly newest: readonly Incomplete[]
  /** Datagrams that a message caused, on average; null where no message's trail is known whole. */
  readonly perMessage: Cost | null
  /** Messages that were under way while nodes reported samples only: they are in no average. */
  readonly untold: number
  /** Links of the longest shortest way. */
  readonly diameter: number
}

/** Datagrams per message, by the messages' own trails. See `shared/model/traffic.ts`. */
export interface Cost extends Traffic {
  readonly all: number
  /** Rumors that there have to be: one for each copy that came from a node. */
  readonly needed: number
}

export interface Incomplete {
  readonly message: MessageState
  readonly held: number
  readonly of: number
  /** The running nodes that are cut off from it. */
  readonly cutOff: readonly number[]
}

/** A message is not said to be missing anywhere before it had this much more time than it needs at best, in ms. */
const GRACE_MS = 1_000
const MAX_LISTED = 4

/** Measures, and what they are of. */
export interface Measured extends Measures {
  readonly lab: LabState
  /** In ms of the lab. */
  readonly at: number
}

/** Beyond so many copies that there may be, summing them up takes a good part of a frame. */
const MOST_AT_ONCE = 20_000
/** Then they are summed up so often, in ms of the lab. */
const EVERY_MS = 500

/**
 * Returns the measures of the lab that is shown: all views are of one instant. Only where there are very many messages
 * they may be those of before for a while, unless the view stands still.
 */
export function measured(before: Measured | null, lab: LabState, at: number, stands: boolean): Measured {
  const isSame = before?.lab === lab
  const isMany = lab.messages.length * lab.nodes.length > MOST_AT_ONCE
  const isLate = !before || Math.abs(at - before.at) >= EVERY_MS
  if (before && !isLate && (isSame || (isMany && !stands))) return before
  return { ...measure(lab, at), lab, at }
}

/** `now` in ms of the lab. */
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

/** Kept while the network does not change: with many nodes, computing it for each measure costs a frame. */
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
