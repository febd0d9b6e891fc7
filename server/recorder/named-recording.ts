/** Finds the recording that a person names with --recording, for the page to open. */
import { closeSync, lstatSync, openSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import { isRecording } from '../../shared/wire/recording.ts'
import { fileWords } from '../platform/system-errors.ts'
import { RecordingRefusal } from './recording-files.ts'
import type { SavedLab } from './saved-labs.ts'

/** More than the part of a header in front of its base, in bytes. */
const HEAD_BYTES = 4_096

/** @throws RecordingRefusal if there is no recording under this name. */
export function namedRecording(path: string): SavedLab {
  try {
    const { size, mtimeMs } = lstatSync(path)
    const head = beginningOf(path)
    if (!isRecording(head)) throw new RecordingRefusal(`${path} is no recording: recordings end in .jsonl`)
    const [, lab = ''] = /"lab"\s*:\s*"([^"]{1,64})"/.exec(head) ?? []
    return { lab, endedAt: mtimeMs, bytes: size, files: [path], opens: basename(path) }
  } catch (error) {
    if (error instanceof RecordingRefusal) throw error
    throw new RecordingRefusal(`${path} cannot be opened: ${fileWords(error as Error)}`)
  }
}

function beginningOf(path: string): string {
  const file = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(HEAD_BYTES)
    return buffer.toString('utf8', 0, readSync(file, buffer))
  } finally {
    closeSync(file)
  }
}
