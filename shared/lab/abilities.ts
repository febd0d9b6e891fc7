import type { FaultCommand } from '../language/command-faults.ts'
import { linksChangedBy } from '../language/link-change.ts'
import { BEHAVIOURS, type Behaviour, endsOf, HEALTHY, type LinkCondition, type LinkConditions } from '../model/fault.ts'
import { nodeName } from '../model/names.ts'
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
  /** Takes other neighbours while it runs. */
  readonly neighbours: boolean
  /** Reports what it does. Otherwise the lab infers what it stores from its chat log. */
  readonly reports: boolean
  /** For a node that does not report: true when its datagrams pass a gate of the lab, or the reason why they do not. */
  readonly gate?: true | string
  /** The reason why it lacks abilities, as the end of a sentence. */
  readonly why?: string
}

/** Abilities of the shell in shared/node. */
export const SHELL_ABILITIES: Abilities = {
  links: Object.keys(HEALTHY) as (keyof LinkCondition)[],
  behaviours: BEHAVIOURS,
  timers: true,
  settings: true,
  key: true,
  neighbours: true,
  reports: true,
}

/** The nodes of a lab, as far as their abilities are known. */
export interface AbleNodes {
  /** All of them, also those that do not run. */
  readonly ids: readonly number[]
  /** Returns the abilities of a node; undefined when they will be known once it runs. */
  readonly abilitiesOf: (id: number) => Abilities | undefined
}

/** @throws LabRefusal if a node is known not to support `what`. */
export function requireAble(
  { abilitiesOf }: Pick<AbleNodes, 'abilitiesOf'>,
  ids: Iterable<number>,
  what: string,
  isAble: (can: Abilities) => boolean,
) {
  for (const id of ids) {
    const can = abilitiesOf(id)
    if (!can || isAble(can)) continue
    throw new LabRefusal(`${nodeName(id)} does not support ${what}${can.why === undefined ? '' : `: ${can.why}`}`)
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
  else if (command.kind === 'behaviour' && command.on)
    requireAble(nodes, [command.id], command.behaviour, (can) => can.behaviours.includes(command.behaviour))
  else if (command.kind === 'timers' && command.held) requireAble(nodes, nodes.ids, 'held timers', (can) => can.timers)
}

function requireLink(nodes: AbleNodes, ids: readonly number[], condition: LinkCondition) {
  for (const name of SHELL_ABILITIES.links)
    if (condition[name] !== HEALTHY[name])
      requireAble(nodes, ids, name.replace('Ms', ''), (can) => can.links.includes(name))
}
