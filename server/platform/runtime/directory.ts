/**
 * The runtime folder: processes of this software find each other there. It contains the supervisor's socket, the counts
 * of starts and the list of nodes. We write only into a folder of our own; the folder around it, which may be
 * anybody's, is never changed.
 */
import { accessSync, constants, existsSync, lstatSync, mkdirSync, type Stats, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { Refusal } from '../../../shared/text/refusal.ts'
import { fileWords } from '../system-errors.ts'

/** Reports that the folder cannot be used. */
export class FolderRefusal extends Refusal {}

const WAY_OUT = 'set RUMORSCOPE_RUNTIME to a folder of your own'
const user = process.getuid?.()

/** Name of our folder within another one. */
export const ownFolder = (within: string): string => join(within, `rumorscope-${user ?? 'user'}`)

/**
 * Returns the path of our folder: in the folder that RUMORSCOPE_RUNTIME names, else in XDG_RUNTIME_DIR, else in the
 * folder for temporary files. Makes ours in XDG_RUNTIME_DIR, and calls `complain` when that is set and cannot be used.
 * @throws FolderRefusal when RUMORSCOPE_RUNTIME is no absolute path, or its name is not UTF-8.
 */
export function runtimeDirectory(env: NodeJS.ProcessEnv = process.env, complain: (what: string) => void = () => {}) {
  if (env.RUMORSCOPE_RUNTIME) {
    const within = env.RUMORSCOPE_RUNTIME
    requireUtf8('RUMORSCOPE_RUNTIME', within)
    // Programs that start in other folders would each have another one, and not find each other.
    if (!isAbsolute(within))
      throw new FolderRefusal(
        `RUMORSCOPE_RUNTIME is ${within}, which is not an absolute path: set it to ${resolve(within)}`,
      )
    return ownFolder(within)
  }
  const wanted = env.XDG_RUNTIME_DIR
  const problem = wanted && whyUnusable(wanted)
  if (wanted && problem === undefined) return ownFolder(wanted)
  requireUtf8('the folder for temporary files (TMPDIR)', tmpdir())
  const fallback = ownFolder(tmpdir())
  if (wanted) complain(`XDG_RUNTIME_DIR is ${wanted}, which ${problem}; using ${fallback}`)
  return fallback
}

/** Node replaces bytes that are not UTF-8 by U+FFFD: it would be another folder. */
function requireUtf8(what: string, path: string) {
  if (path.includes('\ufffd')) throw new FolderRefusal(`${what} is not UTF-8; ${WAY_OUT}`)
}

/** Never makes the session's folder: the system makes it for a user who logs in (XDG Base Directory). */
function whyUnusable(path: string): string | undefined {
  if (path.includes('\ufffd')) return 'is not UTF-8'
  if (!isAbsolute(path)) return 'is not an absolute path'
  try {
    const status = statSync(path)
    if (!status.isDirectory()) return 'is not a folder'
    if (user !== undefined && status.uid !== user) return 'belongs to another user'
    accessSync(path, constants.W_OK | constants.X_OK)
    return canHold(ownFolder(path)) ? undefined : 'does not allow new folders'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : 'cannot be used'
  }
}

/** Some file systems, such as /proc, look writable and are not: only making our folder shows it. */
function canHold(directory: string): boolean {
  if (lstatSync(directory, { throwIfNoEntry: false })) return true
  try {
    makeOne(directory)
    return true
  } catch {
    return false
  }
}

/**
 * Makes our folder if it is missing. Each node's start runs this: once the folder exists it is one system call.
 * @throws FolderRefusal when it cannot be made, or when another user could write there, who could then command our
 * nodes.
 */
export const ensureRuntimeDirectory = (directory: string): string =>
  ensurePrivateFolder(directory, 'the runtime folder', WAY_OUT)

/**
 * Makes a folder if it is missing, for this user only. `name` and `wayOut` are for the refusal.
 * @throws FolderRefusal when it cannot be made, or when another user could read or write there.
 */
export function ensurePrivateFolder(directory: string, name: string, wayOut: string): string {
  let status: Stats
  try {
    // Does not follow a link: in a shared folder anybody can make one under our name.
    status = lstatSync(directory, { throwIfNoEntry: false }) ?? make(directory)
  } catch (error) {
    throw new FolderRefusal(`${name} cannot be created: ${directory}: ${whyNotMade(error as Error)}; ${wayOut}`)
  }
  const problem = privacyProblem(directory, status, wayOut)
  if (problem !== undefined) throw new FolderRefusal(problem)
  return directory
}

/** Its parents were made first: some file systems, such as /proc, report a missing parent when they take no folder. */
const whyNotMade = (error: Error): string =>
  (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'nothing can be created there' : fileWords(error)

/** Returns whether a folder exists, belongs to this user, and no other user can read or write in it. */
export function isPrivateFolder(directory: string): boolean {
  try {
    return privacyProblem(directory, lstatSync(directory)) === undefined
  } catch {
    return false
  }
}

function privacyProblem(directory: string, status: Stats, wayOut = ''): string | undefined {
  const { uid } = status
  const mode = status.mode & 0o777
  if (!status.isDirectory()) return `${directory} is not a folder: remove it, or ${wayOut}`
  if (user === undefined) return undefined
  if (uid !== user) return `${directory} belongs to another user; ${wayOut}`
  if ((mode & 0o077) === 0) return undefined
  return `${directory} is open to other users (mode ${mode.toString(8)}): remove it, or ${wayOut}`
}

function make(directory: string): Stats {
  makeWithin(dirname(directory))
  makeOne(directory)
  return lstatSync(directory)
}

/** Avoids mkdir's own `recursive`: in a file system like /proc, where no folder can be made, Node 20 tries for ever. */
function makeWithin(directory: string) {
  if (existsSync(directory)) return
  makeWithin(dirname(directory))
  makeOne(directory)
}

function makeOne(directory: string) {
  try {
    mkdirSync(directory, 0o700)
  } catch (error) {
    // Several nodes may start at once: the first one makes it.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
