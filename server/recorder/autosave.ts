/**
 * Records a lab automatically, so that a crash of the machine loses no lecture. It reads released events periodically:
 * no code waits for it, and a burst is released no sooner because of it.
 */

import type { Lab } from '../../shared/lab/lab.ts'
import { messageOf } from '../../shared/lab/refusal.ts'
import { type Recorder, type RecorderOptions, RecordingWriter } from './recorder.ts'
import { openRecording } from './recording-files.ts'
import { ensureSavedLabsFolder, savedLabPath } from './saved-labs.ts'

/**
 * Maximum size of an automatic recording, in bytes: in two files, of which the older one is removed when the newer one
 * is full. A page opens that many events. So many earlier labs keep theirs.
 */
const SAVED_LAB_BYTES = 48 * 1_024 * 1_024

/** Interval of writes, in ms: a killed supervisor loses no more. */
const WRITE_EVERY_MS = 500
/** Interval at which the file is flushed to the disk, in ms: a crash of the machine loses no more. */
const SYNC_EVERY_MS = 5_000
/** One file grows to half of the bound, then the next one begins and the one before the last is removed. */
const KEPT_FILES = 1
const OWNER_ONLY = 0o600

export interface AutosaveOptions extends RecorderOptions {
  readonly everyMs?: number
}

/**
 * Records a lab into a folder, which is made if it is missing. If that is impossible, reports it and returns undefined.
 */
export function recordItself(lab: Lab, folder: string, options: AutosaveOptions): Recorder | undefined {
  try {
    return autosave(lab, savedLabPath(ensureSavedLabsFolder(folder), lab), options)
  } catch (error) {
    const problem = `autosave is off for this lab: ${messageOf(error)}`
    options.complain(problem)
    options.note?.(problem)
    return undefined
  }
}

/** Records into `path` from the first command or message on: a lab that nobody used leaves no file. */
export function autosave(lab: Lab, path: string, { everyMs = WRITE_EVERY_MS, ...options }: AutosaveOptions): Recorder {
  const writer = new RecordingWriter(lab, path, {
    rotateBytes: SAVED_LAB_BYTES / (KEPT_FILES + 1),
    keep: KEPT_FILES,
    missesOldest: false,
    syncMs: SYNC_EVERY_MS,
    openFile: (file) => openRecording(file, OWNER_ONLY),
    ...options,
  })
  let isUsed = false
  let looked = 0
  function look(): boolean {
    const { sequencer } = lab
    if (isUsed || looked === sequencer.last) return isUsed
    const from = Math.max(looked + 1, sequencer.oldest)
    isUsed = sequencer.read(from, Number.POSITIVE_INFINITY).some(({ type }) => type === 'command' || type === 'stored')
    looked = sequencer.last
    return isUsed
  }
  const timer = setInterval(() => {
    if (look()) void writer.pump()
  }, everyMs)
  return {
    async close() {
      clearInterval(timer)
      return look() ? writer.end() : true
    },
  }
}
