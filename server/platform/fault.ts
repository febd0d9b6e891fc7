/** Reports errors at the terminal, each in one sentence. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { faultWords } from '../../shared/text/refusal.ts'
import { expectedWords } from './refusal.ts'
import { complain, lostOutput } from './terminal.ts'

/**
 * Maximum number of errors of one process whose details are saved: an endlessly repeated error must not fill the disk.
 */
const MAX_KEPT = 100

let kept = 0
let file: string | undefined

/**
 * Reports an error at the terminal: why something cannot be done, or that the error is internal and where its details
 * are.
 */
export function complainOf(error: unknown) {
  const words = expectedWords(error)
  if (words !== undefined) return complain(words)
  const details = keepDetails(inspect(error))
  if (details === undefined) complain(faultWords(error), ...inspect(error).split('\n'))
  else complain(`${faultWords(error)}. Details are in ${details}`)
}

/** Returns the file with the details; undefined when it cannot be written. */
function keepDetails(details: string): string | undefined {
  try {
    file ??= join(mkdtempSync(join(tmpdir(), 'rumorscope-fault-')), 'details.txt')
    kept += 1
    if (kept <= MAX_KEPT) writeFileSync(file, `${details}\n\n`, { flag: 'a', mode: 0o600 })
    return file
  } catch {
    return undefined
  }
}

/**
 * Runs one of our programs. Every error that it throws, also later, becomes a sentence on stderr and the exit code 1;
 * otherwise `run` returns the exit code, or undefined for a program that continues.
 */
export async function runProgram(run: () => Promise<number | undefined>) {
  const leave = (error: unknown) => {
    complainOf(error)
    process.exit(1)
  }
  process.on('uncaughtException', leave)
  try {
    const code = await run()
    if (code === undefined) return
    const lost = await lostOutput()
    if (lost !== undefined) complain(`not all of the output was written: ${lost}`)
    process.exit(code === 0 && lost !== undefined ? 1 : code)
  } catch (error) {
    leave(error)
  }
}
