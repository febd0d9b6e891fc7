/** Where a datagram is: a pure function of time, so that any instant can be drawn. */

import { GATE_AT, isAtGate } from './losses.ts'
import type { TracedDatagram } from './trace.ts'

/** How long arrivals and losses stay to be seen, as a multiple of what they do live. In slow motion, all the shorter. */
export interface Glow {
  readonly arrivals: number
  readonly losses: number
}

/** How long an arrival or a loss stays to be seen, in ms. */
export const AFTERGLOW_MS = 450
export const LOSS_SHOWN_MS = 1_600
const LIVE_GLOW: Glow = { arrivals: 1, losses: 1 }
/** How far towards a node that is not there a datagram gets to be drawn, as a share of its way. */
export const LOST_AT = 0.86

export const lossPlace = ({ lostWhy }: Pick<TracedDatagram, 'lostWhy'>): number =>
  lostWhy !== null && isAtGate(lostWhy) ? GATE_AT : LOST_AT

export type Flight =
  | { readonly phase: 'flying'; readonly progress: number }
  /** `age` goes from 0 to 1. */
  | { readonly phase: 'arrived'; readonly age: number }
  | { readonly phase: 'lost'; readonly age: number }

type Timing = Pick<TracedDatagram, 'sentAt' | 'arrivesAt' | 'receivedAt' | 'lostAt' | 'lostWhy'>

/** Null when there is nothing to see of it at `now`, in ms of the lab. In slow motion what glows does so all the shorter. */
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
 * (now - sent) / (arrives - sent); what is overdue waits at its receiver. When it was received is known better than
 * when it should have been: without a delay the two ends are what the operating system takes apart.
 */
export function progressAt({ sentAt, arrivesAt, receivedAt }: Omit<Timing, 'lostAt' | 'lostWhy'>, now: number): number {
  const ends = receivedAt ?? arrivesAt
  if (now >= ends) return 1
  return Math.max(0, (now - sentAt) / (ends - sentAt))
}

/**
 * A loss is noticed late, or early where it was known that nobody listens. It is shown where and when it comes about:
 * until then the datagram flies.
 */
export const lossShownAt = (datagram: Pick<Timing, 'sentAt' | 'arrivesAt' | 'lostWhy'>): number =>
  datagram.sentAt + (datagram.arrivesAt - datagram.sentAt) * lossPlace(datagram)
