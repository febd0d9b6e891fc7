/**
 * Reads the registry. It is separate from registry.ts, because a node only writes, and should load as little as
 * possible.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { birthOf, unregister } from './registry.ts'

const NAME = /^node-(\d{1,5})$/
const ENTRY = /^(\d{2,10}) (\d*)$/
const GONE_TIMEOUT_MS = 5_000
const LOOK_EVERY_MS = 20
/** Every node's command line names its bundle. */
const BUNDLE = 'process.cjs'

/** Returns the registered nodes that still run. Removes the entries of nodes that are gone. */
export function registeredNodes(directory: string): { port: number; pid: number }[] {
  const nodes: { port: number; pid: number }[] = []
  for (const name of list(directory)) {
    const port = Number(NAME.exec(name)?.[1])
    if (!port) continue
    const [, pid = '', birth = ''] = ENTRY.exec(read(join(directory, name))) ?? []
    if (pid !== '' && isNode(Number(pid), birth)) nodes.push({ port, pid: Number(pid) })
    else unregister(directory, port)
  }
  return nodes
}

/**
 * Kills the registered nodes, and those that register meanwhile: a lab that is still starting has more to come.
 * Resolves with the number of signals, when no node is left or after 5 s.
 */
export async function endRegistered(directory: string, kill = killNode): Promise<number> {
  const signalled = new Set<number>()
  for (let waited = 0; waited < GONE_TIMEOUT_MS; waited += LOOK_EVERY_MS) {
    const nodes = registeredNodes(directory)
    if (nodes.length === 0) break
    for (const { pid } of nodes) {
      if (!signalled.has(pid)) kill(pid)
      signalled.add(pid)
    }
    await wait(LOOK_EVERY_MS)
  }
  return signalled.size
}

function killNode(pid: number) {
  try {
    // SIGKILL, because a stopped or busy node would not react to SIGTERM, and it has nothing to save.
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself in the meantime.
  }
}

/** Returns whether the process is the one that registered itself, and not a stranger with a reused id. */
function isNode(pid: number, birth: string): boolean {
  if (birth !== '') return birthOf(pid) === birth
  const [program, ...args] = commandLineQuery(pid, process.platform)
  try {
    return execFileSync(program, args, { encoding: 'utf8' }).includes(BUNDLE)
  } catch {
    return false
  }
}

/** Returns the command that prints the command line of a process, for a system without /proc. */
export function commandLineQuery(pid: number, platform: NodeJS.Platform): readonly [program: string, ...string[]] {
  if (platform !== 'win32') return ['ps', '-o', 'command=', '-p', `${pid}`]
  const query = `(Get-CimInstance Win32_Process -Filter "ProcessId = ${pid}").CommandLine`
  return ['powershell.exe', '-NoProfile', '-NonInteractive', '-Command', query]
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}
