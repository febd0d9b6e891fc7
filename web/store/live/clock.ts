/**
 * Estimates the lab's clock. Every message of the server carries the lab's time; a delay only makes the estimate too
 * low, so the highest recent sample is the best one. Time never runs backwards, unless the lab's clock has changed
 * its pace.
 */

/**
 * Rate at which an estimate that was too high gives way, in ms per ms: two clocks of good machines drift less than
 * this.
 */
const EASE = 0.001

export interface LabClockEstimate {
  /** Takes the lab's time in a message that arrived at local time `local`, both in ms, and its pace. */
  sample(labNow: number, local: number, rate?: number): void
  /** Returns the lab's time at local time `local`, in ms; 0 before the first sample. */
  at(local: number): number
  /** Pace of the lab's time: 1 is real time, 0 is stopped. */
  readonly rate: number
  /** Forgets everything, for another lab. */
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
      // The clock stopped or changed its pace earlier than was known here.
      if (best && !isSteady) latest = lab
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
