/** Manages processes of a test: starts them, reads their output, and ends them with the test. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { birthOf } from '../platform/runtime/registry.ts'

export const ROOT = join(import.meta.dirname, '../..')
export const BUNDLE = join(ROOT, 'dist/node/process.cjs')
export const BIN = join(ROOT, 'bin/process')

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface TestProcess {
  readonly child: ChildProcess
  readonly pid: number
  /** Resolves when it is gone and all its output has been read. */
  readonly ended: Promise<Ended>
  /** Resolves with the first whole line on stdout; rejects if the process ends before. */
  readonly firstLine: Promise<string>
}

/** Starts a process, and kills it at the end of the test. */
export function start(command: string, args: readonly string[], options: SpawnOptions = {}): TestProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  const said = { stdout: '', stderr: '' }
  const ended = once(child, 'close').then(
    ([code, signal]): Ended => ({ code: code as number | null, signal: signal as NodeJS.Signals | null, ...said }),
  )
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (text) => {
      said.stdout += text
      const end = said.stdout.indexOf('\n')
      if (end >= 0) resolve(said.stdout.slice(0, end))
    })
    ended.then(() => reject(new Error(`it ended: ${JSON.stringify(said)}`)), reject)
  })
  // Not every test waits for it.
  firstLine.catch(() => {})
  child.stderr?.on('data', (text) => {
    said.stderr += text
  })
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await ended
  })
  return { child, pid: child.pid ?? 0, ended, firstLine }
}

/** Returns the environment of a node that no lab and no other test finds. `runtime` is the test's own folder. */
export const environment = (runtime: string, rootId: number, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  RUMORSCOPE_RUNTIME: dirname(runtime),
  XDG_STATE_HOME: dirname(runtime),
  RUMORSCOPE_ROOT_ID: `${rootId}`,
  ...more,
})

/** Returns whether there is such a process; a zombie does not count. */
export function isAlive(pid: number | null): boolean {
  if (pid === null) return false
  if (process.platform === 'linux') return birthOf(pid) !== undefined
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
