/**
 * Applies a command to links: one rule for the lab, which carries it out, and for the page, which offers to undo it.
 */

import { conditionOf, HEALTHY, type LinkCondition, type LinkConditions, type LinkKey, wayOf } from '../model/fault.ts'
import type { FaultCommand, LinkName } from './command-faults.ts'

/** The commands that change links; `delay` resets every link to the lab's time. */
export type LinkCommand = Extract<FaultCommand, { kind: 'link' | 'hold' | 'heal' }> | { readonly kind: 'delay' }

/** Returns each direction that the command changes, in its new state. */
export function linksChangedBy(
  command: LinkCommand,
  links: LinkConditions,
): readonly (readonly [LinkKey, LinkCondition])[] {
  const named = Object.keys(links) as LinkKey[]
  const changed = (keys: readonly LinkKey[], change: (now: LinkCondition) => LinkCondition) =>
    keys.map((key) => [key, change(conditionOf(links, key))] as const)
  switch (command.kind) {
    case 'link': {
      const { link, change } = command
      return changed(keysOf(link, named), change === 'heal' ? healed : (now) => ({ ...now, ...change }))
    }
    case 'hold':
      return changed(keysOf(command.link, named), (now) => ({ ...now, hold: command.on }))
    case 'heal':
      return changed(named, healed)
    case 'delay': {
      const isDelayed = (key: LinkKey) => conditionOf(links, key).delayMs !== null
      return changed(named.filter(isDelayed), (now) => ({ ...now, delayMs: null }))
    }
  }
}

/** A closed gate is no fault. */
const healed = ({ hold }: LinkCondition): LinkCondition => ({ ...HEALTHY, hold })

/** The selection of all links changes each named link, and the entry for all others. */
function keysOf(link: LinkName, named: readonly LinkKey[]): readonly LinkKey[] {
  if (link.ways === 'all') return [...new Set<LinkKey>(['*', ...named])]
  const there = wayOf(link.from, link.to)
  return link.ways === 'one' ? [there] : [there, wayOf(link.to, link.from)]
}
