/** Handles the files of a recording: checks their names, and moves older ones. */
import { constants, type Stats } from 'node:fs'
import { access, type FileHandle, lstat, open, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Refusal } from '../../shared/text/refusal.ts'
import { fileWords } from '../platform/system-errors.ts'

export const KEPT_RECORDINGS = 4

/** Reports that there can be no recording under this name. */
export class RecordingRefusal extends Refusal {}

/**
 * Checks the path before anything starts. A pipe would hang until somebody reads it, and only a file can be repaired
 * after a full disk, or continue in a further one. A link would get another name with each new file, and it may be one
 * that all programs need: /dev/stdout.
 * @throws (rejects) RecordingRefusal when there can be no recording under this name.
 */
export async function requireRecordable(path: string): Promise<void> {
  if (path === '') throw new RecordingRefusal('name a file for the recording')
  if (/[/\\]$/.test(path)) throw new RecordingRefusal(`${path} is a folder: name a file in it`)
  try {
    const folder = dirname(path)
    if (!(await unlessMissing(stat(folder)))?.isDirectory())
      throw new RecordingRefusal(`${path} cannot be written: there is no folder ${folder}`)
    const found = await unlessMissing(lstat(path))
    if (found) requireFile(path, found)
    await requirePlaces(path, KEPT_RECORDINGS)
    // Checks this also if the file exists: it gets another name, and a new one takes its place.
    await access(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new RecordingRefusal(whyUnwritable(path, error as Error))
  }
}

function requireFile(path: string, found: Stats) {
  if (found.isDirectory()) throw new RecordingRefusal(`${path} is a folder: name a file in it`)
  if (found.isSymbolicLink())
    throw new RecordingRefusal(`${path} is a symbolic link: name the file itself, or another file`)
  if (!found.isFile()) throw new RecordingRefusal(`${path} is a pipe or a device: a recording needs a file`)
}

/** Only older recordings may be in the places of older files: those are overwritten. */
async function requirePlaces(path: string, count: number): Promise<void> {
  for (let age = 1; age <= count; age += 1) {
    const place = `${path}.${age}`
    const found = await unlessMissing(lstat(place))
    if (found && !found.isFile())
      throw new RecordingRefusal(
        `${place} is not a file, but older parts of the recording go there: remove it, or name another file`,
      )
  }
}

/** Returns the sentence for an error of a recording under this name. */
export function whyUnwritable(path: string, error: Error): string {
  if (error instanceof RecordingRefusal) return error.message
  // The folder exists. Some file systems, such as /proc, report this error for a name that they refuse.
  const isRefused = (error as NodeJS.ErrnoException).code === 'ENOENT'
  return `${path} cannot be written: ${isRefused ? 'files cannot be created there: choose another folder' : fileWords(error)}`
}

/**
 * Makes an empty file. In a folder that others can write to, somebody may put a file, a pipe or a link there meanwhile:
 * an existing entry is never opened.
 * @throws (rejects) RecordingRefusal if something other than a file has that name, else the system's error.
 */
export async function openRecording(path: string, mode = 0o666): Promise<FileHandle> {
  await requireRecordable(path)
  return open(path, 'wx', mode)
}

/** The new name of an existing file. */
export interface Kept {
  /** Its present name. */
  readonly as: string
  /** The oldest one, which was overwritten. */
  readonly overwritten: string | undefined
}

/**
 * Moves FILE to FILE.1, that one to FILE.2, up to FILE.<count>; the oldest is overwritten. Moves only files. Resolves
 * with undefined if there was no FILE.
 * @throws (rejects) RecordingRefusal if something else is in the way, else the system's error.
 */
export async function keepOlder(path: string, count: number): Promise<Kept | undefined> {
  if (!(await isFile(path))) return undefined
  await requirePlaces(path, count)
  const oldest = `${path}.${count}`
  let overwritten: string | undefined
  for (let age = count - 1; age >= 0; age -= 1) {
    const from = age === 0 ? path : `${path}.${age}`
    const to = `${path}.${age + 1}`
    if (!(await isFile(from))) continue
    if (to === oldest && (await isFile(to))) overwritten = to
    await rename(from, to)
  }
  return { as: `${path}.1`, overwritten }
}

const isFile = async (path: string): Promise<boolean> => (await unlessMissing(lstat(path)))?.isFile() ?? false

async function unlessMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
