/**
 * Collects reports on their way from a node to its supervisor. In a burst nearly all of them say that a message was
 * stored, one after the other of an origin from a neighbour. Such a run travels as columns: a quarter of the text to
 * write and read.
 */

import type { Origin } from '../gossip/origin.ts'
import type { NodeFact, NodeReport } from '../model/event.ts'
import { toMicroseconds } from '../model/microseconds.ts'

/** The same while there are so many that details are sampled: each batch wakes the supervisor, on the same cores. */
export const REPORT_IN_BURST_EVERY_MS = 100

type Stored = Extract<NodeFact, { type: 'stored' }>

/** Messages of one origin, with consecutive sequence numbers, from one neighbour. */
interface Run extends Pick<Stored, 'origin' | 'from'> {
  /** Time of the first message. */
  readonly seq: number
  readonly at: number
  readonly texts: string[]
  /** Only in a run of one message. */
  readonly wire?: string
  /** Time from the first message to each of them, in microseconds. */
  readonly later: number[]
}

export interface ReportBatch {
  readonly runs: readonly Run[]
  readonly others: readonly NodeReport[]
}

/** Characters of a text, and origins in a status, that count as one more report, so that batches are bounded in bytes too. */
const CHARS_A_REPORT = 1_024
const PAIRS_A_REPORT = 64

function weightOf(fact: NodeFact): number {
  if (fact.type === 'stored') return 1 + Math.floor(fact.text.length / CHARS_A_REPORT)
  const content = fact.type === 'sent' || fact.type === 'held' || fact.type === 'received' ? fact.content : undefined
  return content?.kind === 'status' ? 1 + Math.floor(content.pairs.length / PAIRS_A_REPORT) : 1
}

/** Collects reports until the reporter sends them. */
export class ReportCollector {
  #runs: Run[] = []
  #others: NodeReport[] = []
  #size = 0
  /** By origin: its newest run. */
  readonly #newest = new Map<Origin, Run>()

  /** Number of reports; a long text or status counts as several. */
  get size(): number {
    return this.#size
  }

  /** Adds a fact. Takes ownership: the fact object becomes the report, unless it goes into columns. */
  add(fact: NodeFact, at: number) {
    this.#size += weightOf(fact)
    if (fact.type === 'stored') this.#addStored(fact, at)
    else this.#others.push(Object.assign(fact, { at }))
  }

  /** Returns and clears all reports. */
  take(): ReportBatch {
    const batch = { runs: this.#runs, others: this.#others }
    this.#runs = []
    this.#others = []
    this.#size = 0
    this.#newest.clear()
    return batch
  }

  #addStored({ origin, from, seq, text, wire }: Stored, at: number) {
    const newest = wire === undefined ? this.#newest.get(origin) : undefined
    if (newest && newest.wire === undefined && newest.from === from && newest.seq + newest.texts.length === seq) {
      newest.texts.push(text)
      newest.later.push(Math.round((at - newest.at) * 1e3))
      return
    }
    const run = { origin, from, seq, at, texts: [text], later: [0], ...(wire === undefined ? {} : { wire }) }
    this.#runs.push(run)
    this.#newest.set(origin, run)
  }
}

/** Returns the number of reports in a batch. */
export const sizeOf = ({ runs, others }: ReportBatch): number =>
  runs.reduce((sum, { texts }) => sum + texts.length, others.length)

/**
 * Returns the reports, to be ordered by their times, which are to the microsecond. Reports of one microsecond stay in
 * the order of cause and effect: the datagram or line that a message came in, the message, the datagrams that forward
 * it.
 */
export function unpackReports({ runs, others }: ReportBatch): NodeReport[] {
  const causes: NodeReport[] = []
  const effects: NodeReport[] = []
  for (const report of others) (report.type === 'sent' || report.type === 'held' ? effects : causes).push(report)
  return [...causes, ...runs.flatMap(reportsIn), ...effects]
}

const reportsIn = ({ origin, from, seq, at, texts, later, wire }: Run): NodeReport[] =>
  texts.map((text, index) => ({
    at: toMicroseconds(at + (later[index] ?? 0) / 1e3),
    type: 'stored',
    origin,
    seq: seq + index,
    text,
    ...(wire === undefined ? {} : { wire }),
    from,
  }))
