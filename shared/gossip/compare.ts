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
): readonly Origin[] {
  const lacked: Origin[] = []
  const consider = (origin: Origin, told: number) => {
    const low = peer.lowestNotSeen(origin)
    // A status that reports less than is known was overtaken on its way, and calls for nothing.
    if (low <= told && low < log.lowestNotSeen(origin)) lacked.push(origin)
  }
  for (const [origin, low] of pairs) consider(origin, low)
  // Most statuses leave nothing to consider, so this set is rarely needed.
  let named: Set<Origin> | undefined
  for (const origin of partial ? peer.lacked : log.origins()) {
    if (peer.lowestNotSeen(origin) >= log.lowestNotSeen(origin)) continue
    named ??= new Set(pairs.map(([one]) => one))
    if (!named.has(origin)) consider(origin, partial ? Number.POSITIVE_INFINITY : 0)
  }
  const own = lacked.filter((one) => portOf(one) === peer.port)
  peer.lacked = own.length > 0 ? [...lacked.filter((one) => portOf(one) !== peer.port), ...own] : lacked
  return peer.lacked
}

/**
 * Returns the origins that the sender of a status has more messages of. Leaves out the node itself, and messages that
 * could not be stored.
 */
export function wantedFrom(pairs: readonly Pair[], log: MessageLog, self: Origin): Origin[] {
  if (log.full) return []
  const wanted: Origin[] = []
  for (const [origin, low] of pairs)
    if (low > log.lowestNotSeen(origin) && !isMineFromNowOn(origin, self)) wanted.push(origin)
  return wanted
}

/** Returns whether an origin is this life of the node, or a life still to come. */
export const isMineFromNowOn = (origin: Origin, self: Origin): boolean =>
  portOf(origin) === portOf(self) && generationOf(origin) >= generationOf(self)
