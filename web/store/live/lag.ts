/**
 * How far the page stays behind the lab. Events come in batches, some tens of ms late; shown at once, a datagram would
 * appear in mid-air. Where they come later than usual, under a burst or on a slow machine, the page stays further
 * behind, and comes nearer again as soon as it may.
 */

/** In ms: on a machine with time to spare, all events come within this. */
export const LEAST_LAG_MS = 45
export const MOST_LAG_MS = 500
/** How fast it comes nearer again, in ms per ms: nobody sees time run that much faster. */
const EASE = 0.02

export interface Lag {
  /** A batch came whose first event was due `late` ms ago; negative where there was time left. */
  came(late: number, local: number): void
  /** In ms, at local time `local`. */
  at(local: number): number
}

export function createLag(): Lag {
  let peak = LEAST_LAG_MS
  let since = 0
  const at = (local: number) => Math.max(LEAST_LAG_MS, peak - EASE * (local - since))
  return {
    at,
    came(late, local) {
      // An older event was numbered late, which says nothing of how fast the others come.
      if (late <= 0 || late > 2 * MOST_LAG_MS) return
      peak = Math.min(MOST_LAG_MS, at(local) + late)
      since = local
    },
  }
}
