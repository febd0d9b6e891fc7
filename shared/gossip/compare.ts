/** Implements the comparison of rule 3: which messages the sender of a status lacks, and which it has more of. */
import type { MessageLog } from './log.ts'
import { generationOf, type Origin, portOf } from './origin.ts'
import type { Peer } from './peer.ts'
import type { Pair, Status } from './wire.ts'

/**
 * Returns the origins that a peer lacks messages of: those that its status names first, and the peer's own last. The
 * peer refuses messages that falsely claim to be its own, without an answer: sent first, such a forgery would use up
 * the window for ever.
 *
 * A partial status says nothing about origins that it does not name. A peer that was found to lack messages lacks them
 * until it says otherwise. Else a peer with more origins than fit a datagram would get only one window per round of
 * anti-entropy.
 */
export function lackedBy(
  peer: Peer,
  log: MessageLog,
  { pairs, partial }: Pick<Status, 'pairs' | 'partial'>,
): Set<Origin> {
  const lacked = new Set<Origin>()
  const consider = (origin: Origin, told: number) => {
    const low = peer.lowestNotSeen(origin)
    // A status that reports less than is known was overtaken on its way, and calls for nothing.
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

/**
 * Returns the origins that the sender of a status has more messages of. Leaves out the node itself, and messages that
 * could not be stored.
 */
export function wantedFrom(pairs: readonly Pair[], log: MessageLog, self: Origin): Origin[] {
  if (log.full) return []
  return pairs
    .filter(([origin, low]) => low > log.lowestNotSeen(origin) && !isMineFromNowOn(origin, self))
    .map(([origin]) => origin)
}

/** Returns whether an origin is this life of the node, or a life still to come. */
export const isMineFromNowOn = (origin: Origin, self: Origin): boolean =>
  portOf(origin) === portOf(self) && generationOf(origin) >= generationOf(self)
