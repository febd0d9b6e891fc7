/** Measures the gauges that grow with a leak. */

import { readdirSync, readFileSync } from 'node:fs'
import { MAX_PAST_EVENTS } from '../../shared/model/past-bounds.ts'
import { heapMegabytes } from '../support/heap.ts'
import { nodeProcesses, type Subject } from './subject.ts'

export interface Gauges {
  readonly supervisorMB: number
  readonly supervisorFiles: number
  /** The largest of the nodes. */
  readonly nodeMB: number
  /** Heap of the page that stays open from beginning to end. */
  readonly pageMB: number
}

export interface Sample extends Gauges {
  /** In minutes since the run began. */
  readonly at: number
  /** Index of the lab among those that replaced each other. */
  readonly lab: number
  /** Number of events of that lab so far. */
  readonly events: number
  /** Number of node processes. */
  readonly processes: number
}

type Gauge = keyof Gauges

/** Limits of each gauge: far above its usual value, far below a leak's. */
const LIMITS: Gauges = { supervisorMB: 700, supervisorFiles: 400, nodeMB: 200, pageMB: 250 }
/** Maximum growth of each a minute when all bounded memory is full: more than the noise of the measurement. */
const MAY_GROW: Gauges = { supervisorMB: 5, supervisorFiles: 1, nodeMB: 2, pageMB: 3 }
/** Minimum time to distinguish growth from chance, in minutes: descriptors come and go with nodes and requests. */
const LONG_ENOUGH = 20

export async function sample({ lab, onlooker, labs }: Subject, at: number, events: number): Promise<Sample> {
  const nodes = nodeProcesses(lab.rootId)
  return {
    at,
    lab: labs,
    events,
    processes: nodes.length,
    supervisorMB: residentMegabytes(lab.pid),
    supervisorFiles: openFiles(lab.pid),
    nodeMB: Math.max(0, ...nodes.map(residentMegabytes)),
    pageMB: await heapMegabytes(onlooker.page),
  }
}

/** Returns the gauges beyond their limits. */
export function beyondLimit(taken: Sample): string | undefined {
  const found = (Object.keys(LIMITS) as Gauge[]).find((gauge) => taken[gauge] > LIMITS[gauge])
  return found && `${found} is ${Math.round(taken[found])}, and ${LIMITS[found]} is the limit`
}

/** Returns the gauges that keep growing after the newest lab's event log, and with it the page's, is full. */
export function leak(samples: readonly Sample[]): string | undefined {
  const lab = samples.at(-1)?.lab
  const full = samples.filter((taken) => taken.lab === lab && taken.events > MAX_PAST_EVENTS)
  if ((full.at(-1)?.at ?? 0) - (full[0]?.at ?? 0) < LONG_ENOUGH) return undefined
  const found = (Object.keys(MAY_GROW) as Gauge[]).find((gauge) => slope(full, gauge) > MAY_GROW[gauge])
  return found && `${found} grows by ${slope(full, found).toFixed(1)} a minute, and all that is kept is full`
}

/** Returns the growth of a gauge per minute, by least squares. */
function slope(samples: readonly Sample[], gauge: Gauge): number {
  const [meanAt, mean] = [average(samples.map(({ at }) => at)), average(samples.map((taken) => taken[gauge]))]
  const over = samples.reduce((sum, taken) => sum + (taken.at - meanAt) * (taken[gauge] - mean), 0)
  const under = samples.reduce((sum, { at }) => sum + (at - meanAt) ** 2, 0)
  return under === 0 ? 0 : over / under
}

const average = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

/** Returns the resident memory of a process; 0 if the system does not report it. */
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
