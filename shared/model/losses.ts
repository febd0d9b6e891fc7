/**
 * Returns why a datagram did not arrive, in words: the only source for the page. In the past tense: links heal and
 * nodes restart.
 */
import type { EventOf } from './event.ts'
import type { Fate } from './fault.ts'

/** Position at which a datagram is drawn that did not pass its sender's gate, as a share of its path. */
export const GATE_AT = 0.5

/** Names the end of a datagram: as the lab reported it, at its sender's gate, or rejected by its receiver. */
export type LostWhy = EventOf<'lost'>['why'] | Fate | 'refused'

interface Loss {
  /** `to` is the intended receiver. */
  reason(to: string): string
  /** In as few words as the stage has room for. */
  brief(to: string): string
  /** Whether the reason is a sentence of its own. */
  readonly alone?: true
}

const hadEnded = (to: string) => `${to} had ended`
const wasEarly = (to: string) => `${to} was not up yet`

/** It did not pass its sender's gate. */
const FATES: Readonly<Record<Fate, Loss>> = {
  cut: { reason: () => 'the link was cut', brief: () => 'the link was cut', alone: true },
  loss: { reason: () => 'lost on the link, by chance', brief: () => 'lost by chance', alone: true },
  dropped: { reason: () => 'dropped by hand', brief: () => 'dropped by hand', alone: true },
  'gate full': { reason: () => 'too many datagrams were held at the gate', brief: () => 'lost: no room' },
}

const LOSSES: Readonly<Record<LostWhy, Loss>> = {
  ...FATES,
  gone: { reason: hadEnded, brief: (to) => `lost: ${hadEnded(to)}` },
  early: { reason: wasEarly, brief: () => 'not up yet', alone: true },
  overflow: { reason: (to) => `the queue of ${to} was full`, brief: () => 'lost: no room' },
  unknown: { reason: () => 'cause unknown', brief: () => 'lost: cause unknown' },
  unreported: { reason: () => 'its arrival was not reported', brief: () => 'not reported', alone: true },
  refused: { reason: (to) => `it arrived, but ${to} rejected it`, brief: (to) => `${to} rejected it`, alone: true },
}

/** Returns the words that follow "lost". */
export const lossReason = (why: LostWhy, to: string): string => LOSSES[why].reason(to)

export const lossInWords = (why: LostWhy, to: string): string =>
  LOSSES[why].alone ? lossReason(why, to) : `lost: ${lossReason(why, to)}`

export const lossBriefly = (why: LostWhy, to: string): string => LOSSES[why].brief(to)

/**
 * Returns whether it deserves a cross. Nodes start one after the other and greet their neighbours at once, so a
 * greeting that comes before its receiver listens occurs in every new network; and an unknown end may be no loss.
 */
export const isLoss = (why: LostWhy): boolean => why !== 'early' && why !== 'unreported'

const isAtGate = (why: LostWhy): boolean => Object.hasOwn(FATES, why)

/** Distance that a datagram towards a missing node is drawn to fly, as a share of its path. */
export const LOST_AT = 0.86

/** Returns the share of its path after which a lost datagram is drawn to end. */
export const lossPlace = ({ lostWhy }: { readonly lostWhy: LostWhy | null }): number =>
  lostWhy !== null && isAtGate(lostWhy) ? GATE_AT : LOST_AT
