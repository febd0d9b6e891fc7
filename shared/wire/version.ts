/**
 * Must rise when an older page could not talk to a newer server. It is separate from protocol.ts, so that the page
 * loads no schemas with it.
 */
export const PROTOCOL_VERSION = 6
