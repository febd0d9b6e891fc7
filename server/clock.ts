import { toMicroseconds } from '../shared/microseconds.ts'

/**
 * The clock that all processes of a machine share: ms since it was started, to the microsecond. Wall clocks jump;
 * this one only goes forward, so what two nodes report can be compared.
 */
export const now = (): number => toMicroseconds(origin + performance.now())

/** Looks at both clocks that are near enough to be one look, in ms, and how often it is tried. */
const NEAR_MS = 0.02
const TRIES = 20

/**
 * What the time of a process' own clock is by the shared one. On a busy machine the process may have to wait between
 * looking at the one and at the other, and would be as much behind all its life: the quickest look counts.
 */
export function originOf(shared: () => number, own: () => number): number {
  let least = Number.POSITIVE_INFINITY
  let found = 0
  for (let tries = 0; tries < TRIES && least > NEAR_MS; tries += 1) {
    const before = shared()
    const at = own()
    const took = shared() - before
    if (took >= least) continue
    least = took
    found = before + took / 2 - at
  }
  return found
}

/** `performance.now` counts by the same clock from the start of this process, without making a big integer each time. */
const origin = originOf(
  () => Number(process.hrtime.bigint()) / 1e6,
  () => performance.now(),
)
