import type { FaultCommand } from '../language/command-faults.ts'
import { linksChangedBy } from '../language/link-change.ts'
import { BEHAVIOURS, type Behaviour, endsOf, HEALTHY, type LinkCondition, type LinkConditions } from '../model/fault.ts'
import { lackWords } from '../model/lack-words.ts'
import { ABILITIES, type Ability, type Lacks, LINK_ABILITIES } from '../model/lacks.ts'
import { TOPOLOGIES, type Topology } from '../model/topology.ts'
import { LabRefusal } from './refusal.ts'

/** Optional abilities of a node, beyond start, commands and end. A lab uses no others. */
export interface Abilities {
  /** Supports the faults that `fail` makes on its links; a held datagram waits for `release`. */
  readonly links: readonly (keyof LinkCondition)[]
  readonly behaviours: readonly Behaviour[]
  /** Supports pausing the timers of its protocol. */
  readonly timers: boolean
  /** Supports the settings of the protocol. */
  readonly settings: boolean
  /** Supports sealing its datagrams with a key. */
  readonly key: boolean
  /** Networks that it can be in. */
  readonly topologies: readonly Topology[]
  /** Takes other neighbours while it runs. */
  readonly neighbours: boolean
  /** Reports what it does. Otherwise the lab infers what it stores from its chat log. */
  readonly reports: boolean
  /** For a node that does not report: true when its datagrams pass a gate of the lab, or the reason why they do not. */
  readonly gate?: true | string
  /** The reason why it lacks abilities, as the end of a sentence. */
  readonly why?: string
  /** Way to have more of them: a command, or what to do. */
  readonly remedy?: string
}

/** Abilities of the shell in shared/node. */
export const SHELL_ABILITIES: Abilities = {
  links: LINK_ABILITIES,
  behaviours: BEHAVIOURS,
  timers: true,
  settings: true,
  key: true,
  topologies: TOPOLOGIES,
  neighbours: true,
  reports: true,
}

/** Returns what a node lacks, for the page; undefined if it lacks nothing that a person could ask for. */
export function lacksOf(can: Abilities): Lacks | undefined {
  const { why, remedy } = can
  const abilities = ABILITIES.filter((name) => !has(can, name))
  if (abilities.length === 0) return undefined
  return { abilities, ...(why === undefined ? {} : { why }), ...(remedy === undefined ? {} : { remedy }) }
}

function has({ links, behaviours, topologies, ...can }: Abilities, name: Ability): boolean {
  if (name === 'timers' || name === 'settings' || name === 'key') return can[name]
  return [...links, ...behaviours, ...topologies].includes(name)
}

/** The nodes of a lab, as far as their abilities are known. */
export interface AbleNodes {
  /** All of them, also those that do not run. */
  readonly ids: readonly number[]
  /** Returns the abilities of a node; undefined when they will be known once it runs. */
  readonly abilitiesOf: (id: number) => Abilities | undefined
}

/** @throws LabRefusal if a node is known to lack an ability. */
export function requireAble({ abilitiesOf }: Pick<AbleNodes, 'abilitiesOf'>, ids: Iterable<number>, ability: Ability) {
  for (const id of ids) {
    const can = abilitiesOf(id)
    if (can && !has(can, ability)) throw new LabRefusal(lackWords(id, ability, can))
  }
}

/**
 * `links` are the links before the command.
 * @throws LabRefusal if a node is known not to support the fault that a command makes.
 */
export function requireFault(nodes: AbleNodes, command: FaultCommand, links: LinkConditions) {
  if (command.kind === 'link' || command.kind === 'hold')
    for (const [key, condition] of linksChangedBy(command, links))
      requireLink(nodes, key === '*' ? nodes.ids : endsOf(key), condition)
  else if (command.kind === 'behaviour' && command.on) requireAble(nodes, [command.id], command.behaviour)
  else if (command.kind === 'timers' && command.held) requireAble(nodes, nodes.ids, 'timers')
}

function requireLink(nodes: AbleNodes, ids: readonly number[], condition: LinkCondition) {
  for (const name of LINK_ABILITIES) if (condition[name] !== HEALTHY[name]) requireAble(nodes, ids, name)
}
