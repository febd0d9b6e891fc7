/** A network without its history: the part that can be made again once it is gone. */

import type { Command } from '../../../shared/language/command.ts'
import { formatCommand } from '../../../shared/language/command-format.ts'
import type { Behaviour, LinkConditions } from '../../../shared/model/fault.ts'
import type { LabSettings } from '../../../shared/model/lab-settings.ts'
import { type LabState, linkOf } from '../../../shared/model/lab-state.ts'
import { nodeNames } from '../../../shared/model/names.ts'
import { runs } from '../../../shared/model/reach.ts'
import { linksOf } from '../../../shared/model/topology.ts'
import { plural } from '../../../shared/text/format.ts'
import { linkWords } from '../../model/link-words.ts'
import { changedWords, conditions, networkName } from '../../model/network-words.ts'
import { linkCommands } from './link-commands.ts'

export interface Arrangement {
  readonly settings: LabSettings
  readonly links: LinkConditions
  /** By node. */
  readonly behaviours: readonly (readonly Behaviour[])[]
  readonly timersHeld: boolean
  /** Nodes that do not run. */
  readonly down: readonly number[]
  /** Number of messages; they are not made again. */
  readonly messages: number
  /** When each node began, in ms of the lab: distinguishes this network from a copy of it. */
  readonly startedAt: readonly (number | null)[]
}

/** Returns null before there is a network. */
export function arrangementOf({ settings, links, nodes, timersHeld, messages }: LabState): Arrangement | null {
  if (!settings) return null
  return {
    settings,
    links,
    behaviours: nodes.map(({ behaviours }) => behaviours),
    timersHeld,
    down: nodes.filter((node) => !runs(node)).map(({ id }) => id),
    messages: messages.length,
    startedAt: nodes.map((node) => node.startedAt),
  }
}

/** Returns whether a network is the previous one, with the same lives of its nodes. */
export const isStillThere = ({ startedAt }: Arrangement, { nodes }: Pick<LabState, 'nodes'>): boolean =>
  startedAt.length === nodes.length && startedAt.every((at, id) => at === nodes[id]?.startedAt)

/** Returns the lines that make the network again, with its faults and without its messages. */
export function linesToRestore(before: Arrangement, now: Pick<LabState, 'settings'>): string[] {
  const { n, topology, gossip, linkDelayMs, keyed = false } = before.settings
  const commands: Command[] = [
    { kind: 'network', n, topology, settings: gossip },
    { kind: 'delay', ms: linkDelayMs },
    ...(keyed === (now.settings?.keyed ?? false) ? [] : [{ kind: 'key', on: keyed } as const]),
    ...linkCommands({}, before.links),
    ...before.behaviours.flatMap((behaviours, id) =>
      behaviours.map((behaviour) => ({ kind: 'behaviour', id, behaviour, on: true }) as const),
    ),
    ...(before.timersHeld ? [{ kind: 'timers', held: true } as const] : []),
    ...before.down.map((id) => ({ kind: 'crash', id }) as const),
  ]
  return commands.map(formatCommand)
}

/** `4 nodes on a line, anti-entropy 600 s, link 0–1 cut, node 2 down` */
export function arrangementWords({ settings, links, behaviours, timersHeld, down }: Arrangement): string {
  const { n, topology, seed, linkDelayMs } = settings
  const faults = linksOf(topology, n, seed).flatMap(([a, b]) => {
    const { short, fault } = linkWords({ links }, a, b, linkDelayMs)
    return fault === null ? [] : [`link ${a}–${b} ${short}`]
  })
  const bad = behaviours.flatMap((all, id) => (all.length > 0 ? [id] : []))
  const isHeld = timersHeld || linksOf(topology, n, seed).some(([a, b]) => linkOf({ links }, a, b).hold)
  return [
    networkName(n, settings),
    conditions(settings),
    ...changedWords(settings),
    ...(faults.length > MOST_FAULTS ? [plural(faults.length, 'faulty link')] : faults),
    ...(bad.length > 0 ? [`misbehaviour of ${nodeNames(bad)}`] : []),
    ...(isHeld ? ['held'] : []),
    ...(down.length > 0 ? [`${nodeNames(down)} down`] : []),
  ].join(', ')
}

/** Beyond this number, they are counted. */
const MOST_FAULTS = 2
