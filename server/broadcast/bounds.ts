/** Bounds of a client's connection. */

/** Interval of pings to a client, in ms; a client that has not answered by the next ping counts as gone. */
export const PING_EVERY_MS = 20_000
/** Maximum number of unread bytes of all clients together; past it the viewers that read least are closed. */
export const MAX_WAITING_BYTES = 256 * 1_024 * 1_024
