import { appendFileSync, rmSync, statSync } from 'node:fs'
import { shown } from './run.mjs'

/** Size past which the log starts again, in bytes; server/node/process-log.ts writes to the same file. */
const MAX_LOG_BYTES = 65_536

/** Adds a line about a program to the log that RUMORSCOPE_LOG names, if that is set and writable. */
export function note(program, args, words) {
  const file = process.env.RUMORSCOPE_LOG
  if (!file) return
  try {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MAX_LOG_BYTES) rmSync(file)
    // The Swedish format of date and time is ISO 8601.
    appendFileSync(file, shown(`${new Date().toLocaleString('sv')} ${[program, ...args].join(' ')}: ${words}\n`))
  } catch {
    // There is no other place.
  }
}
