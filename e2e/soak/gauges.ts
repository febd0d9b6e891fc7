/** What grows where something leaks, looked at again and again. */
import { readdirSync, readFileSync } from 'node:fs'
import { heapMegabytes } from '../support/heap.ts'
import { nodeProcesses, type Subject } from './subject.ts'

export interface Sample {
  /** In minutes since the run began. */
  readonly at: number
  readonly supervisorMB: number
  readonly supervisorFiles: number
  /** The largest of the nodes. */
  readonly nodeMB: number
  readonly pageMB: number
}

type Gauge = Exclude<keyof Sample, 'at'>

/** What each may come to at most: far above what it is, far below what a leak would make of it. */
const LIMITS: Readonly<Record<Gauge, number>> = { supervisorMB: 700, supervisorFiles: 400, nodeMB: 200, pageMB: 250 }

export async function sample({ lab, page }: Subject, at: number): Promise<Sample> {
  return {
    at,
    supervisorMB: residentMegabytes(lab.pid),
    supervisorFiles: openFiles(lab.pid),
    nodeMB: Math.max(0, ...nodeProcesses(lab.rootId).map(residentMegabytes)),
    pageMB: await heapMegabytes(page.page),
  }
}

/** What has grown beyond its limit. */
export function beyondLimit(taken: Sample): string | undefined {
  const found = (Object.keys(LIMITS) as Gauge[]).find((gauge) => taken[gauge] > LIMITS[gauge])
  return found && `${found} is ${Math.round(taken[found])}, and ${LIMITS[found]} is the limit`
}

/** The slope of a gauge by least squares, a minute, over the second half: the first is warming up. */
export function slope(samples: readonly Sample[], gauge: Gauge): number {
  const half = samples.slice(Math.floor(samples.length / 2))
  const [meanAt, mean] = [average(half.map(({ at }) => at)), average(half.map((taken) => taken[gauge]))]
  const over = half.reduce((sum, taken) => sum + (taken.at - meanAt) * (taken[gauge] - mean), 0)
  const under = half.reduce((sum, { at }) => sum + (at - meanAt) ** 2, 0)
  return under === 0 ? 0 : over / under
}

const average = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

/** 0 where the system does not tell. */
function residentMegabytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_000
  } catch {
    return 0
  }
}

function openFiles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length
  } catch {
    return 0
  }
}
