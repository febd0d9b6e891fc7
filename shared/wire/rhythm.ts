/** How often both ends of the WebSocket speak. Apart from protocol.ts so that the page gets no schemas with it. */

/** Longest time that the server says nothing to a browser, in ms; and after how long of silence a page gives it up. */
export const BEAT_EVERY_MS = 2_000
export const GIVE_UP_AFTER_MS = 8_000
/** Time between two looks at where the presenter points, in ms: the page says it as often, the server passes on as often. */
export const POINTING_EVERY_MS = 80
