/** Estimates the memory of a batch of reports, for code that bounds how many wait. */
import { memoryOf } from '../model/event-memory.ts'
import type { ReportBatch } from '../node/report-batch.ts'

/** Size of a message in a run of a batch without its text, in bytes. */
const BYTES_OF_RUN_ENTRY = 40

/** Returns an estimate of the memory of a batch as it comes from a node, in bytes. */
export function memoryOfBatch({ runs, others }: ReportBatch): number {
  let bytes = 0
  for (const { texts } of runs) for (const text of texts) bytes += BYTES_OF_RUN_ENTRY + text.length
  for (const report of others) bytes += memoryOf(report)
  return bytes
}
