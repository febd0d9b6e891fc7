/** The files of a recording: what may be one, and where older ones go. */
import { constants, type Stats } from 'node:fs'
import { access, type FileHandle, lstat, open, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Refusal } from '../../shared/text/refusal.ts'
import { fileWords } from '../platform/system-errors.ts'

export const KEPT_RECORDINGS = 4

/** There can be no recording under this name. */
export class RecordingRefusal extends Refusal {}

/**
 * Asks before anything starts. A pipe would hang until somebody reads it, and nothing but a file can be mended when a
 * disk was full, or go on in a further one. A link would get another name with each new file, and it may be one that all
 * programs need: /dev/stdout.
 * @throws (rejects) RecordingRefusal when there can be no recording under this name.
 */
export async function requireRecordable(path: string): Promise<void> {
  if (path === '') throw new RecordingRefusal('a recording needs the name of a file')
  if (/[/\\]$/.test(path)) throw new RecordingRefusal(`${path} is a folder: name a file in it`)
  try {
    const folder = dirname(path)
    if (!(await unlessMissing(stat(folder)))?.isDirectory())
      throw new RecordingRefusal(`${path} cannot be written: there is no folder ${folder}`)
    const found = await unlessMissing(lstat(path))
    if (found) requireFile(path, found)
    await requirePlaces(path, KEPT_RECORDINGS)
    // Also where the file is there: it gets another name, and a new one takes its place.
    await access(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new RecordingRefusal(whyUnwritable(path, error as Error))
  }
}

function requireFile(path: string, found: Stats) {
  if (found.isDirectory()) throw new RecordingRefusal(`${path} is a folder: name a file in it`)
  if (found.isSymbolicLink()) throw new RecordingRefusal(`${path} is a link: name the file itself, or another one`)
  if (!found.isFile()) throw new RecordingRefusal(`${path} is a pipe or a device: a recording needs a file`)
}

/** Nothing but older files may be where older files go: what is there is overwritten. */
async function requirePlaces(path: string, count: number): Promise<void> {
  for (let age = 1; age <= count; age += 1) {
    const place = `${path}.${age}`
    const found = await unlessMissing(lstat(place))
    if (found && !found.isFile())
      throw new RecordingRefusal(`${place} is no file, and older parts go there: remove it, or name another file`)
  }
}

/** Returns the sentence for an error that a recording under this name met. */
export function whyUnwritable(path: string, error: Error): string {
  if (error instanceof RecordingRefusal) return error.message
  // The folder is there. Some file systems, as /proc, say so of a name that they do not take.
  const isRefused = (error as NodeJS.ErrnoException).code === 'ENOENT'
  return `${path} cannot be written: ${isRefused ? 'no file can be made there: choose another folder' : fileWords(error)}`
}

/**
 * Makes an empty file. In a folder that others can write to, somebody may put a file, a pipe or a link there meanwhile:
 * nothing that has the name is opened.
 * @throws (rejects) RecordingRefusal where something that is no file has that name, else the system's error.
 */
export async function openRecording(path: string, mode = 0o666): Promise<FileHandle> {
  await requireRecordable(path)
  return open(path, 'wx', mode)
}

/** The new name of a file that was there. */
export interface Kept {
  /** Its name now. */
  readonly as: string
  /** The oldest one, which had to make room. */
  readonly overwritten: string | undefined
}

/**
 * FILE becomes FILE.1, that one FILE.2, up to FILE.<count>; the oldest is overwritten. Nothing but files is moved.
 * Resolves with undefined where no FILE was.
 * @throws (rejects) RecordingRefusal where something else is in the way, else the system's error.
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
