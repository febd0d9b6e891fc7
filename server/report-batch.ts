/**
 * Reports on their way from a node to its supervisor. In a burst nearly all of them say that a message was stored, one
 * after the other of an origin from a neighbour. Such a run travels as columns: a quarter of the text to write and read.
 */
import type { NodeReport } from '../shared/event.ts'
import type { Origin } from '../shared/gossip/origin.ts'
import { toMicroseconds } from '../shared/microseconds.ts'

type Stored = Extract<NodeReport, { type: 'stored' }>

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
  /** Where the next report is: in the run of this number, counted from 1, or with 0 among the others. */
  readonly order: readonly number[]
}

export function packReports(reports: readonly NodeReport[]): ReportBatch {
  const runs: Run[] = []
  const others: NodeReport[] = []
  /** The newest run of each origin, by its number. */
  const newest = new Map<Origin, number>()
  const order = reports.map((report) => {
    if (report.type !== 'stored') {
      others.push(report)
      return 0
    }
    const { origin, from, seq, at, text } = report
    const number = newest.get(origin) ?? 0
    const run = runs[number - 1]
    if (run && run.from === from && run.seq + run.texts.length === seq) {
      run.texts.push(text)
      run.later.push(Math.round((at - run.at) * 1e3))
      return number
    }
    newest.set(origin, runs.push({ origin, from, seq, at, texts: [text], later: [0] }))
    return runs.length
  })
  return { runs, others, order }
}

/** The same reports in the same order, their times to the microsecond. */
export function unpackReports({ runs, others, order }: ReportBatch): NodeReport[] {
  const sources: Iterator<NodeReport>[] = [others.values(), ...runs.map(reportsIn)]
  return order.map((number) => {
    const next = sources[number]?.next()
    if (!next || next.done) throw new Error('a batch of reports says that there is more in it than there is')
    return next.value
  })
}

function* reportsIn({ origin, from, seq, at, texts, later }: Run): Generator<Stored> {
  for (const [index, text] of texts.entries()) {
    yield { type: 'stored', origin, seq: seq + index, text, from, at: toMicroseconds(at + (later[index] ?? 0) / 1e3) }
  }
}
