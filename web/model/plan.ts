/** A network as a form has it, and the commands that make it. */

import { DEFAULTS, HANDOUT, type Settings } from '../../shared/gossip/settings.ts'
import { parseCommand } from '../../shared/language/command.ts'
import { formatCommand } from '../../shared/language/command-format.ts'
import { DEFAULT_LINK_DELAY_MS, type LabSettings, MAX_NODES, MAX_PROCESSES } from '../../shared/model/lab-settings.ts'
import type { Ability } from '../../shared/model/lacks.ts'
import type { Topology } from '../../shared/model/topology.ts'
import { formatMs, plural } from '../../shared/text/format.ts'
import { capital } from '../../shared/text/words.ts'

/** Numbers as they are typed. */
export type TypedNetwork = { readonly [Name in keyof Settings | 'n' | 'linkDelayMs']: string } & {
  readonly topology: Topology
}

export interface Plan {
  readonly lines: readonly string[]
  /** Returns why the typed network cannot be started. */
  readonly problem: string | null
}

export interface Preset {
  readonly name: string
  readonly does: string
  readonly draft: TypedNetwork
}

const fieldsOf = (gossip: Settings) => ({
  fanout: `${gossip.fanout}`,
  window: `${gossip.window}`,
  coin: `${gossip.coin}`,
  ackTimeoutMs: `${gossip.ackTimeoutMs}`,
  antiEntropyMs: `${gossip.antiEntropyMs}`,
  retries: `${gossip.retries}`,
  batchMs: `${gossip.batchMs}`,
})

/** The fields of the protocol's settings with their defaults. */
export const DEFAULT_FIELDS = fieldsOf(DEFAULTS)

const draftFrom = (n: number, topology: Topology, linkDelayMs: number, gossip: Settings): TypedNetwork => ({
  n: `${n}`,
  topology,
  linkDelayMs: `${linkDelayMs}`,
  ...fieldsOf(gossip),
})

export const typedOf = ({ n, topology, linkDelayMs, gossip }: LabSettings): TypedNetwork =>
  draftFrom(n, topology, linkDelayMs, gossip)

export const PRESETS: readonly Preset[] = [
  {
    name: 'Watchable',
    does: `four nodes on a line, ${formatMs(DEFAULT_LINK_DELAY_MS)} per link, slow enough to follow`,
    draft: draftFrom(4, 'line', DEFAULT_LINK_DELAY_MS, DEFAULTS),
  },
  {
    name: 'As in the report',
    does: 'four nodes on a line, fanout 2, no delay',
    draft: draftFrom(4, 'line', 0, { ...DEFAULTS, retries: 0 }),
  },
  {
    name: 'As in the handout',
    does: 'four nodes on a line, fanout 1, window 1, no retries',
    draft: draftFrom(4, 'line', DEFAULT_LINK_DELAY_MS, HANDOUT),
  },
  {
    name: 'Real speed',
    does: 'four nodes on a line, no added delay',
    draft: draftFrom(4, 'line', 0, DEFAULTS),
  },
]

/** Returns the presets that nodes with these abilities can have. */
export const presetsFor = (isAble: (ability: Ability) => boolean): readonly Preset[] =>
  PRESETS.filter(({ draft }) => {
    const isDefault = Object.entries(DEFAULT_FIELDS).every(
      ([name, value]) => draft[name as keyof TypedNetwork] === value,
    )
    return (isDefault || isAble('settings')) && (draft.linkDelayMs === '0' || isAble('delayMs'))
  })

/** Only differences from the running network are named, so that the line stays short enough to learn from. */
export function planOf({ n, topology, linkDelayMs, ...typed }: TypedNetwork, current: LabSettings): Plan {
  const names = Object.keys(DEFAULTS).filter(isSetting)
  const changed = names.filter((name) => Number(typed[name]) !== current.gossip[name] || typed[name].trim() === '')
  const settings = changed.map((name) => `${name}=${typed[name].trim()}`)
  const lines = [['network', n.trim(), topology, ...settings].join(' ')]
  if (Number(linkDelayMs) !== current.linkDelayMs || linkDelayMs.trim() === '')
    lines.push(`delay ${linkDelayMs.trim()}`)
  const mostNodes = current.simulated ? MAX_NODES : MAX_PROCESSES
  for (const line of lines) {
    const parsed = parseCommand(line)
    if (!parsed.ok) return { lines, problem: parsed.error }
    if (parsed.command.kind === 'network' && parsed.command.n > mostNodes)
      return { lines, problem: `<n> must be at most ${mostNodes} in this lab` }
  }
  return { lines: lines.map(canonical), problem: null }
}

/** Says what a new network ends and what it starts. */
export function planWords(running: number, messages: number, n: number): string {
  const ends = [
    ...(running > 0 ? [`ends ${plural(running, 'running node')}`] : []),
    ...(messages > 0 ? [`clears ${plural(messages, 'message')}`] : []),
  ]
  const words = [...(ends.length > 0 ? [ends.join(' and ')] : []), `starts ${plural(n, 'node')}`].join('; then ')
  return `${capital(words)}.`
}

const isSetting = (name: string): name is keyof Settings => name in DEFAULTS

function canonical(line: string): string {
  const parsed = parseCommand(line)
  return parsed.ok ? formatCommand(parsed.command) : line
}
