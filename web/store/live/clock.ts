/**
 * The lab's clock as the page knows it. Every message of the server carries the lab's time; what arrives late only
 * makes the estimate too low, so the highest recent sample is the best one. Time never runs backwards.
 */

/** How fast an estimate that was too high gives way, in ms per ms: two clocks of good machines drift less than this. */
const EASE = 0.001

export interface LabClockEstimate {
  /** Takes the lab's time as a message says it that arrived at local time `local`, both in ms, and how fast it runs. */
  sample(labNow: number, local: number, rate?: number): void
  /** The lab's time at local time `local`, in ms; 0 before the first sample. */
  at(local: number): number
  /** How fast the lab's time runs: 1 as real time, 0 stopped. */
  readonly rate: number
  /** Forgets everything: another lab. */
  reset(): void
}

interface Sample {
  readonly lab: number
  readonly local: number
  readonly rate: number
}

export function createClock(): LabClockEstimate {
  let best: Sample | null = null
  let latest = 0
  return {
    sample(lab, local, rate = 1) {
      const isSteady = best?.rate === rate
      const eased = best && isSteady ? timeOf(best, local) - EASE * Math.max(0, local - best.local) : lab
      best = { lab: Math.max(lab, eased), local, rate }
    },
    at(local) {
      if (best === null) return 0
      latest = Math.max(latest, timeOf(best, local))
      return latest
    },
    get rate() {
      return best?.rate ?? 1
    },
    reset() {
      best = null
      latest = 0
    },
  }
}

const timeOf = ({ lab, local, rate }: Sample, now: number): number => lab + rate * (now - local)
