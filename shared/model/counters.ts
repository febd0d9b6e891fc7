import type { Counters } from './event.ts'

/** Time between two reports of a node's counters while they change, in ms. */
export const COUNTERS_EVERY_MS = 1_000

/** What a node has counted when it starts: every counter there is, but for its memory. */
export const NO_COUNTS: Omit<Counters, 'memoryBytes'> = {
  rumorsSent: 0,
  rumorsReceived: 0,
  rumorsRedundant: 0,
  statusesSent: 0,
  statusesReceived: 0,
  bytesSent: 0,
  bytesReceived: 0,
  datagramsDropped: 0,
  datagramsOverLimit: 0,
  datagramsUnkeyed: 0,
  datagramsForged: 0,
  datagramsReplayed: 0,
  datagramsRefused: 0,
  answersWithheld: 0,
  datagramsLostAtGate: 0,
  messagesOversized: 0,
  linesRead: 0,
  linesRefused: 0,
}
