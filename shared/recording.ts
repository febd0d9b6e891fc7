/** A recording: a header, then the event stream, one JSON object a line. */

/** Raised when a reader of before could not make sense of a file of after. */
export const RECORDING_VERSION = 1

export interface RecordingHeader {
  readonly rumorscope: 'recording'
  readonly version: typeof RECORDING_VERSION
  /** Names the life of the lab that it is of. */
  readonly lab: string
  /** When the lab began, in ms since 1970; the times of events count from it. */
  readonly beganAt: number
}
