/** Finds the commands that undo one command, and nothing else. */

import type { Settings } from '../../../shared/gossip/settings.ts'
import { type Command, parseCommand } from '../../../shared/language/command.ts'
import { formatCommand } from '../../../shared/language/command-format.ts'
import { type LinkCommand, linksChangedBy } from '../../../shared/language/link-change.ts'
import { changeLinks, type LinkConditions } from '../../../shared/model/fault.ts'
import type { LabState, NodeState } from '../../../shared/model/lab-state.ts'
import { runs } from '../../../shared/model/reach.ts'
import { linkCommands } from './link-commands.ts'

/** Returns the command of a line that the lab has carried out; null for a line that it could not parse. */
export function commandOf(line: string): Command | null {
  const parsed = parseCommand(line)
  return parsed.ok ? parsed.command : null
}

/**
 * Returns the lines that undo a command in a lab that was `before`; none if it changed nothing, or cannot be undone by
 * a command. `arrangement.ts` handles networks.
 */
export const linesToUndo = (command: Command, before: LabState): string[] => inverse(command, before).map(formatCommand)

function inverse(command: Command, before: LabState): readonly Command[] {
  const { nodes, settings } = before
  if (!settings) return []
  switch (command.kind) {
    case 'link':
      return linksBefore(command, before.links)
    case 'heal':
      return [...linksBefore(command, before.links), ...nodes.flatMap(misbehaviourOf)]
    case 'behaviour': {
      const was = nodes[command.id]?.behaviours.includes(command.behaviour) ?? false
      return was === command.on ? [] : [{ ...command, on: was }]
    }
    case 'delay': {
      const isSame = command.ms === settings.linkDelayMs
      return [
        ...(isSame ? [] : [{ kind: 'delay', ms: settings.linkDelayMs } as const]),
        ...linksBefore({ kind: 'delay' }, before.links),
      ]
    }
    case 'key': {
      const was = settings.keyed ?? false
      return was === command.on ? [] : [{ kind: 'key', on: was }]
    }
    case 'set': {
      const changed = settingsBefore(command.settings, settings.gossip)
      return Object.keys(changed).length === 0 ? [] : [{ kind: 'set', settings: changed }]
    }
    case 'signal':
      return signalBefore(command, nodes[command.id]?.suspended)
    case 'exit':
      return nodes
        .filter(runs)
        .map(({ id }) => ({ kind: 'start', id, n: settings.n, port: settings.basePort + id }) as const)
    default:
      return []
  }
}

/** A killed node has its *Restart* button. */
function signalBefore({ kind, id, signal }: Extract<Command, { kind: 'signal' }>, suspended: NodeState['suspended']) {
  if (signal === 'KILL' || (signal === 'STOP') === (suspended === 'signal')) return []
  return [{ kind, id, signal: signal === 'STOP' ? 'CONT' : 'STOP' } as const]
}

function linksBefore(command: LinkCommand, before: LinkConditions) {
  return linkCommands(changeLinks(before, Object.fromEntries(linksChangedBy(command, before))), before)
}

const misbehaviourOf = ({ id, behaviours }: NodeState): readonly Command[] =>
  behaviours.map((behaviour) => ({ kind: 'behaviour', id, behaviour, on: true }))

/** Those that differ, in their earlier state. */
function settingsBefore(changed: Partial<Settings>, before: Settings): Partial<Settings> {
  const names = Object.keys(changed) as (keyof Settings)[]
  return Object.fromEntries(names.filter((name) => changed[name] !== before[name]).map((name) => [name, before[name]]))
}
