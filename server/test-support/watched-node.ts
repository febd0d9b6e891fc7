import { onTestFinished } from 'vitest'
import { DEFAULTS, type Settings } from '../../shared/gossip/settings.ts'
import type { NodeHandle, NodeStart } from '../../shared/lab/node-host.ts'
import type { End, NodeReport } from '../../shared/model/event.ts'
import { NO_FAULTS } from '../../shared/node/node-faults.ts'
import type { HostBench } from './hosts.ts'

/** Short, so that a test can wait for a repair by anti-entropy. */
export const IMPATIENT: Settings = { ...DEFAULTS, ackTimeoutMs: 100, antiEntropyMs: 200 }

type ReportOf<Type extends NodeReport['type']> = Extract<NodeReport, { type: Type }>

export interface WatchedNode {
  readonly id: number
  readonly handle: NodeHandle
  /** By the clock of the lab's machine, in order of arrival. */
  readonly reports: readonly NodeReport[]
  /** All arguments of `onEnd`. */
  readonly ends: readonly End[]
  /** Number of reports that came after the end. */
  readonly late: () => number
  /** Resolves with the first matching report of a type, also an earlier one. */
  report<Type extends NodeReport['type']>(
    type: Type,
    fits?: (report: ReportOf<Type>) => boolean,
  ): Promise<ReportOf<Type>>
}

/** Starts a node of a network of two, and watches it. The reader of its reports never calls `done`. */
export function startNode(
  { host, ports, during }: HostBench,
  id: number,
  changes: Partial<NodeStart> = {},
): WatchedNode {
  const reports: NodeReport[] = []
  const ends: End[] = []
  const lookers = new Set<() => void>()
  let late = 0
  const start: NodeStart = {
    id,
    n: 2,
    rootId: ports.udp,
    tcp: [ports.tcp + id],
    generation: 0,
    seed: 1 + id,
    neighbours: [ports.udp + 1 - id],
    settings: IMPATIENT,
    linkDelayMs: 0,
    faults: NO_FAULTS,
    ...changes,
  }
  const handle = host.start(start, {
    onReports(batch, { offsetMs }) {
      reports.push(...batch.map((report) => ({ ...report, at: report.at + offsetMs })))
      if (ends.length > 0) late += batch.length
      for (const look of [...lookers]) look()
    },
    onAnswering() {},
    onOutput() {},
    onTrouble() {},
    onEnd: (end) => ends.push(end),
  })
  onTestFinished(async () => {
    await handle.stop()
  })
  return {
    id,
    handle,
    reports,
    ends,
    late: () => late,
    report<Type extends NodeReport['type']>(type: Type, fits: (report: ReportOf<Type>) => boolean = () => true) {
      const isIt = (report: NodeReport): report is ReportOf<Type> =>
        report.type === type && fits(report as ReportOf<Type>)
      return during(
        new Promise<ReportOf<Type>>((resolve) => {
          const look = () => {
            const found = reports.find(isIt)
            if (!found) return
            lookers.delete(look)
            resolve(found)
          }
          lookers.add(look)
          look()
        }),
      )
    },
  }
}
