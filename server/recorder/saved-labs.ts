/**
 * Manages the folder of automatic recordings. Each file name contains the beginning of its lab, its process and the
 * lab's id, so that no two labs share one and the recording of a running lab is never taken for that of the last one.
 */
import { lstatSync, type Stats } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { ensurePrivateFolder, isPrivateFolder } from '../platform/runtime/directory.ts'
import { birthOf } from '../platform/runtime/registry.ts'

export const KEPT_LABS = 3

/** A lab that has ended, and its files. */
export interface SavedLab {
  /** Identifies the run of the lab. */
  readonly lab: string
  /** When its recording was last written, in ms since 1970. */
  readonly endedAt: number
  readonly bytes: number
  /** Oldest first; each later one continues the one before. At least one. */
  readonly files: readonly string[]
  /** Name of the recording that the page opens by itself: a person named it. */
  readonly opens?: string
}

/**
 * Returns the folder for automatic recordings of this user: in XDG_STATE_HOME, else in ~/.local/state (XDG Base
 * Directory).
 */
export function savedLabsFolder({ XDG_STATE_HOME: state }: NodeJS.ProcessEnv = process.env): string {
  return join(state !== undefined && isAbsolute(state) ? state : stateOfUser(), 'rumorscope')
}

function stateOfUser(): string {
  try {
    return join(homedir(), '.local', 'state')
  } catch {
    // The system knows no home of this user.
    return tmpdir()
  }
}

const WAY_OUT = 'set XDG_STATE_HOME to a folder of your own, or start with --no-autosave'

/** @throws FolderRefusal when the folder cannot be made or is open to others. */
export const ensureSavedLabsFolder = (folder: string): string =>
  ensurePrivateFolder(folder, 'the folder for the recordings of labs', WAY_OUT)

const NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d_(?<pid>\d{1,10})-(?<birth>\d*)_(?<lab>[\da-f-]{36})\.jsonl(?<age>\.1)?$/

/** Returns the path for the recording of a lab of this process. `beganAt` is in ms since 1970. */
export function savedLabPath(folder: string, lab: { readonly id: string; readonly beganAt: number }): string {
  const began = new Date(lab.beganAt).toISOString().slice(0, 19).replaceAll(':', '-')
  return join(folder, `${began}_${process.pid}-${birthOf(process.pid) ?? ''}_${lab.id}.jsonl`)
}

/**
 * Resolves with the labs that have ended, the latest first. Labs with an end in the future come last: otherwise the lab
 * would offer them for ever, and remove later ones first. Resolves with none for a folder that cannot be read. The same
 * holds for a folder in which others could put a recording or a link, because the lab offers and removes what is there.
 */
export async function savedLabs(folder: string): Promise<readonly SavedLab[]> {
  const names = isPrivateFolder(folder) ? await readdir(folder).catch(() => []) : []
  const labs = new Map<string, SavedLab>()
  // The older part of a recording has the longer name, and comes first.
  for (const name of names.sort().reverse()) {
    const { pid = '', birth = '', lab = '' } = NAME.exec(name)?.groups ?? {}
    const found = lab === '' || isRunning(Number(pid), birth) ? undefined : look(join(folder, name))
    if (!found || found.size === 0) continue
    const before = labs.get(lab) ?? { lab, endedAt: 0, bytes: 0, files: [] }
    labs.set(lab, {
      lab,
      endedAt: Math.max(before.endedAt, found.mtimeMs),
      bytes: before.bytes + found.size,
      files: [...before.files, join(folder, name)],
    })
  }
  const latest = Date.now() + CLOCK_SLACK_MS
  const when = ({ endedAt }: SavedLab) => (endedAt > latest ? 0 : endedAt)
  return [...labs.values()].sort((a, b) => when(b) - when(a))
}

/** Tolerance for clock corrections, in ms. A lab that ended later than that from now had a wrong clock. */
const CLOCK_SLACK_MS = 86_400_000

/** Removes all but the latest of the labs that have ended. */
export async function forgetOldLabs(labs: readonly SavedLab[]): Promise<void> {
  const files = labs.slice(KEPT_LABS).flatMap((lab) => lab.files)
  await Promise.all(files.map((file) => rm(file, { force: true })))
}

function look(path: string): Stats | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found?.isFile() ? found : undefined
}

/** Returns whether the lab's process still runs. An id may be reused; with the start time it identifies one process. */
function isRunning(pid: number, birth: string): boolean {
  if (birth !== '') return birthOf(pid) === birth
  try {
    return pid !== process.pid && process.kill(pid, 0)
  } catch {
    return false
  }
}
