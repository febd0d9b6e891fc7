/** Lists what the space-time diagram shows: datagrams and what happened at nodes, in order of time. Pure. */

import type { Span } from '../model/time/span.ts'
import type { Mark, TracedArrow } from '../model/trace.ts'

export type Seen =
  | { readonly at: number; readonly arrow: TracedArrow; readonly mark: null }
  | { readonly at: number; readonly arrow: null; readonly mark: Mark }

/** Nobody reads more rows: the newest are listed. */
export const MOST_ROWS = 200

export interface InView {
  /** The oldest first. */
  readonly rows: readonly Seen[]
  readonly datagrams: number
  /** There are so many more before these. */
  readonly left: number
}

/** `longest` is the longest time in the air, in ms. */
export function inView(
  arrows: readonly TracedArrow[],
  marks: readonly Mark[],
  { from, to }: Span,
  longest: number,
): InView {
  const seen: Seen[] = marks
    .filter(({ at }) => at >= from && at <= to)
    .map((mark) => ({ at: mark.at, arrow: null, mark }))
  let datagrams = 0
  for (let index = arrows.length - 1; index >= 0; index -= 1) {
    const arrow = arrows[index]
    if (!arrow || arrow.sentAt < from - longest - SLACK_MS) break
    if (arrow.sentAt > to || endOf(arrow) < from) continue
    datagrams += 1
    seen.push({ at: arrow.sentAt, arrow, mark: null })
  }
  seen.sort((a, b) => a.at - b.at)
  return { rows: seen.slice(-MOST_ROWS), datagrams, left: Math.max(0, seen.length - MOST_ROWS) }
}

/** A datagram may take a little longer than its link says, in ms. */
const SLACK_MS = 100

const endOf = ({ receivedAt, lostAt, arrivesAt }: TracedArrow) => receivedAt ?? lostAt ?? arrivesAt
