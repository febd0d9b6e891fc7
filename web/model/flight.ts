/** Computes the position of a datagram: a pure function of time, so that any instant can be drawn. */

import { lossPlace } from '../../shared/model/losses.ts'
import type { TracedDatagram } from '../../shared/model/trace.ts'

/** Duration of arrivals and losses on screen, as a multiple of the live one; shorter in slow motion. */
export interface Glow {
  readonly arrivals: number
  readonly losses: number
}

/** Duration of an arrival or a loss on screen, in ms. */
export const AFTERGLOW_MS = 450
export const LOSS_SHOWN_MS = 1_600
const LIVE_GLOW: Glow = { arrivals: 1, losses: 1 }
export type Flight =
  | { readonly phase: 'flying'; readonly progress: number }
  /** `age` goes from 0 to 1. */
  | { readonly phase: 'arrived'; readonly age: number }
  | { readonly phase: 'lost'; readonly age: number }

type Timing = Pick<TracedDatagram, 'sentAt' | 'arrivesAt' | 'receivedAt' | 'lostAt' | 'lostWhy'>

/** Null when it is invisible at `now`, in ms of the lab. Glows are shorter in slow motion. */
export function flightAt(datagram: Timing, now: number, glow: Glow = LIVE_GLOW): Flight | null {
  const { sentAt, receivedAt, lostAt } = datagram
  if (now < sentAt) return null
  if (lostAt !== null && now >= lossShownAt(datagram)) {
    const age = (now - lossShownAt(datagram)) / (LOSS_SHOWN_MS * glow.losses)
    return age < 1 ? { phase: 'lost', age } : null
  }
  if (receivedAt !== null && now >= receivedAt) {
    if (glow.arrivals === 0) return null
    const age = (now - receivedAt) / (AFTERGLOW_MS * glow.arrivals)
    return age < 1 ? { phase: 'arrived', age } : null
  }
  return { phase: 'flying', progress: progressAt(datagram, now) }
}

/**
 * (now - sent) / (arrives - sent); an overdue datagram waits at its receiver. The reported arrival takes precedence
 * over the expected one: without a delay the two ends are only the operating system's time apart.
 */
export function progressAt({ sentAt, arrivesAt, receivedAt }: Omit<Timing, 'lostAt' | 'lostWhy'>, now: number): number {
  const ends = receivedAt ?? arrivesAt
  if (now >= ends) return 1
  return Math.max(0, (now - sentAt) / (ends - sentAt))
}

/**
 * A loss may be reported late, or early if nobody listens. It is shown at its own time and place: until then the
 * datagram flies.
 */
export const lossShownAt = (datagram: Pick<Timing, 'sentAt' | 'arrivesAt' | 'lostWhy'>): number =>
  datagram.sentAt + (datagram.arrivesAt - datagram.sentAt) * lossPlace(datagram)
