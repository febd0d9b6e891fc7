/** Times are ms to the microsecond: finer than any of them is known, and a third of the digits on their way. */
export const toMicroseconds = (ms: number): number => Math.round(ms * 1e3) / 1e3
