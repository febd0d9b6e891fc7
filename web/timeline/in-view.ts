/** Lists the content of the space-time diagram: datagrams and events of nodes, in order of time. Pure. */

import type { Mark, TracedDatagram } from '../../shared/model/trace.ts'
import type { Span } from '../model/time/span.ts'

export type Seen =
  | { readonly at: number; readonly datagram: TracedDatagram; readonly mark: null }
  | { readonly at: number; readonly datagram: null; readonly mark: Mark }

/** Maximum number of rows: the newest are listed. */
export const MOST_ROWS = 200

export interface InView {
  /** Oldest first. */
  readonly rows: readonly Seen[]
  readonly count: number
  /** Number of earlier rows that are left out. */
  readonly left: number
}

/** `longest` is the longest time in the air, in ms. */
export function inView(
  datagrams: readonly TracedDatagram[],
  marks: readonly Mark[],
  { from, to }: Span,
  longest: number,
): InView {
  const seen: Seen[] = marks
    .filter(({ at }) => at >= from && at <= to)
    .map((mark) => ({ at: mark.at, datagram: null, mark }))
  let count = 0
  for (let index = datagrams.length - 1; index >= 0; index -= 1) {
    const datagram = datagrams[index]
    if (!datagram || datagram.sentAt < from - longest - SLACK_MS) break
    if (datagram.sentAt > to || endOf(datagram) < from) continue
    count += 1
    seen.push({ at: datagram.sentAt, datagram, mark: null })
  }
  seen.sort((a, b) => a.at - b.at)
  return { rows: seen.slice(-MOST_ROWS), count, left: Math.max(0, seen.length - MOST_ROWS) }
}

/** Tolerance of a datagram's time beyond the delay of its link, in ms. */
const SLACK_MS = 100

const endOf = ({ receivedAt, lostAt, arrivesAt }: TracedDatagram) => receivedAt ?? lostAt ?? arrivesAt
