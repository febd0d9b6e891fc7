/** Counters of a node, once: schema, types, what a node begins with and the page's table all follow from this list. */

/** Time between two reports of a node's counters while they change, in ms. */
export const COUNTERS_EVERY_MS = 1_000

interface Counter {
  readonly unit: 'datagrams' | 'bytes' | 'messages' | 'lines'
  /** The row of the page's table that it stands in, with the words behind its value; null where it stands elsewhere. */
  readonly row: string | null
  readonly words: string
  /** The page says it only where it is not 0. */
  readonly isTrouble?: true
  /** Recordings of before it was counted lack it; there it is 0. */
  readonly mayBeMissing?: true
}

const COUNTERS = {
  rumorsSent: { unit: 'datagrams', row: 'rumors', words: 'sent' },
  rumorsReceived: { unit: 'datagrams', row: 'rumors', words: 'received' },
  /** Rumors received that were already held. */
  rumorsRedundant: { unit: 'datagrams', row: 'rumors', words: 'of them redundant' },
  statusesSent: { unit: 'datagrams', row: 'statuses', words: 'sent' },
  statusesReceived: { unit: 'datagrams', row: 'statuses', words: 'received' },
  bytesSent: { unit: 'bytes', row: 'bytes', words: 'sent' },
  bytesReceived: { unit: 'bytes', row: 'bytes', words: 'received' },
  /** Datagrams dropped because they could not be parsed, or the queue was full, or for the four reasons that follow. */
  datagramsDropped: { unit: 'datagrams', row: 'dropped', words: 'datagrams in all', isTrouble: true },
  datagramsOverLimit: {
    unit: 'datagrams',
    row: 'over limit',
    words: 'dropped: their sender sent more than its share',
    isTrouble: true,
  },
  /** The next three are counted with a shared key only. */
  datagramsUnkeyed: { unit: 'datagrams', row: 'unkeyed', words: 'dropped: they carry no seal', isTrouble: true },
  datagramsForged: {
    unit: 'datagrams',
    row: 'forged',
    words: 'dropped: sealed with another key, or changed',
    isTrouble: true,
  },
  datagramsReplayed: {
    unit: 'datagrams',
    row: 'replayed',
    words: 'dropped: their seal was used before',
    isTrouble: true,
  },
  datagramsRefused: { unit: 'datagrams', row: 'refused', words: 'understood, and not taken', isTrouble: true },
  /** Datagrams of its own that were not sent: a stranger had asked for too much with too little. */
  answersWithheld: {
    unit: 'datagrams',
    row: 'withheld',
    words: 'not sent: a stranger asked too much',
    isTrouble: true,
  },
  /** Datagrams of its own that its gate did not let out: a link was cut or lost them, or they were dropped by hand. */
  datagramsLostAtGate: {
    unit: 'datagrams',
    row: 'lost at gate',
    words: 'of its own: cut, lost or dropped',
    isTrouble: true,
  },
  /** Messages held that it cannot pass on: they are larger than what the system sends. */
  messagesOversized: {
    unit: 'messages',
    row: 'too large',
    words: 'messages that this system cannot send on',
    isTrouble: true,
    mayBeMissing: true,
  },
  linesRead: { unit: 'lines', row: 'lines', words: 'read' },
  linesRefused: { unit: 'lines', row: 'lines', words: 'refused' },
  /** No sum: the resident memory at the time of the report. */
  memoryBytes: { unit: 'bytes', row: null, words: '' },
} as const satisfies Readonly<Record<string, Counter>>

export type CounterName = keyof typeof COUNTERS

/** Sums since the start of a node. Always exact, also while details are sampled. */
export type Counters = Readonly<Record<CounterName, number>>

/** In the order of the page's table. */
export const COUNTER_LIST = Object.entries(COUNTERS) as readonly (readonly [CounterName, Counter])[]

/** Returns something for each counter, by name. */
export const forEachCounter = <Made>(make: (counter: Counter) => Made): Record<CounterName, Made> =>
  Object.fromEntries(COUNTER_LIST.map(([name, counter]) => [name, make(counter)])) as Record<CounterName, Made>

const { memoryBytes: _, ...noSums } = forEachCounter(() => 0)

/** The counters of a node when it starts, but for its memory, which is measured. */
export const NO_COUNTS: Omit<Counters, 'memoryBytes'> = noSums
