/**
 * Why a datagram did not get through, in words: all that the page says of it comes from here. In the past tense: links heal
 * and nodes restart.
 */
import type { EventOf } from '../../shared/model/event.ts'
import type { Fate } from '../../shared/model/fault.ts'

/** How far on its way a datagram is drawn that its sender's gate did not let out, as a share. */
export const GATE_AT = 0.5

/** Names the end of a datagram: as the lab reported it, at its sender's gate, or refused by its receiver. */
export type LostWhy = EventOf<'lost'>['why'] | Fate | 'refused'

interface Loss {
  /** `to` is who should have got it. */
  reason(to: string): string
  /** In as few words as a stage has room for. */
  brief(to: string): string
  /** The reason is a sentence of its own. */
  readonly alone?: true
}

const hadEnded = (to: string) => `${to} had ended`
const wasEarly = (to: string) => `${to} was not up yet`

/** Its sender's gate did not let it out. */
const FATES: Readonly<Record<Fate, Loss>> = {
  cut: { reason: () => 'the link was cut', brief: () => 'the link was cut', alone: true },
  loss: { reason: () => 'lost on the link, by chance', brief: () => 'lost by chance', alone: true },
  dropped: { reason: () => 'dropped by hand', brief: () => 'dropped by hand', alone: true },
  'gate full': { reason: () => 'too many datagrams waited at the gate', brief: () => 'lost: no room' },
}

const LOSSES: Readonly<Record<LostWhy, Loss>> = {
  ...FATES,
  gone: { reason: hadEnded, brief: (to) => `lost: ${hadEnded(to)}` },
  early: { reason: wasEarly, brief: () => 'not up yet', alone: true },
  overflow: { reason: (to) => `the queue of ${to} was full`, brief: () => 'lost: no room' },
  unknown: { reason: () => 'cause unknown', brief: () => 'lost: cause unknown' },
  unreported: { reason: () => 'its arrival was not reported', brief: () => 'not reported', alone: true },
  refused: { reason: (to) => `it arrived, but ${to} did not take it`, brief: (to) => `${to} refuses it`, alone: true },
}

/** Returns the words that follow "lost". */
export const lossReason = (why: LostWhy, to: string): string => LOSSES[why].reason(to)

export const lossInWords = (why: LostWhy, to: string): string =>
  LOSSES[why].alone ? lossReason(why, to) : `lost: ${lossReason(why, to)}`

export const lossBriefly = (why: LostWhy, to: string): string => LOSSES[why].brief(to)

/**
 * Whether it is worth a cross. Nodes start one after the other and greet their neighbours at once: a greeting that comes
 * before its receiver listens is how every network begins, and where nobody can tell the end there may be no loss.
 */
export const isLoss = (why: LostWhy): boolean => why !== 'early' && why !== 'unreported'

export const isAtGate = (why: LostWhy): boolean => Object.hasOwn(FATES, why)
