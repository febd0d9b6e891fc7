/** Lists programs that break one rule each, with the built-in test that catches it: variants of sound.py, by their BUG. */

export interface BrokenProgram {
  readonly test: string
  readonly bug: string
  /** Completes "A program that ...". */
  readonly does: string
}

const row = (test: string, bug: string, does: string): BrokenProgram => ({ test, bug, does })

export const BROKEN_PROGRAMS: readonly BrokenProgram[] = [
  row('agreement after quiet', 'forget', 'passes on only its own messages'),
  row('no duplicates', 'echo', 'shows the messages of others twice'),
  row('order of each origin', 'shuffle', 'shows the messages of others in reverse'),
  row('nothing forged', 'forge', 'shows a text that nobody sent'),
  row('empty chat log', 'empty', 'answers nothing while it has no message'),
  row('spaces in a text', 'words', 'takes the first word of a rumor for all of it'),
  row('commas in a text', 'commas', 'splits a rumor at its first comma'),
  row('texts of other scripts', 'ascii', 'decodes rumors as ASCII'),
  row('texts of 199 characters', 'short', 'has room for 100 characters of a rumor'),
  row('999 messages', 'full', 'has room for 500 messages'),
  row('outputs that cannot be written to', 'print', 'prints each message, and ends when that fails'),
  row('a restarted node catches up', 'nomend', 'does not answer a status that names no message'),
  row('a restart with another n and port', 'offset', 'derives its UDP port from its TCP port'),
  row('one number, one text', 'renumber', 'counts from 0 again after a restart'),
  row('a message at once after a restart', 'early', 'counts from 0 until it has heard from its neighbours'),
  row('crash in mid-message', 'nomend', 'does not answer a status that names no message'),
  row('a message and a crash in one segment', 'segment', 'reads one command per segment'),
  row('crash ends a program by itself', 'abort', 'aborts in its crash command'),
  row('ports are free after a crash', 'noreuse', 'does not set SO_REUSEADDR'),
  row('a stopped neighbour comes back', 'dead', 'never sends again to a neighbour that was silent for 1.5 s'),
  row('loss of 20 %', 'once', 'has no anti-entropy'),
  row('cut and heal', 'once', 'has no anti-entropy'),
  row('doubled datagrams', 'twice', 'shows a rumor that comes twice as two messages'),
  row('reordered datagrams', 'gaps', 'skips the numbers that are missing'),
  row('silence but for anti-entropy', 'repeat', 'sends all messages again and again'),
  row('one line in two segments', 'halves', 'takes each segment for a line'),
  row('datagrams that make no sense', 'fragile', 'aborts on a datagram that it cannot parse'),
  row('a flood of datagrams', 'flooded', 'aborts after 1,500 such datagrams'),
  row('many TCP clients', 'newest', 'answers the client that came last'),
  row('a client that does not read', 'block', 'waits until its answer has been read'),
]
