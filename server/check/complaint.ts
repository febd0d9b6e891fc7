/** Defines the complaints of tests, and the ways in which a run ends before its test does. */

export interface Complaint {
  /** A sentence without its end. */
  readonly words: string
  readonly node?: number
  /** Messages that are missing: their story goes with the words. */
  readonly texts?: readonly string[]
  /** The nodes that lack them; by default `node`. */
  readonly lacking?: readonly number[]
  /** When it showed, in ms since the run began; by default when it was said. */
  readonly atMs?: number
}

/** The run has failed, and its test cannot go on. */
export class RunFailed extends Error {
  readonly complaint: Complaint
  constructor(complaint: Complaint) {
    super(complaint.words)
    this.complaint = complaint
  }
}

/** The test cannot be run with this program or on this machine. `message` says why, as a sentence without its end. */
export class RunSkipped extends Error {}
