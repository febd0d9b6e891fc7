/** Makes words for effects of a start or a new network that its line does not name. */

import type { Settings } from '../gossip/settings.ts'
import { changedSettings } from '../language/setting-words.ts'
import { isHealthy, type LinkCondition } from '../model/fault.ts'
import type { LabSettings } from '../model/lab-settings.ts'
import { nodeNames } from '../model/names.ts'
import { plural } from '../text/format.ts'
import type { Faulty } from './faults.ts'
import type { Started } from './nodes.ts'

/** A start, and the number of nodes in the network before it and now. */
export interface StartedInLine {
  readonly started: Started
  readonly before: number
  readonly now: number
}

/** Returns words for a start whose `n` differs from the number of nodes in the network, before or after it. */
export function sizeWords(n: number, { before, now }: StartedInLine): readonly string[] {
  if (now > before) return [`the network grows from ${before} to ${plural(now, 'node')}`]
  if (n === now) return []
  return [
    `the network has ${plural(now, 'node')} and keeps them: ${n} would count for a node that it does not have yet`,
  ]
}

/**
 * Returns words for settings that a new network keeps, that differ from the defaults, and that its line does not name.
 */
export function keptWords({ gossip, keyed }: LabSettings, named: Partial<Settings>): readonly string[] {
  const settings = changedSettings(gossip).filter((name) => named[name] === undefined)
  return [
    ...(settings.length > 0
      ? [`kept settings: ${settings.map((name) => `${name}=${gossip[name]}`).join(' ')}; set defaults resets them`]
      : []),
    ...(keyed ? ['kept the shared key; key off removes it'] : []),
  ]
}

/** Returns words for the faults of the old network, which the new one does not have. */
export function goneWords({ links, behaviours, timersHeld }: Faulty): readonly string[] {
  const misbehaving = [...behaviours].filter(([, mischief]) => mischief.length > 0).map(([id]) => id)
  const conditions = Object.values<LinkCondition>(links)
  const gone = [
    ...(conditions.some(({ hold, ...condition }) => !isHealthy({ ...condition, hold: false })) ? ['link faults'] : []),
    ...(conditions.some(({ hold }) => hold) ? ['held links'] : []),
    ...(misbehaving.length > 0 ? [`misbehaviour of ${nodeNames(misbehaving)}`] : []),
    ...(timersHeld ? ['held timers'] : []),
  ]
  return gone.length > 0 ? [`cleared with the previous network: ${gone.join(', ')}`] : []
}
