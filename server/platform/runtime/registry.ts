/** Registers the running nodes of this user: a small file each, so that `stopall` finds exactly those. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileWords } from '../system-errors.ts'

const fileOf = (directory: string, port: number) => join(directory, `node-${port}`)

/** @throws when that cannot be written, and names the place. */
export function register(directory: string, port: number) {
  const file = fileOf(directory, port)
  try {
    // Moved into place: stopall would remove a half-written entry as invalid.
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
 * Returns when a process began, in ticks since the machine did: together with its id it identifies a process for ever.
 * Returns undefined when there is no such process any more, or the system does not say.
 */
export function birthOf(pid: number): string | undefined {
  try {
    // The second field is the program's name, in brackets, with any content. The 22nd is the start.
    const [, state = '', ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').split(' ')
    // A zombie has ended, and only its parent has not collected its status.
    return state === 'Z' ? undefined : fields[18]
  } catch {
    return undefined
  }
}
