/** Defines the abilities that nodes of other hosts may lack: the lab refuses them, and the page offers them to nobody. */
import { BEHAVIOURS, HEALTHY, type LinkCondition } from './fault.ts'
import { TOPOLOGIES } from './topology.ts'

/** The faults of a link, and `hold`. */
export const LINK_ABILITIES = Object.keys(HEALTHY) as (keyof LinkCondition)[]

/** `settings`: those of the protocol. `timers`: pausing those of the protocol. A topology: being in such a network. */
export const ABILITIES = [...LINK_ABILITIES, ...BEHAVIOURS, ...TOPOLOGIES, 'timers', 'settings', 'key'] as const
export type Ability = (typeof ABILITIES)[number]

/** The abilities that a node lacks. `why` is the end of a sentence. */
export interface Lacks {
  readonly abilities: readonly Ability[]
  readonly why?: string
  /** Way to have more of them: a command, or what to do. */
  readonly remedy?: string
}
