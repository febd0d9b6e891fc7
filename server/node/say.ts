/** Writes a node's few lines to stdout and stderr. */
import { writeSync } from 'node:fs'
import { visible } from '../../shared/text/visible.ts'
import { note } from './process-log.ts'

/** Writes one line to stderr, if possible, and to the log of bin/process, and ends the process. */
export function fail(why: string, code: number): never {
  say(2, `process: ${why}`)
  note(why)
  process.exit(code)
}

/** Writes one line, without characters that a terminal obeys. */
export function say(fd: 1 | 2, text: string) {
  try {
    writeSync(fd, `${visible(text)}\n`)
  } catch {
    // The stream is read-only, full or closed: nobody can be informed.
  }
}
