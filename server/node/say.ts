/** A node's few words on stdout and stderr. */
import { writeSync } from 'node:fs'
import { visible } from '../../shared/text/visible.ts'
import { note } from './process-log.ts'

/** One line on stderr, if that can be written to, and in the log of bin/process, and the end. */
export function fail(why: string, code: number): never {
  say(2, `process: ${why}`)
  note(why)
  process.exit(code)
}

/** One line; nothing in it is obeyed by a terminal. */
export function say(fd: 1 | 2, text: string) {
  try {
    writeSync(fd, `${visible(text)}\n`)
  } catch {
    // Read-only, full or closed: there is nobody to tell.
  }
}
