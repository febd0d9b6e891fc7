/** Writes the event stream of a lab to a file. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { RECORDING_VERSION, type RecordingHeader } from '../../shared/recording.ts'
import type { Lab } from './lab.ts'

/**
 * Records everything from the oldest event that the lab still has until the recording is closed; gives what closes it.
 * @throws with the system's error when the file cannot be written.
 */
export function record(lab: Lab, path: string): () => void {
  const { id, beganAt, journal } = lab
  const file = openSync(path, 'w')
  const header: RecordingHeader = { rumorscope: 'recording', version: RECORDING_VERSION, lab: id, beganAt }
  writeSync(file, `${JSON.stringify(header)}\n`)
  let next = journal.oldest
  const write = () => {
    const events = journal.read(next, Number.MAX_SAFE_INTEGER)
    next += events.length
    if (events.length > 0) writeSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  }
  const stop = lab.onRelease(write)
  write()
  return () => {
    stop()
    write()
    closeSync(file)
  }
}
