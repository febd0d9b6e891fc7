/**
 * Defines a recording: a header, then the event stream, one JSON object a line. A recording can be read up to its end,
 * even if its writer was stopped in the middle of a line. docs/recording.md describes the format for others.
 */
import type { LabEvent } from '../model/event.ts'
import type { LabState } from '../model/lab-state.ts'

/** Must rise when older readers could not understand newer files. Readers accept all versions. */
export const RECORDING_VERSION = 2
export const READABLE_VERSIONS = [1, RECORDING_VERSION] as const

export interface RecordingHeader {
  readonly rumorscope: 'recording'
  readonly version: (typeof READABLE_VERSIONS)[number]
  /** Identifies the run of its lab. */
  readonly lab: string
  /** When the lab began, in ms since 1970; times of events count from it. */
  readonly beganAt: number
  /** The state before the first event, unless that is event 1. */
  readonly base?: LabState
  /** The event at which a page opens the recording, paused, and the sentence that it shows: why a check failed. */
  readonly opensAt?: { readonly event: number; readonly words: string }
}

export interface Recording {
  readonly header: RecordingHeader
  readonly base: LabState
  readonly events: readonly LabEvent[]
  /** Reason why the recording ends early, if it does. */
  readonly note: string | null
}

/** Returns the first lines of a recording. */
export const isRecording = (firstLine: string): boolean => /^\s*\{\s*"rumorscope"\s*:\s*"recording"/.test(firstLine)

type HeaderFacts = Pick<RecordingHeader, 'lab' | 'beganAt' | 'opensAt'>

export function headerLine({ lab, beganAt, opensAt }: HeaderFacts, base: LabState): string {
  const place = opensAt === undefined ? {} : { opensAt }
  const header: RecordingHeader = { rumorscope: 'recording', version: RECORDING_VERSION, lab, beganAt, ...place }
  return `${JSON.stringify(base.last === 0 ? header : { ...header, base })}\n`
}

const eventLines = (events: readonly LabEvent[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('')

/** Returns a whole recording, if it fits into one text. */
export const writeRecording = (header: HeaderFacts, base: LabState, events: readonly LabEvent[]): string =>
  headerLine(header, base) + eventLines(events)
