import type { NodeReport } from '../model/event.ts'
import { type ReportBatch, ReportCollector } from './report-batch.ts'

/** Reports in the form in which a node hands them over. */
export function batchOf(reports: readonly NodeReport[]): ReportBatch {
  const collector = new ReportCollector()
  for (const { at, ...fact } of reports) collector.add(fact, at)
  return collector.take()
}
