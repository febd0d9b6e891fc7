import { execFile } from 'node:child_process'
import { fstatSync, statSync, writeSync } from 'node:fs'
import { devNull } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** An expected failure: its message is all that a person needs. */
export class PreparationFailed extends Error {}

/**
 * Controls and overrides of direction; the rule of shared/text/visible.ts, which cannot be loaded before there is a
 * build.
 */
const UNSEEN = /[^\P{C}\n\t]/gu
const escaped = (found) => `\\u${found.codePointAt(0).toString(16).padStart(4, '0')}`

/** Returns the text without characters that a terminal would obey. */
export const shown = (text) => text.replace(UNSEEN, escaped)

export function say(text) {
  try {
    writeSync(2, `${shown(text)}\n`)
  } catch {
    // Under proxy.py stderr cannot be written to; nobody can be informed.
  }
}

/** Returns whether output has a destination: proxy.py opens /dev/null for reading in place of stderr. */
export function isHeard() {
  try {
    return fstatSync(2).rdev !== statSync(devNull).rdev
  } catch {
    return false
  }
}

/**
 * Runs a command in the checkout. Shows its output only if it fails. A signal that ends this process ends the command
 * too, so that no half-done install continues by itself.
 */
export async function run(what, command, args, options = {}) {
  const running = promisify(execFile)(command, args, { cwd: ROOT, maxBuffer: Number.POSITIVE_INFINITY, ...options })
  let ended
  const pass = (signal) => {
    ended = signal
    running.child.kill(signal)
  }
  for (const signal of SIGNALS) process.on(signal, pass)
  try {
    await running
  } catch ({ message, code, signal, stdout, stderr }) {
    if (typeof code === 'string') throw new PreparationFailed(`${what} could not start: ${message}`)
    // After Ctrl-C its output is of no interest.
    if (ended) throw new PreparationFailed(`${what} was ended by ${ended}`)
    throw new PreparationFailed(`${`${stdout}${stderr}`.trimEnd()}\n${what} failed (${signal ?? `exit ${code}`})`)
  } finally {
    for (const name of SIGNALS) process.off(name, pass)
  }
}
