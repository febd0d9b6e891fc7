import { spawn } from 'node:child_process'
import { fstatSync, statSync, writeSync } from 'node:fs'
import { devNull } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Expected trouble: its message is all that a person needs. */
export class PreparationFailed extends Error {}

/** Controls and overrides of direction; the rule of shared/text/visible.ts, which cannot be loaded before there is a build. */
const UNSEEN = /[^\P{C}\n\t]/gu
const escaped = (found) => `\\u${found.codePointAt(0).toString(16).padStart(4, '0')}`

/** Returns the text with nothing in it that a terminal would obey. */
export const shown = (text) => text.replace(UNSEEN, escaped)

export function say(text) {
  try {
    writeSync(2, `${shown(text)}\n`)
  } catch {
    // Under proxy.py stderr cannot be written to; there is nobody to tell.
  }
}

/** Whether what is said goes anywhere: proxy.py opens /dev/null for reading in place of stderr. */
export function isHeard() {
  try {
    return fstatSync(2).rdev !== statSync(devNull).rdev
  } catch {
    return false
  }
}

/** Runs a command in the checkout. Its output is kept back and shown only if it fails. */
export function run(what, command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], ...options })
    const output = []
    child.stdout.on('data', (chunk) => output.push(chunk))
    child.stderr.on('data', (chunk) => output.push(chunk))
    let ended
    const forget = passSignalsTo(child, (signal) => {
      ended = signal
    })
    child.on('error', (error) => {
      forget()
      reject(new PreparationFailed(`${what} could not start: ${error.message}`))
    })
    child.on('close', (code, signal) => {
      forget()
      if (code === 0) return resolve()
      // Ctrl-C: what it had done so far is of no interest.
      if (ended) return reject(new PreparationFailed(`${what} was ended by ${ended}`))
      // All of it: npm tells the reason first, vite last.
      reject(
        new PreparationFailed(
          `${Buffer.concat(output).toString().trimEnd()}\n${what} failed (${signal ?? `exit ${code}`})`,
        ),
      )
    })
  })
}

/** Whoever ends the preparation ends what it is running too, so that no half-done install goes on by itself. */
function passSignalsTo(child, onSignal) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  const pass = (signal) => {
    onSignal(signal)
    child.kill(signal)
  }
  for (const signal of signals) process.on(signal, pass)
  return () => {
    for (const signal of signals) process.off(signal, pass)
  }
}
