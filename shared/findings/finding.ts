/** Defines a finding: a sentence about a fault of a program, with the events that show it. */

import type { MessageId } from '../model/content.ts'
import type { LabEvent } from '../model/event.ts'
import { visible } from '../text/visible.ts'
import { shorten } from '../text/words.ts'

/** A finding as a rule reports it. */
export interface Found {
  readonly kind: FindingKind
  /** The node that the finding is about; a neighbour after it if it takes two. */
  readonly nodes: readonly number[]
  /** Time of `event`, in ms of the lab. */
  readonly at: number
  /** Number of the event to look at. */
  readonly event: number
  /** Number of the `sent` event of a datagram that shows it. */
  readonly datagram?: number
  readonly message?: MessageId
  /** One plain sentence. */
  readonly words: string
  /** Says where the fault may be. */
  readonly lookAt: string
  /** Set when the lab infers it from outside, such as from a chat log. */
  readonly inferred?: true
}

export type FindingKind =
  | 'stored twice'
  | 'two texts'
  | 'order broken'
  | 'never acknowledged'
  | 'repeated'
  | 'silent'
  | 'lines as one'
  | 'not stored'
  | 'not spread'
  | 'TCP gone'
  | 'ended'

export interface Finding extends Found {
  /** Findings of one kind about the same nodes are one finding, which counts them and describes the first. */
  readonly times: number
  /** Number of the newest event when it was found, and the time then, in ms of the lab: later events do not matter. */
  readonly until: number
  readonly foundAt: number
  /** Number of the event that began its network; 0 when unknown. */
  readonly network: number
}

export type Report = (found: Found) => void

/** Judges a network from event to event. */
export interface Rule {
  /** Takes the next event, which the network has taken already. */
  take(event: LabEvent): void
  /** The time is `at`, in ms of the lab: finds what should have happened by now. */
  advance?(at: number): void
}

export const quotedText = (text: string): string => `“${visible(shorten(text))}”`
