/** Vectors of the statuses that nodes hear: lowest-not-seen by origin. */
import type { Pair } from '../gossip/wire.ts'
import type { NodeState } from './lab-state.ts'

type Vector = NodeState['heard'][number]

/** Size of the cache, in origins of all its vectors together: some 6 MB. */
const MAX_REMEMBERED = 131_072

/**
 * Keyed by the list that a vector was made of: a status that several neighbours received, or that repeats, is one
 * object.
 */
const vectors = new Map<readonly Pair[], Vector>()
let remembered = 0

export function vectorOf(pairs: readonly Pair[]): Vector {
  const known = vectors.get(pairs)
  if (known) return known
  const vector = Object.fromEntries(pairs)
  vectors.set(pairs, vector)
  // An empty status counts too.
  remembered += pairs.length + 1
  for (const [oldest] of vectors) {
    if (remembered <= MAX_REMEMBERED) break
    vectors.delete(oldest)
    remembered -= oldest.length + 1
  }
  return vector
}
