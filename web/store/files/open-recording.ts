/**
 * Opens a recording in the page: reads it as a stream, so that a large one neither blocks the page nor is kept twice.
 */
import { stringOf } from '../../../shared/gossip/text.ts'
import type { Recording } from '../../../shared/wire/recording.ts'
import { MAX_RECORDING_EVENTS, RecordingReader } from '../../../shared/wire/recording-reader.ts'
import { createPast, type Past } from '../../model/time/past.ts'
import type { Trouble } from '../../model/trouble.ts'

/** Maximum size of a recording in bytes, and of its events; the rest is left out. */
export const MAX_RECORDING_BYTES = 512 * 1_024 * 1_024

type Opened =
  | { readonly ok: true; readonly recording: Recording; readonly past: Past }
  | ({ readonly ok: false } & Trouble)

const DAMAGED = 'the file is damaged or from another version. Open another copy, or record again'

const NEWLINE = 10
/** Number of events added at a time; in between, the page draws. */
const CHUNK = 20_000

export async function openRecording(file: Blob): Promise<Opened> {
  const reader = new RecordingReader()
  const tooLarge = file.size > MAX_RECORDING_BYTES
  await readLines(tooLarge ? file.slice(0, MAX_RECORDING_BYTES) : file, reader)
  const outcome = reader.end(tooLarge ? `Only the first ${MAX_RECORDING_BYTES / 2 ** 20} MiB were opened.` : null)
  if (!outcome.ok) return { ok: false, words: DAMAGED, technical: outcome.error }
  const { recording } = outcome
  if (recording.events.length === 0) return { ok: false, words: 'the recording has no events. Record for longer' }
  return { ok: true, recording, past: await pastOf(recording) }
}

/** By bytes: the reader must be able to refuse a line that is not UTF-8. */
async function readLines(file: Blob, reader: RecordingReader) {
  const bytes = file.stream().getReader()
  let rest: Uint8Array<ArrayBuffer>[] = []
  for (;;) {
    const { value, done } = await bytes.read()
    if (done || reader.done) break
    const end = value.lastIndexOf(NEWLINE) + 1
    if (end > 0) {
      const lines = (await textOf([...rest, value.subarray(0, end)])).split('\n')
      for (const line of lines.slice(0, -1)) reader.take(line)
      rest = []
    }
    rest.push(value.subarray(end))
  }
  await bytes.cancel()
  const last = await textOf(rest)
  if (last !== '') reader.take(last, false)
}

const textOf = async (parts: Uint8Array<ArrayBuffer>[]) => stringOf(new Uint8Array(await new Blob(parts).arrayBuffer()))

async function pastOf({ base, events }: Pick<Recording, 'base' | 'events'>): Promise<Past> {
  const past = createPast(base, MAX_RECORDING_EVENTS)
  for (let from = 0; from < events.length; from += CHUNK) {
    past.append(events.slice(from, from + CHUNK))
    await new Promise((resolve) => setTimeout(resolve))
  }
  return past
}
