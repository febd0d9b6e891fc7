/** The part of a running node that an observer of its datagrams knows, from which another one goes on. */
import type { Arrival } from './log.ts'
import type { Origin } from './origin.ts'
import type { Status } from './wire.ts'

/** Times are in ms. Round trips, repeats of lost rumors, and chance are left out, and begin anew. */
export interface Memory {
  /** In order of their numbers, by origin; those that are kept back are beyond a gap. */
  readonly messages: readonly Arrival[]
  /** The last status from each neighbour in its present life. */
  readonly heard: readonly Status[]
  /** Rumors on their way to neighbours, in order of sending. */
  readonly unacked: readonly Sent[]
  /** Rumors that it has not acknowledged yet. */
  readonly owed: readonly { readonly port: number; readonly origin: Origin }[]
  /** Time of its next round of anti-entropy; null if nobody knows it. */
  readonly antiEntropyAt: number | null
}

interface Sent {
  readonly port: number
  readonly origin: Origin
  readonly seq: number
  readonly sentAt: number
}
