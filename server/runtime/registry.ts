/** The nodes of this user that run now: a small file each, so that `stopall` finds them and nobody else's. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const NAME = /^node-(\d{1,5})$/
/** Every node's command line names its bundle; a process whose line does not is a stranger with a re-used number. */
const BUNDLE = 'process.cjs'

const fileOf = (directory: string, port: number) => join(directory, `node-${port}`)

/** @throws when the directory cannot be written. */
export function register(directory: string, port: number) {
  writeFileSync(fileOf(directory, port), `${process.pid}\n`)
}

export function unregister(directory: string, port: number) {
  rmSync(fileOf(directory, port), { force: true })
}

/** Process ids of the nodes that are listed and still run. Files of nodes that are gone are removed. */
export function registeredNodes(directory: string): { port: number; pid: number }[] {
  const nodes: { port: number; pid: number }[] = []
  for (const name of list(directory)) {
    const port = Number(NAME.exec(name)?.[1])
    if (!port) continue
    const pid = Number(read(join(directory, name)))
    if (Number.isInteger(pid) && pid > 1 && isNode(pid)) nodes.push({ port, pid })
    else unregister(directory, port)
  }
  return nodes
}

function isNode(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(BUNDLE)
  } catch {
    if (process.platform === 'linux') return false
  }
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', `${pid}`], { encoding: 'utf8' }).includes(BUNDLE)
  } catch {
    return false
  }
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
