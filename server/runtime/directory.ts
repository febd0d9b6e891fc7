import { chmodSync, mkdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Where processes of this software find each other: the supervisor's socket, the counts of starts, the list of
 * nodes. One for each user; RUMORSCOPE_RUNTIME names another one.
 */
export function runtimeDirectory(env: NodeJS.ProcessEnv = process.env): string {
  if (env.RUMORSCOPE_RUNTIME) return env.RUMORSCOPE_RUNTIME
  const user = process.getuid?.() ?? 'user'
  return join(env.XDG_RUNTIME_DIR || tmpdir(), `rumorscope-${user}`)
}

/**
 * Makes the directory if need be, for this user only.
 * @throws when it belongs to somebody else, who could then command our nodes.
 */
export function ensureRuntimeDirectory(directory: string): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const { uid } = statSync(directory)
  if (process.getuid && uid !== process.getuid())
    throw new Error(`${directory} belongs to another user; set RUMORSCOPE_RUNTIME to a directory of your own`)
  chmodSync(directory, 0o700)
  return directory
}
