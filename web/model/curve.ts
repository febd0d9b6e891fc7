/** Computes the number of nodes that a message has reached, over the time since its birth. */
import type { MessageState } from '../../shared/model/lab-state.ts'

export interface Point {
  /** In ms since the lab first saw the message. */
  readonly ms: number
  readonly nodes: number
}

/** One step for each node, in order of time; nodes that have ended since count too. */
export function curveOf({ at, copies }: Pick<MessageState, 'at' | 'copies'>): Point[] {
  const times = Object.values(copies).map((copy) => copy.at - at)
  return times.sort((a, b) => a - b).map((ms, index) => ({ ms, nodes: index + 1 }))
}

/** Returns how many nodes it had reached by then. */
export const reachedBy = (steps: readonly Point[], ms: number): number =>
  steps.findLast((step) => step.ms <= ms)?.nodes ?? 0
