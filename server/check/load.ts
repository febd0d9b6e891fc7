/** Measures how busy the machine is: a run whose timers came late says nothing about its program. */
import { cpus } from 'node:os'
import { now } from '../platform/clock.ts'

/** Interval of the probe, in ms. */
const PROBE_EVERY_MS = 50

/** The machine during a run. */
export interface Load {
  /** Busy share of all processors, 0 to 1. */
  readonly busy: number
  /** The latest timer, in ms. */
  readonly lateMs: number
}

export class LoadMeter {
  readonly #timer: NodeJS.Timeout
  #due = now() + PROBE_EVERY_MS
  readonly #open = new Set<{ lateMs: number }>()
  /** The latest timer within the last probes, in ms. */
  #recentLateMs = 0

  constructor() {
    this.#timer = setInterval(() => this.#probe(), PROBE_EVERY_MS)
    this.#timer.unref()
  }

  get recentLateMs(): number {
    return this.#recentLateMs
  }

  /** Begins a measurement. The returned function ends it. */
  begin(): () => Load {
    const entry = { lateMs: 0 }
    this.#open.add(entry)
    const busy = busyShare()
    return () => {
      this.#open.delete(entry)
      return { busy: busy(), lateMs: entry.lateMs }
    }
  }

  close() {
    clearInterval(this.#timer)
  }

  #probe() {
    const late = Math.max(0, now() - this.#due)
    this.#due = now() + PROBE_EVERY_MS
    this.#recentLateMs = Math.max(late, 0.9 * this.#recentLateMs)
    for (const entry of this.#open) entry.lateMs = Math.max(entry.lateMs, late)
  }
}

/** Returns a function that returns the busy share of all processors since this call, 0 to 1. */
export function busyShare(): () => number {
  const before = times()
  return () => {
    const after = times()
    const total = after.total - before.total
    return total > 0 ? 1 - (after.idle - before.idle) / total : 0
  }
}

function times(): { readonly idle: number; readonly total: number } {
  const all = cpus().map(({ times: { user, nice, sys, idle, irq } }) => ({
    idle,
    total: user + nice + sys + idle + irq,
  }))
  return { idle: sum(all.map(({ idle }) => idle)), total: sum(all.map(({ total }) => total)) }
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
