/**
 * A recording: a header, then the event stream, one JSON object a line. What is written can be read up to where it
 * ends, also when whoever wrote it was stopped in the middle of a line. docs/recording.md describes it for others.
 */
import type { LabEvent } from '../model/event.ts'
import type { LabState } from '../model/lab-state.ts'

/** Raised when a reader of before could not make sense of a file of after. Readers take all of them. */
export const RECORDING_VERSION = 2
export const READABLE_VERSIONS = [1, RECORDING_VERSION] as const

export interface RecordingHeader {
  readonly rumorscope: 'recording'
  readonly version: (typeof READABLE_VERSIONS)[number]
  /** Names the life of the lab that it is of. */
  readonly lab: string
  /** When the lab began, in ms since 1970; the times of events count from it. */
  readonly beganAt: number
  /** The state before the first event, where that is not event 1. */
  readonly base?: LabState
}

export interface Recording {
  readonly header: RecordingHeader
  readonly base: LabState
  readonly events: readonly LabEvent[]
  /** Why there is no more of it, where there should be. */
  readonly note: string | null
}

/** How a recording begins, whatever it goes on with. */
export const isRecording = (firstLine: string): boolean => /^\s*\{\s*"rumorscope"\s*:\s*"recording"/.test(firstLine)

export function headerLine({ lab, beganAt }: Pick<RecordingHeader, 'lab' | 'beganAt'>, base: LabState): string {
  const header: RecordingHeader = { rumorscope: 'recording', version: RECORDING_VERSION, lab, beganAt }
  return `${JSON.stringify(base.last === 0 ? header : { ...header, base })}\n`
}

const eventLines = (events: readonly LabEvent[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('')

/** Whole, for what fits into one text. */
export function writeRecording(
  header: Pick<RecordingHeader, 'lab' | 'beganAt'>,
  base: LabState,
  events: readonly LabEvent[],
): string {
  return headerLine(header, base) + eventLines(events)
}
