/** Abilities of nodes that a command asks for: the lab refuses it where a node lacks one. */
import { DEFAULTS } from '../gossip/settings.ts'
import { HEALTHY } from '../model/fault.ts'
import { type Ability, LINK_ABILITIES } from '../model/lacks.ts'
import type { Command } from './command.ts'
import type { LinkChange } from './command-faults.ts'
import { changedSettings } from './setting-words.ts'

/** Returns none for a command that every node takes, such as one that ends a fault. */
export function needsOf(command: Command): readonly Ability[] {
  switch (command.kind) {
    case 'link':
      return command.change === 'heal' ? [] : faultsIn(command.change)
    case 'hold':
      return command.on ? ['hold'] : []
    case 'release':
    case 'step':
      return ['hold']
    case 'timers':
      return command.held ? ['timers'] : []
    case 'behaviour':
      return command.on ? [command.behaviour] : []
    case 'delay':
      return command.ms > 0 ? ['delayMs'] : []
    case 'key':
      return command.on ? ['key'] : []
    case 'set':
      return ['settings']
    case 'network': {
      const isChanged = changedSettings({ ...DEFAULTS, ...command.settings }).length > 0
      return [command.topology, ...(isChanged ? (['settings'] as const) : [])]
    }
    default:
      return []
  }
}

function faultsIn(change: LinkChange): readonly Ability[] {
  const after = { ...HEALTHY, ...change }
  return LINK_ABILITIES.filter((name) => after[name] !== HEALTHY[name])
}
