/** Rule 3: what a status shows that its sender lacks, and what it has more of. */
import type { MessageLog } from './log.ts'
import { generationOf, type Origin, portOf } from './origin.ts'
import type { Peer } from './peer.ts'
import type { Pair, Status } from './wire.ts'

/**
 * Origins that a peer lacks messages of, those that its status names first; but its own last. It refuses those that
 * claim to be its own and are not, without an answer: sent first, a forged one would use up the window for ever.
 *
 * A part of a status tells nothing of what it does not name. What the peer was found to lack before it lacks until it
 * says otherwise: else one with more origins than fit a datagram would be sent a window a round of anti-entropy.
 */
export function lackedBy(
  peer: Peer,
  log: MessageLog,
  { pairs, partial }: Pick<Status, 'pairs' | 'partial'>,
): Set<Origin> {
  const lacked = new Set<Origin>()
  const consider = (origin: Origin, told: number) => {
    const low = peer.lowestNotSeen(origin)
    // A status that tells less than is known was overtaken on its way, and calls for nothing.
    if (low <= told && low < log.lowestNotSeen(origin)) lacked.add(origin)
  }
  const told = new Map(pairs)
  for (const [origin, low] of pairs) consider(origin, low)
  for (const origin of partial ? peer.lacked : log.origins())
    if (!told.has(origin)) consider(origin, partial ? Number.POSITIVE_INFINITY : 0)
  for (const origin of [...lacked].filter((one) => portOf(one) === peer.port)) {
    lacked.delete(origin)
    lacked.add(origin)
  }
  peer.lacked = lacked
  return lacked
}

/** Origins that the sender of a status has more of. Never more of myself, and nothing that could not be stored. */
export function wantedFrom(pairs: readonly Pair[], log: MessageLog, self: Origin): Origin[] {
  if (log.full) return []
  return pairs
    .filter(([origin, low]) => low > log.lowestNotSeen(origin) && !isMineFromNowOn(origin, self))
    .map(([origin]) => origin)
}

/** Whether an origin is this life of mine, or one that is still to come. */
export const isMineFromNowOn = (origin: Origin, self: Origin): boolean =>
  portOf(origin) === portOf(self) && generationOf(origin) >= generationOf(self)
