/** Every bound outside the protocol, named with its unit. Those of the protocol: gossip/limits.ts. */

/** Nodes in one lab. */
export const MAX_NODES = 64
/** The shortest line there can be. */
export const MIN_NODES = 1
/** One command line, in bytes: the longest text and the words before it. */
export const MAX_LINE_BYTES = 17_408
/** TCP clients of one node at a time. */
export const MAX_LINE_CLIENTS = 64
/** Bytes of answers waiting for one TCP client that does not read; past it no more lines of it are carried out. */
export const MAX_UNREAD_BYTES = 4 * 1_024 * 1_024
/** TCP ports that one node listens on. */
export const MAX_INTERFACES = 16
/** Delay of a link in a lab that nobody has set otherwise, in ms: eyes can follow it. */
export const DEFAULT_LINK_DELAY_MS = 250
/** Longest delay of a link, in ms. */
export const MAX_LINK_DELAY_MS = 60_000
/** Datagrams in the air to one node; past it they are dropped and counted. */
export const MAX_IN_THE_AIR = 20_000
/** Least extra time in the air of a datagram that is to be overtaken, in ms; at most three times as much. */
export const REORDER_AT_LEAST_MS = 50
/** Datagrams that wait at one node's gate; past it they are lost and say so. */
export const MAX_HELD_DATAGRAMS = 1_000
/** Datagrams a second that a node sends for each way of misbehaving; hoarding sends none. */
export const MISCHIEF_PER_SECOND = { forge: 2, replay: 20, flood: 1_000, babble: 10 } as const
/** Datagrams that a node remembers to replay. */
export const MAX_REMEMBERED_DATAGRAMS = 256
export interface Rate {
  /** Tokens that may be taken at once. */
  readonly burst: number
  readonly perSecond: number
}

/** One datagram costs a node one token, and one more for each so many bytes. */
export const BYTES_PER_TOKEN = 1_024
/** Datagrams from a neighbour that a node looks into: room for a burst of ten thousand messages and more. */
export const NEIGHBOUR_RATE: Rate = { burst: 65_536, perSecond: 16_384 }
/** The same for each UDP port that is no neighbour's. Programs of others send from a port of the system's choice. */
export const STRANGER_RATE: Rate = { burst: 2_048, perSecond: 1_024 }
/** Strangers that a node counts one by one; all beyond share one allowance. */
export const MAX_RATED_SENDERS = 1_024
/** One in so many datagrams over the limit of a stranger is reported; all are counted. */
export const REPORT_OVER_LIMIT_EVERY = 256
/** Bytes that a node sends a stranger at most for each byte that came in its name. */
export const ANSWER_BYTES_PER_BYTE = 64
/** What a stranger can have saved up, in bytes. */
export const MAX_ANSWER_CREDIT_BYTES = 262_144
/** Age past which a sealed datagram is refused, in ms; what a receiver must remember is bounded by it. */
export const FRESH_MS = 30_000
/** How far behind the highest of its sender a sealed datagram may be, in datagrams; a multiple of 32. */
export const REPLAY_WINDOW = 1_024
/** Senders of sealed datagrams that a node knows at a time. */
export const MAX_SEALED_SENDERS = 512
/** Shortest shared key, in characters. */
export const MIN_KEY_CHARS = 8
/** Receive buffer asked of the operating system for a node's UDP socket, in bytes. It may grant less. */
export const UDP_RECEIVE_BUFFER_BYTES = 4 * 1_024 * 1_024
/** The same for sending: where no datagram may be longer than this buffer, it is room for the longest. */
export const UDP_SEND_BUFFER_BYTES = 256 * 1_024

/** Longest time a node keeps its reports before it hands them over, in ms. */
export const REPORT_EVERY_MS = 8
/** The same while there are so many that details are sampled: each hand-over wakes the supervisor, on the same cores. */
export const REPORT_IN_BURST_EVERY_MS = 100
/** Reports handed over in one message. */
export const MAX_REPORT_BATCH = 2_048
/** Reports a second and node past which details are sampled; counters stay exact. */
export const SAMPLE_ABOVE_PER_SECOND = 2_000
/** Time between two reports of a node's counters while they change, in ms. */
export const COUNTERS_EVERY_MS = 1_000

