/** Raised when a page of before could not talk to a server of after. Apart from protocol.ts so that the page gets no schemas with it. */
export const PROTOCOL_VERSION = 6
