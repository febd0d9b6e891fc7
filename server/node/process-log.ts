/**
 * The log beside bin/process: proxy.py throws away what a process says. Before there is a build, scripts/prepare/log.mjs
 * writes to it.
 */
import { appendFileSync, rmSync, statSync } from 'node:fs'
import { visible } from '../../shared/text/visible.ts'

/** Past this the log begins anew, in bytes. */
const MAX_LOG_BYTES = 65_536

/** Adds a line, if this process was started by bin/process and the log can be written to. */
export function note(words: string) {
  const file = process.env.RUMORSCOPE_LOG
  if (!file) return
  try {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MAX_LOG_BYTES) rmSync(file)
    const name = ['process', ...process.argv.slice(2)].join(' ')
    // In Swedish a date and time are written as ISO 8601 has them.
    appendFileSync(file, `${new Date().toLocaleString('sv')} ${visible(`${name}: ${words}`)}\n`)
  } catch {
    // There is no other place.
  }
}
