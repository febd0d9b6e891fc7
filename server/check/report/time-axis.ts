/**
 * Maps instants to heights. Runs are at real speed: datagrams take parts of a ms, and a script sleeps for seconds. So the
 * distance of two instants grows with the logarithm of the time between them, and their order always shows.
 */

/** Distance of two instants that are hardly apart, and its growth by each factor of 10, in px. */
const LEAST = 5
const PER_DECADE = 7
/** Time below which two instants have nearly the least distance, in ms. */
const FINE_MS = 0.1

export interface TimeAxis {
  readonly height: number
  /** Returns the height of one of the instants of the axis, or one between them. */
  readonly y: (at: number) => number
  /** The instants, in order. */
  readonly instants: readonly number[]
}

/** @param top height of the first instant, in px. */
export function timeAxis(times: readonly number[], top: number): TimeAxis {
  const instants = [...new Set(times)].sort((a, b) => a - b)
  const heights: number[] = []
  for (const [i, at] of instants.entries()) {
    const before = instants[i - 1]
    const distance = before === undefined ? 0 : LEAST + PER_DECADE * Math.log10(1 + (at - before) / FINE_MS)
    heights.push((heights.at(-1) ?? top) + distance)
  }
  function y(at: number): number {
    const next = instants.findIndex((instant) => instant >= at)
    if (next === -1) return heights.at(-1) ?? top
    const [from, to] = [instants[next - 1], instants[next]]
    const [low, high] = [heights[next - 1], heights[next] ?? top]
    if (from === undefined || to === undefined || low === undefined) return high
    return low + ((high - low) * (at - from)) / (to - from)
  }
  return { height: heights.at(-1) ?? top, y, instants }
}
