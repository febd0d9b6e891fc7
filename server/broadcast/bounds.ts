/** Bounds of a browser's connection. */

/** How often a browser is asked whether it is still there, in ms; one that has not answered by the next time is not. */
export const PING_EVERY_MS = 20_000
/** Bytes waiting for all browsers together; past it the viewers that read least are let go. */
export const MAX_WAITING_BYTES = 256 * 1_024 * 1_024
