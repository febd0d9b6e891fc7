/** Formats commands as lines. It is separate from the parser, so that the page can start without one. */

import { DEFAULTS, type Settings } from '../gossip/settings.ts'
import { CHANCE_NAMES } from '../model/fault.ts'
import type { Command } from './command.ts'
import type { FaultCommand, HeldName, LinkChange, LinkName } from './command-faults.ts'

/** Returns the line that `parseCommand` reads as this command. */
export function formatCommand(command: Command): string {
  switch (command.kind) {
    case 'start':
      return `${command.id} start ${command.n} ${command.port}`
    case 'msg':
      return `${command.id} msg ${command.messageId} ${command.text}`
    case 'chatLog':
      return `${command.id} get chatLog`
    case 'crash':
      return `${command.id} crash`
    case 'signal':
      return `${command.id} signal ${command.signal}`
    case 'delay':
      return `delay ${command.ms}`
    case 'key':
      return `key ${command.on ? 'on' : 'off'}`
    case 'network':
      return ['network', command.n, command.topology, ...formatSettings(command.settings)].join(' ')
    case 'viewers':
      return `viewers may ${command.may}`
    case 'set':
      return ['set', ...(isDefault(command.settings) ? ['defaults'] : formatSettings(command.settings))].join(' ')
    case 'exit':
    case 'restart':
      return command.kind
    case 'help':
      return command.topic === '' ? 'help' : `help ${command.topic}`
    default:
      return formatFaultCommand(command)
  }
}

const isDefault = (settings: Partial<Settings>): boolean =>
  Object.entries(DEFAULTS).every(([name, value]) => settings[name as keyof Settings] === value)

const formatSettings = (settings: Partial<Settings>) =>
  Object.entries(settings).map(([name, value]) => `${name}=${value}`)

function formatFaultCommand(command: FaultCommand): string {
  switch (command.kind) {
    case 'link':
      return `link ${formatLink(command.link)} ${formatChange(command.change)}`
    case 'behaviour':
      return `node ${command.id} ${command.behaviour} ${command.on ? 'on' : 'off'}`
    case 'hold': {
      const { link, on } = command
      const state = on ? 'on' : 'off'
      return link.ways === 'all' ? `hold ${state}` : `hold ${formatLink(link)} ${state}`
    }
    case 'timers':
      return `hold timers ${command.held ? 'on' : 'off'}`
    case 'release':
      return `${command.how} ${formatHeld(command.which)}`
    case 'heal':
    case 'step':
      return command.kind
  }
}

function formatLink(link: LinkName): string {
  if (link.ways === 'all') return '*'
  return link.ways === 'one' ? `${link.from}>${link.to}` : `${link.from} ${link.to}`
}

function formatChange(change: LinkChange | 'heal'): string {
  if (change === 'heal') return change
  const { cut, delayMs, jitterMs } = change
  const chances = CHANCE_NAMES.map((name) => [name, change[name]] as const)
  const parts = [...chances, ['delay', delayMs], ['jitter', jitterMs]] as const
  const words = parts.flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`]))
  return [...(cut === undefined ? [] : [cut ? 'cut' : 'cut off']), ...words].join(' ')
}

const formatHeld = (which: HeldName): string => (typeof which === 'object' ? `${which.from}>${which.to}` : `${which}`)
