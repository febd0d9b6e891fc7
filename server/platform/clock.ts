import { toMicroseconds } from '../../shared/model/microseconds.ts'

/**
 * Reads the clock that all processes of a machine share: ms since it was started, to the microsecond. Wall clocks jump;
 * this one only goes forward, so reports of two nodes can be compared. (`performance.now` counts from the start of each
 * process, and its first use costs a node 0.4 ms of its start.)
 */
export function now(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return toMicroseconds(seconds * 1e3 + nanoseconds / 1e6)
}
