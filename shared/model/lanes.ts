/** Computes when each node was alive, for the lanes of the space-time diagram. */
import type { NodeState } from './lab-state.ts'
import type { Mark } from './trace.ts'

export interface Life {
  /** In ms of the lab; -Infinity and Infinity for an unknown beginning or end. */
  readonly from: number
  readonly to: number
}

export function livesOf(node: Pick<NodeState, 'id' | 'status'>, marks: readonly Mark[]): Life[] {
  const lives: Life[] = []
  let from: number | null = null
  let first = true
  for (const { node: id, kind, at } of marks) {
    if (id !== node.id || (kind !== 'ended' && kind !== 'running')) continue
    if (kind === 'running') from ??= at
    else if (from !== null || first) {
      lives.push({ from: from ?? Number.NEGATIVE_INFINITY, to: at })
      from = null
    }
    first = false
  }
  if (first && node.status === 'running') from = Number.NEGATIVE_INFINITY
  if (from !== null) lives.push({ from, to: Number.POSITIVE_INFINITY })
  return lives
}
