/** Saves the page's past of a lab as a recording. It loads at the start, because it is needed when the lab is gone. */
import { plural } from '../../../shared/text/format.ts'
import { capital } from '../../../shared/text/words.ts'
import { writeRecording } from '../../../shared/wire/recording.ts'
import type { Span } from '../../model/event-span.ts'
import { makingTrouble, type Trouble } from '../../model/trouble.ts'
import type { LabHeader } from '../store.ts'
import { download } from './download.ts'

/** Returns `rumorscope-2026-11-22-19-05.jsonl`, which sorts by time in a folder. */
export const fileName = (ending: string): string =>
  `rumorscope-${new Date().toISOString().slice(0, 16).replace(/[T:]/g, '-')}.${ending}`

/** Resolves with the outcome in words. */
export function saveRecording(header: LabHeader, { base, events }: Span): string {
  download(fileName('jsonl'), new Blob([writeRecording(header, base, events)], { type: 'application/jsonl' }))
  return savedWords('recording', events.length)
}

/** Calls `saveRecording`, and words its failure. */
export function trySaving(header: LabHeader, span: Span): Trouble {
  try {
    return { words: saveRecording(header, span) }
  } catch (error) {
    return makingTrouble(error)
  }
}

export const savedWords = (what: string, events: number): string =>
  `${capital(what)} saved: ${plural(events, 'event')}.`
