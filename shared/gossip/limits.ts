/** Bounds of the protocol. The handout promises under 200 characters a message and under 1,000 messages. */

/** Longest text that is typed, in UTF-8 bytes. Percent-encoding may triple it; that still fits one datagram. */
export const MAX_TEXT_BYTES = 16_384
/** Largest UDP payload over IPv4, in bytes. */
export const MAX_DATAGRAM_BYTES = 65_507
/** A rumor but for its text, with the longest numbers, in bytes. */
export const RUMOR_FRAME_BYTES = 'rumor:65535:{,2147483647,2147483647}'.length
/** Longest seal that the link layer may put behind a datagram, in bytes. */
export const MAX_SEAL_BYTES = 120
/** Longest wire form of a text, in bytes: whoever takes it can pass it on, from any port and sealed. */
export const MAX_WIRE_TEXT_BYTES = MAX_DATAGRAM_BYTES - RUMOR_FRAME_BYTES - MAX_SEAL_BYTES
/** A status longer than this is sent as several, in bytes. */
export const MAX_STATUS_BYTES = 60_000
/** Returns the longest status where the system sends so many bytes at once. */
export const longestStatus = (systemSends: number): number => Math.min(MAX_STATUS_BYTES, systemSends)
/**
 * Returns the length, in bytes, from which on a status may be one of several: what it does not name is then unknown, not
 * absent. It is half of the longest status, because one that is split is split evenly, to within a few pairs of 22 bytes.
 */
export function partialStatusBytes(longest: number): number {
  return longest / 2 - 128
}
/** The same where the system sends every datagram. */
export const PARTIAL_STATUS_BYTES = partialStatusBytes(MAX_STATUS_BYTES)
/** Messages one node holds at most. */
export const MAX_MESSAGES = 200_000
/** Origins one node knows at most. */
export const MAX_ORIGINS = 20_000
/** How far beyond an origin's lowest-not-seen a rumor is still stored, in messages. */
export const MAX_AHEAD = 8_192
/** Messages kept back ahead of a gap, of all origins together. */
export const MAX_HELD_BACK = 16_384
/** New messages sent to one neighbour before its first acknowledgement; beyond it the acknowledgements set the pace. */
export const MAX_EAGER = 64
/** Peers a node keeps a record of, neighbours included. */
export const MAX_PEERS = 512
/** Rumor bytes (of text) that one status can call forth. */
export const MAX_ANSWER_BYTES = 65_536
/** Own messages that a crash command still sends because they stood before it in the same segment. */
export const MAX_LAST_WORDS = 1_024
/** So that an origin, port + 65536 * generation, fits a signed 32-bit integer. */
export const MAX_GENERATION = 32_767
/** Highest sequence number: a foreign program keeps it in a signed 32-bit integer. */
export const MAX_SEQ = 2_147_483_647
/** Soonest repetition of an unanswered rumor, in ms. */
export const MIN_RETRY_MS = 50
/** The same while the neighbour answers others, in ms: it is awake, so what it lacks was probably lost. */
export const MIN_RETRY_TO_AWAKE_MS = 10
