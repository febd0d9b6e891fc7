/**
 * Sets how often both ends of the WebSocket speak. It is separate from protocol.ts, so that the page loads no schemas
 * with it.
 */

/**
 * Maximum silence of the server towards a client, in ms; and the silence after which a page gives the connection up.
 */
export const BEAT_EVERY_MS = 2_000
export const GIVE_UP_AFTER_MS = 8_000
/** Time between two reports of the presenter's focus, in ms: the page sends it as often as the server forwards it. */
export const POINTING_EVERY_MS = 80
