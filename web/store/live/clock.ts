/**
 * The lab's clock as the page knows it. Every message of the server carries the lab's time; what arrives late only
 * makes the estimate too low, so the highest recent sample is the best one. Time never runs backwards.
 */

/** How fast an estimate that was too high gives way, in ms per ms: two clocks of good machines drift less than this. */
const EASE = 0.001

export interface LabClockEstimate {
  /** The lab's time said by a message that arrived at local time `local`, both in ms. */
  sample(labNow: number, local: number): void
  /** The lab's time at local time `local`, in ms; 0 before the first sample. */
  at(local: number): number
  /** Forgets everything: another lab. */
  reset(): void
}

export function createClock(): LabClockEstimate {
  let offset: number | null = null
  let sampledAt = 0
  let latest = 0
  return {
    sample(labNow, local) {
      const sample = labNow - local
      const eased = offset === null ? sample : offset - EASE * Math.max(0, local - sampledAt)
      offset = Math.max(sample, eased)
      sampledAt = local
    },
    at(local) {
      if (offset === null) return 0
      latest = Math.max(latest, local + offset)
      return latest
    },
    reset() {
      offset = null
      sampledAt = 0
      latest = 0
    },
  }
}
