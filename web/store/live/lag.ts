/**
 * Computes how far the page stays behind the lab. Events come in batches, some tens of ms late; shown at once, a
 * datagram would appear in mid-air. When they come later, under a burst or on a slow machine, the page stays further
 * behind, and catches up as soon as possible.
 */

/** In ms: on an idle machine, all events come within this. */
export const LEAST_LAG_MS = 45
export const MOST_LAG_MS = 500
/** Rate of catching up, in ms per ms: nobody sees time run that much faster. */
const EASE = 0.02

export interface Lag {
  /** Takes a batch whose first event was due `late` ms ago; negative if there was time left. */
  came(late: number, local: number): void
  /** Returns the lag in ms, at local time `local`. */
  at(local: number): number
}

export function createLag(): Lag {
  let peak = LEAST_LAG_MS
  let since = 0
  const at = (local: number) => Math.max(LEAST_LAG_MS, peak - EASE * (local - since))
  return {
    at,
    came(late, local) {
      // An event that was numbered late says nothing about the delay of the others.
      if (late <= 0 || late > 2 * MOST_LAG_MS) return
      peak = Math.min(MOST_LAG_MS, at(local) + late)
      since = local
    },
  }
}
