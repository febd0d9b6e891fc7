/** The nodes of this user that run now: a small file each, so that `stopall` finds them and nobody else's. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileWords } from '../system-errors.ts'

const fileOf = (directory: string, port: number) => join(directory, `node-${port}`)

/** @throws when that cannot be written, and says where. */
export function register(directory: string, port: number) {
  const file = fileOf(directory, port)
  try {
    // Moved into place: stopall would take one that is half written for nobody's, and remove it.
    writeFileSync(`${file}.new`, `${process.pid} ${birthOf(process.pid) ?? ''}\n`)
    renameSync(`${file}.new`, file)
  } catch (error) {
    throw new Error(`${file} cannot be written: ${fileWords(error as Error)}`)
  }
}

export function unregister(directory: string, port: number) {
  rmSync(fileOf(directory, port), { force: true })
}

/**
 * When a process began, in ticks since the machine did: with its number, the name of a process that is never used
 * again. Undefined when there is no such process any more, or the system does not tell.
 */
export function birthOf(pid: number): string | undefined {
  try {
    // The second field is the program's name, in brackets, and may hold anything. The 22nd is the start.
    const [, state = '', ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').split(' ')
    // A zombie has ended, and only its parent has not asked how.
    return state === 'Z' ? undefined : fields[18]
  } catch {
    return undefined
  }
}
