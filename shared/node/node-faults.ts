import type { Behaviour, LinkCondition } from '../model/fault.ts'

/** The faults of one node. */
export interface NodeFaults {
  /** Condition of the link to a neighbour, by its UDP port; a missing one is healthy. */
  readonly to: Readonly<Record<number, LinkCondition>>
  /** Condition of the link from a neighbour. */
  readonly from: Readonly<Record<number, LinkCondition>>
  /** UDP ports of neighbours whose datagrams a gate of the lab has delayed, before they arrive; none if missing. */
  readonly alreadyDelayed?: readonly number[]
  readonly behaviours: readonly Behaviour[]
  /** Whether the timers of the protocol are paused. */
  readonly timersHeld: boolean
}

export const NO_FAULTS: NodeFaults = { to: {}, from: {}, behaviours: [], timersHeld: false }
