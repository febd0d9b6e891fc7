import { toMicroseconds } from '../shared/microseconds.ts'

/**
 * The clock that all processes of a machine share: ms since it was started, to the microsecond. Wall clocks jump;
 * this one only goes forward, so what two nodes report can be compared.
 */
export const now = (): number => toMicroseconds(origin + performance.now())

/** `performance.now` counts by the same clock from the start of this process, without making a big integer each time. */
const origin = Number(process.hrtime.bigint()) / 1e6 - performance.now()
