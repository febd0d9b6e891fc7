/** Bounds of the protocol. The handout promises under 200 characters a message and under 1,000 messages. */

/** Longest typed text, in UTF-8 bytes. Percent-encoding may triple it; that still fits one datagram. */
export const MAX_TEXT_BYTES = 16_384
/** Largest UDP payload over IPv4, in bytes. */
export const MAX_DATAGRAM_BYTES = 65_507
/** Length of a rumor without its text, with the longest numbers, in bytes. */
export const RUMOR_FRAME_BYTES = 'rumor:65535:{,2147483647,2147483647}'.length
/** Longest seal that the link layer may put behind a datagram, in bytes. */
export const MAX_SEAL_BYTES = 120
/** Longest wire form of a text, in bytes: any node can forward it, from any port and sealed. */
export const MAX_WIRE_TEXT_BYTES = MAX_DATAGRAM_BYTES - RUMOR_FRAME_BYTES - MAX_SEAL_BYTES
/**
 * Maximum length of a datagram with several rumors, without its seal, in bytes. With the seal it fits one frame of
 * Ethernet, 1,472 bytes of UDP payload, so IP never splits it.
 */
export const MAX_BATCH_BYTES = 1_200
/** Maximum number of rumors in one datagram. */
export const MAX_BATCH_RUMORS = 64
/** A status longer than this is sent as several, in bytes. */
export const MAX_STATUS_BYTES = 60_000
/** Returns the longest status, in bytes, for a system that sends datagrams of up to `systemSends` bytes. */
export const longestStatus = (systemSends: number): number => Math.min(MAX_STATUS_BYTES, systemSends)
/**
 * Returns the length, in bytes, from which a status may be one of several: an origin that it does not name is then
 * unknown, not absent. It is half of the longest status, because a split status has parts of even length, to within a
 * few pairs of 22 bytes.
 */
export function partialStatusBytes(longest: number): number {
  return longest / 2 - 128
}
/** Length from which a status may be one of several, in bytes, on a system that sends datagrams of any length. */
export const PARTIAL_STATUS_BYTES = partialStatusBytes(MAX_STATUS_BYTES)
/** Maximum number of messages in one node. */
export const MAX_MESSAGES = 200_000
/** Maximum number of origins that one node knows. */
export const MAX_ORIGINS = 20_000
/** Maximum distance of a stored rumor beyond its origin's lowest-not-seen, in messages. */
export const MAX_AHEAD = 8_192
/** Maximum number of messages kept back beyond gaps, of all origins together. */
export const MAX_HELD_BACK = 16_384
/**
 * Maximum number of new messages sent to one neighbour before its first acknowledgement; beyond it the acknowledgements
 * set the pace.
 */
export const MAX_EAGER = 64
/** Maximum number of peer records in a node, neighbours included. */
export const MAX_PEERS = 512
/** Maximum number of text bytes in the rumors that one status can cause. */
export const MAX_ANSWER_BYTES = 65_536
/** Maximum number of own messages that a crash command still sends because they came before it in the same segment. */
export const MAX_LAST_WORDS = 1_024
/** An origin, port + 65536 * generation, must fit a signed 32-bit integer. */
export const MAX_GENERATION = 32_767
/** Highest sequence number: foreign programs use a signed 32-bit integer. */
export const MAX_SEQ = 2_147_483_647
/** Shortest time before an unanswered rumor is repeated, in ms. */
export const MIN_RETRY_MS = 50
/** The same while the neighbour answers others, in ms: it is awake, so the rumor was probably lost. */
export const MIN_RETRY_TO_AWAKE_MS = 10
