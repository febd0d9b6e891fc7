/** Registers the running nodes of this user with a small file each, so that `stopall` finds exactly those. */
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { statOf } from '../proc.ts'
import { fileWords } from '../system-errors.ts'

const fileOf = (directory: string, port: number) => join(directory, `node-${port}`)

/** Registers this process as the node on a UDP port. @throws with the path of the file if it cannot be written. */
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
 * Returns when a process began, in clock ticks since the machine booted. With its id this identifies a process, although
 * ids are reused. Returns undefined if the process has ended, or the system does not say.
 */
export function birthOf(pid: number): string | undefined {
  const stat = statOf(pid)
  // A zombie has ended; its parent has not collected its exit code yet.
  return stat?.state === 'Z' ? undefined : stat?.startedAt
}
