/**
 * Reports on their way from a node to its supervisor. In a burst nearly all of them say that a message was stored, one
 * after the other of an origin from a neighbour. Such a run travels as columns: a quarter of the text to write and read.
 */
import type { NodeFact, NodeReport } from '../shared/event.ts'
import type { Origin } from '../shared/gossip/origin.ts'
import { toMicroseconds } from '../shared/microseconds.ts'

type Stored = Extract<NodeFact, { type: 'stored' }>

/** Messages of one origin, with consecutive sequence numbers, from one neighbour. */
interface Run extends Pick<Stored, 'origin' | 'from'> {
  /** Of the first message. */
  readonly seq: number
  readonly at: number
  readonly texts: string[]
  /** How long after the first message each was stored, in microseconds. */
  readonly later: number[]
}

export interface ReportBatch {
  readonly runs: readonly Run[]
  readonly others: readonly NodeReport[]
}

/** Collects reports until they leave. */
export class ReportCollector {
  #runs: Run[] = []
  #others: NodeReport[] = []
  #size = 0
  /** The newest run of each origin. */
  readonly #newest = new Map<Origin, Run>()

  get size(): number {
    return this.#size
  }

  /** The fact becomes the report, unless it is put in columns. */
  add(fact: NodeFact, at: number) {
    this.#size += 1
    if (fact.type === 'stored') this.#addStored(fact, at)
    else this.#others.push(Object.assign(fact, { at }))
  }

  /** All of them; none are left. */
  take(): ReportBatch {
    const batch = { runs: this.#runs, others: this.#others }
    this.#runs = []
    this.#others = []
    this.#size = 0
    this.#newest.clear()
    return batch
  }

  #addStored({ origin, from, seq, text }: Stored, at: number) {
    const newest = this.#newest.get(origin)
    if (newest && newest.from === from && newest.seq + newest.texts.length === seq) {
      newest.texts.push(text)
      newest.later.push(Math.round((at - newest.at) * 1e3))
      return
    }
    const run = { origin, from, seq, at, texts: [text], later: [0] }
    this.#runs.push(run)
    this.#newest.set(origin, run)
  }
}

/** How many reports are in a batch. */
export const sizeOf = ({ runs, others }: ReportBatch): number =>
  runs.reduce((sum, { texts }) => sum + texts.length, others.length)

/**
 * The reports, to be put in order by their times, which are to the microsecond: a sort that leaves equals as they are
 * finds what happened in one step in its order, a stored message before everything that came of it.
 */
export function unpackReports({ runs, others }: ReportBatch): NodeReport[] {
  return [...runs.flatMap(reportsIn), ...others]
}

const reportsIn = ({ origin, from, seq, at, texts, later }: Run): NodeReport[] =>
  texts.map((text, index) => ({
    at: toMicroseconds(at + (later[index] ?? 0) / 1e3),
    type: 'stored',
    origin,
    seq: seq + index,
    text,
    from,
  }))
