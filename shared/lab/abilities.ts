import type { FaultCommand } from '../language/command-faults.ts'
import { linksChangedBy } from '../language/link-change.ts'
import { BEHAVIOURS, type Behaviour, endsOf, HEALTHY, type LinkCondition, type LinkConditions } from '../model/fault.ts'
import { nodeName } from '../model/names.ts'
import { LabRefusal } from './refusal.ts'

/** Abilities of a node beside being started, told and ended. A lab asks for nothing else. */
export interface Abilities {
  /** Faults that `fail` can make on its links; a held datagram waits for `release`. */
  readonly links: readonly (keyof LinkCondition)[]
  readonly behaviours: readonly Behaviour[]
  /** The timers of its protocol can be held. */
  readonly timers: boolean
  /** It takes the settings of the protocol. */
  readonly settings: boolean
  /** It seals its datagrams with a key. */
  readonly key: boolean
}

/** Abilities of the shell in shared/node. */
export const SHELL_ABILITIES: Abilities = {
  links: Object.keys(HEALTHY) as (keyof LinkCondition)[],
  behaviours: BEHAVIOURS,
  timers: true,
  settings: true,
  key: true,
}

/** Nodes that run, by id. */
type Nodes = ReadonlyMap<number, { readonly can: Abilities }>

/**
 * Those of these nodes that do not run are passed over.
 * @throws LabRefusal when one cannot do `what`.
 */
export function requireAble(nodes: Nodes, ids: Iterable<number>, what: string, isAble: (can: Abilities) => boolean) {
  for (const id of ids) {
    const node = nodes.get(id)
    if (node && !isAble(node.can)) throw new LabRefusal(`${nodeName(id)} does not support ${what}`)
  }
}

/**
 * `links` are the links before the command.
 * @throws LabRefusal when a node that runs does not support the fault that a command makes.
 */
export function requireFault(nodes: Nodes, command: FaultCommand, links: LinkConditions) {
  if (command.kind === 'link' || command.kind === 'hold')
    for (const [key, condition] of linksChangedBy(command, links))
      requireLink(nodes, key === '*' ? [...nodes.keys()] : endsOf(key), condition)
  else if (command.kind === 'behaviour' && command.on)
    requireAble(nodes, [command.id], command.behaviour, (can) => can.behaviours.includes(command.behaviour))
  else if (command.kind === 'timers' && command.held)
    requireAble(nodes, nodes.keys(), 'held timers', (can) => can.timers)
}

function requireLink(nodes: Nodes, ids: readonly number[], condition: LinkCondition) {
  for (const name of SHELL_ABILITIES.links)
    if (condition[name] !== HEALTHY[name])
      requireAble(nodes, ids, name.replace('Ms', ''), (can) => can.links.includes(name))
}
