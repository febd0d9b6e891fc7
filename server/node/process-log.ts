/**
 * Writes the log beside bin/process: proxy.py discards the output of a process. Before there is a build,
 * scripts/prepare/log.mjs writes to it.
 */
import { appendFileSync, rmSync, statSync } from 'node:fs'
import { visible } from '../../shared/text/visible.ts'

/** Size past which the log starts again, in bytes. */
const MAX_LOG_BYTES = 65_536

/** Adds a line, if bin/process started this process and the log is writable. */
export function note(words: string) {
  const file = process.env.RUMORSCOPE_LOG
  if (!file) return
  try {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MAX_LOG_BYTES) rmSync(file)
    const name = ['process', ...process.argv.slice(2)].join(' ')
    // The Swedish format of date and time is ISO 8601.
    appendFileSync(file, `${new Date().toLocaleString('sv')} ${visible(`${name}: ${words}`)}\n`)
  } catch {
    // There is no other place.
  }
}
