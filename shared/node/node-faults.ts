import type { Behaviour, LinkCondition } from '../model/fault.ts'

/** The faults that concern one node. */
export interface NodeFaults {
  /** The way to a neighbour, by its UDP port; one that is not named is as it should be. */
  readonly to: Readonly<Record<number, LinkCondition>>
  /** The way from a neighbour. */
  readonly from: Readonly<Record<number, LinkCondition>>
  readonly behaviours: readonly Behaviour[]
  /** The timers of the protocol stand still. */
  readonly timersHeld: boolean
}

export const NO_FAULTS: NodeFaults = { to: {}, from: {}, behaviours: [], timersHeld: false }
