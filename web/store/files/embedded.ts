/** Reads the recording inside a page that was saved as a file, and that has no lab. */
import type { LabEvent } from '../../../shared/model/event.ts'
import type { LabState } from '../../../shared/model/lab-state.ts'
import type { RecordingHeader } from '../../../shared/wire/recording.ts'
import { createPast, type Past } from '../../model/time/past.ts'
import type { OpenRecording } from '../store.ts'

/** Id of the element that carries it, and its encoding. */
export const EMBEDDED_ID = 'recording'

export interface Embedded {
  readonly name: string
  readonly header: Pick<RecordingHeader, 'lab' | 'beganAt'>
  readonly base: LabState
  readonly events: readonly LabEvent[]
}

export type EmbeddedPast = OpenRecording & { readonly past: Past }

export function embeddedRecording(): EmbeddedPast | null {
  const text = document.getElementById(EMBEDDED_ID)?.textContent
  if (!text) return null
  // This page's own code wrote it into its own file.
  const { name, header, base, events }: Embedded = JSON.parse(text)
  const past = createPast(base, events.length + 1)
  past.append(events)
  return { name, header, note: null, past }
}