/** How long the supervisor waits for slower nodes before it numbers events in order of time, in ms. */
export const ORDERING_WINDOW_MS = 20
/** The same on a machine where reports came later than that, in ms; it comes back to the usual by 20 ms a second. */
export const MAX_ORDERING_WINDOW_MS = 150
/** Time between two releases of numbered events, in ms. */
export const RELEASE_EVERY_MS = 10
/** How long the report of a datagram's arrival waits for the report of its sending, in ms. */
export const MATCH_PATIENCE_MS = 500
/** Events the supervisor keeps for browsers that come back or scrub. */
export const MAX_JOURNAL_EVENTS = 200_000
/** Text in those events, in characters: of messages, command lines and their outputs. */
export const MAX_JOURNAL_CHARS = 64 * 1_024 * 1_024
/** A state is kept every so many events, or so much text in them: what a browser that scrubs back gets at once. */
export const CHECKPOINT_EVENTS = 2_000
export const CHECKPOINT_CHARS = 262_144
/** Rumors from one neighbour that wait for one acknowledgement; more than that are not followed to it. */
export const MAX_UNANSWERED = 256
/** Datagrams that were sent and whose fate is not yet known. */
export const MAX_OPEN_ARROWS = 50_000
/** How long after it should have arrived a datagram counts as lost, in ms. */
export const ARROW_LOST_AFTER_MS = 2_000
/** Last lines of a node's stderr that are kept. */
export const MAX_STDERR_LINES = 20
/** One line of stderr, in characters. */
export const MAX_STDERR_LINE_CHARS = 500
/** How long a node may take from its start to both sockets listening, in ms. */
export const NODE_START_TIMEOUT_MS = 10_000
/** How long a node may take to answer a line, in ms. */
export const NODE_ANSWER_TIMEOUT_MS = 5_000
/** How long after it was asked a node still does something, in ms. Its answer then arrives before the timeout. */
export const NODE_ACTS_WITHIN_MS = 4_000
/** Longest time that the server says nothing to a browser, in ms; and after how long of silence a page gives it up. */
export const BEAT_EVERY_MS = 2_000
export const GIVE_UP_AFTER_MS = 8_000
/** How often a node is asked whether it is there, in ms. */
export const HEARTBEAT_EVERY_MS = 1_000
/** Questions in a row without any sign of life, past which the lab says that a node does not answer. */
export const SILENT_AFTER_BEATS = 3
/** How long a node may take to end by itself before it is killed, in ms. */
export const NODE_STOP_TIMEOUT_MS = 1_000
/** How often a node whose crash was typed looks whether datagrams came in, in ms. */
export const GRACE_BEAT_MS = 5
/**
 * Looks in a row without a datagram, past which nothing is in flight to it any more. In 188 scripts, over one to four
 * hops, beside up to 20 processes that wait for two cores, the next message was at most 5 looks away. A fixed 20 ms
 * would have missed it in 90 of them: it took up to 552 ms, in which the node itself got no core to look either.
 */
export const GRACE_QUIET_BEATS = 10
/**
 * How long a node whose crash was typed takes datagrams in, in ms; those in the air by then still arrive. In the same
 * scripts nothing new came later than 100 ms to a node that had looked ten times by then.
 */
export const GRACE_AT_MOST_MS = 150

/** One WebSocket message from a browser, in bytes. */
export const MAX_CLIENT_MESSAGE_BYTES = 65_536
/** Browsers connected at a time. */
export const MAX_BROWSERS = 512
/** Of these, viewers: the presenter always gets in. */
export const MAX_VIEWERS = 480
/** TCP connections from other machines at a time: whoever opens more leaves room for the presenter's, and for nodes. */
export const MAX_GUEST_CONNECTIONS = 960
/** How long a browser may take to join after it has connected, in ms. */
export const JOIN_WITHIN_MS = 10_000
/** How often a browser is asked whether it is still there, in ms; one that has not answered by the next time is not. */
export const PING_EVERY_MS = 20_000
/** Bytes waiting for all browsers together; past it the viewers that read least are let go. */
export const MAX_WAITING_BYTES = 256 * 1_024 * 1_024
/** Age up to which a snapshot is given to a further browser, in ms: the events since follow. */
export const SNAPSHOT_FRESH_MS = 250
/** Time between two batches of events to viewers, in ms: hundreds of small ones cost more to send than to write. */
export const FEED_VIEWERS_EVERY_MS = 40
/** Time between two looks at where the presenter points, in ms: the page says it as often, the server passes on as often. */
export const POINTING_EVERY_MS = 80
/** Messages of one viewer's browser; past it the connection ends. */
export const VIEWER_MESSAGE_RATE: Rate = { burst: 30, perSecond: 5 }
/** What one viewer may say to the lab's nodes. */
export const SAYING_RATE: Rate = { burst: 3, perSecond: 0.5 }
/** What all viewers together may say. */
export const ALL_SAYINGS_RATE: Rate = { burst: 30, perSecond: 10 }
/** A viewer's name, in characters. */
export const MAX_NAME_CHARS = 24
/** What a viewer says, in characters. */
export const MAX_SAYING_CHARS = 120
/** Commands of one browser that have not been answered. */
export const MAX_OPEN_COMMANDS = 64
/** Bytes waiting for one browser; past it events are held back until it has caught up. */
export const MAX_BROWSER_BACKLOG_BYTES = 1_048_576
/** Text of a command's output that is kept in the event stream, in characters; whoever gave it gets it whole. */
export const MAX_ECHO_CHARS = 65_536
/** Events in one batch to a browser. */
export const MAX_BROWSER_BATCH = 5_000
/** Body of one REST request, in bytes. */
export const MAX_BODY_BYTES = 65_536
/** Commands that a browser's console and the lab's state remember. */
export const MAX_REMEMBERED_COMMANDS = 200

/** A recording that a page opens, in bytes, and the events in it; beyond, it is opened so far. */
export const MAX_RECORDING_BYTES = 512 * 1_024 * 1_024
export const MAX_RECORDING_EVENTS = 500_000
/** Past this a recording goes on in a new file, in bytes; so many older ones are kept. */
export const ROTATE_RECORDING_BYTES = 64 * 1_024 * 1_024
export const KEPT_RECORDINGS = 4
/**
 * What a lab records by itself, in bytes: in two files, of which the older one goes when the newer one is full. A page
 * opens as many events as that. So many labs of before keep theirs.
 */
export const SAVED_LAB_BYTES = 48 * 1_024 * 1_024
export const KEPT_LABS = 3

/** The largest time in a file, in ms: the sum of two is still within the dates of ECMAScript. */
export const MAX_TIME_MS = 4.32e15

/** Lines in a scenario file. */
export const MAX_SCENARIO_LINES = 100_000
/** How long a scenario waits for a condition that says nothing else, in ms. */
export const UNTIL_WITHIN_MS = 30_000
/** Longest wait in a scenario, in ms. */
export const MAX_WAIT_MS = 3_600_000
