/** Reads the registry. Apart from it, because a node never does, and what it need not load it starts without. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { birthOf, unregister } from './registry.ts'

const NAME = /^node-(\d{1,5})$/
const ENTRY = /^(\d{2,10}) (\d*)$/
/** Every node's command line names its bundle. */
const BUNDLE = 'process.cjs'

/** The nodes that are listed and still run. Entries of nodes that are gone are removed. */
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

/** Whether the process is the one that listed itself, and not a stranger with a re-used number. */
function isNode(pid: number, birth: string): boolean {
  if (birth !== '') return birthOf(pid) === birth
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
