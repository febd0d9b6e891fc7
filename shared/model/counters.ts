/**
 * Defines the counters of a node once: schema, types, initial values and the page's table all follow from this list.
 */

/** Time between two reports of a node's counters while they change, in ms. */
export const COUNTERS_EVERY_MS = 1_000

interface Counter {
  readonly unit: 'datagrams' | 'bytes' | 'messages' | 'lines'
  /** Row of the page's table, with the words behind its value; null if the counter appears elsewhere. */
  readonly row: string | null
  readonly words: string
  /** Whether the page shows the counter only when it is not 0. */
  readonly isTrouble?: true
  /** Whether older recordings lack the counter; then it is 0. */
  readonly mayBeMissing?: true
}

const COUNTERS = {
  rumorsSent: { unit: 'messages', row: 'rumors', words: 'sent' },
  /** Rumors sent in the same datagram as an earlier one: a batch of five rumors has four of them. */
  rumorsAlongside: {
    unit: 'messages',
    row: 'rumors',
    words: 'of them in the same datagram as another',
    isTrouble: true,
    mayBeMissing: true,
  },
  rumorsReceived: { unit: 'messages', row: 'rumors', words: 'received' },
  /** Rumors received of messages that the node already had. */
  rumorsRedundant: { unit: 'messages', row: 'rumors', words: 'redundant' },
  statusesSent: { unit: 'datagrams', row: 'statuses', words: 'sent' },
  statusesReceived: { unit: 'datagrams', row: 'statuses', words: 'received' },
  bytesSent: { unit: 'bytes', row: 'bytes', words: 'sent' },
  bytesReceived: { unit: 'bytes', row: 'bytes', words: 'received' },
  /** Datagrams rejected: unparseable, past a full queue, or for one of the four reasons that follow. */
  datagramsRejected: { unit: 'datagrams', row: 'rejected', words: 'datagrams in total', isTrouble: true },
  datagramsOverLimit: {
    unit: 'datagrams',
    row: 'over limit',
    words: 'their sender exceeded the rate limit',
    isTrouble: true,
  },
  /** Only nodes with a shared key count the next three. */
  datagramsUnkeyed: { unit: 'datagrams', row: 'unkeyed', words: 'they carried no seal', isTrouble: true },
  datagramsForged: {
    unit: 'datagrams',
    row: 'forged',
    words: 'sealed with another key, or changed on the way',
    isTrouble: true,
  },
  datagramsReplayed: {
    unit: 'datagrams',
    row: 'replayed',
    words: 'their seal was used before',
    isTrouble: true,
  },
  datagramsRefused: { unit: 'datagrams', row: 'refused', words: 'understood, but refused', isTrouble: true },
  /** Own datagrams not sent, because they would exceed the amplification limit. */
  answersWithheld: {
    unit: 'datagrams',
    row: 'withheld',
    words: 'not sent: the replies would exceed the amplification limit',
    isTrouble: true,
  },
  /** Own datagrams that did not pass the gate: a link was cut or lost them, or a person dropped them. */
  datagramsLostAtGate: {
    unit: 'datagrams',
    row: 'lost at gate',
    words: 'sent by this node, then cut, lost or dropped',
    isTrouble: true,
  },
  /** Messages that the node has but cannot forward: they are larger than the system sends. */
  messagesOversized: {
    unit: 'messages',
    row: 'too large',
    words: 'messages that this system cannot send',
    isTrouble: true,
    mayBeMissing: true,
  },
  linesRead: { unit: 'lines', row: 'lines', words: 'read' },
  linesRefused: { unit: 'lines', row: 'lines', words: 'refused' },
  /** The resident memory at the time of the report, not a sum. */
  memoryBytes: { unit: 'bytes', row: null, words: '' },
} as const satisfies Readonly<Record<string, Counter>>

export type CounterName = keyof typeof COUNTERS

/** Returns the number of datagrams that a node has sent. */
export const datagramsSent = ({
  rumorsSent,
  rumorsAlongside,
  statusesSent,
}: Pick<Counters, 'rumorsSent' | 'rumorsAlongside' | 'statusesSent'>): number =>
  rumorsSent - rumorsAlongside + statusesSent

/** Sums since the start of a node. They are exact even while details are sampled. */
export type Counters = Readonly<Record<CounterName, number>>

/** Names in the order of the page's table. */
export const COUNTER_LIST = Object.entries(COUNTERS) as readonly (readonly [CounterName, Counter])[]

/** Returns an object with one value for each counter, by name. */
export const forEachCounter = <Made>(make: (counter: Counter) => Made): Record<CounterName, Made> =>
  Object.fromEntries(COUNTER_LIST.map(([name, counter]) => [name, make(counter)])) as Record<CounterName, Made>

const { memoryBytes: _, ...noSums } = forEachCounter(() => 0)

/** The counters of a node when it starts, without its memory, which is measured. */
export const NO_COUNTS: Omit<Counters, 'memoryBytes'> = noSums
