/** The part of a running node that an observer of its datagrams knows, from which another one goes on. */
import type { Arrival } from './log.ts'
import type { Origin } from './origin.ts'
import type { Status } from './wire.ts'

/** Times are in ms. What it leaves out begins anew: round trips, the repeats of rumors that were lost, chance. */
export interface Memory {
  /** In order of their numbers, by origin; those that are kept back are beyond a gap. */
  readonly messages: readonly Arrival[]
  /** The last status from each neighbour in its present life. */
  readonly heard: readonly Status[]
  /** Rumors on their way to neighbours, in order of sending. */
  readonly unacked: readonly Sent[]
  /** Rumors that it has not acknowledged yet. */
  readonly owed: readonly { readonly port: number; readonly origin: Origin }[]
  /** When its next round of anti-entropy is due; null if nobody knows. */
  readonly antiEntropyAt: number | null
}

interface Sent {
  readonly port: number
  readonly origin: Origin
  readonly seq: number
  readonly sentAt: number
}
