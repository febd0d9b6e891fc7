/** Reads the system's knowledge of running processes, as far as it has any: Linux lists them in /proc (proc(5)). */
import { readlinkSync } from 'node:fs'
import { namesIn, readProc, statOf, udpRowsOf } from '../../platform/proc.ts'

/** Name of the environment variable that marks the processes of one node, those that left its group included. */
export const MARK = 'RUMORSCOPE_PROGRAM'

export type Hold = 'signal' | 'debugger'

/** Returns how a process is held from outside: by a signal, or by a debugger; undefined when it is not. */
export function holdOf(pid: number): Hold | undefined {
  const state = statOf(pid)?.state
  return state === 'T' ? 'signal' : state === 't' ? 'debugger' : undefined
}

/** Number of processes of one program that are looked at. */
const MAX_TREE = 64

/** Returns a process and what it has started, as far as the system tells. */
export function treeOf(root: number | null): number[] {
  const tree = root === null ? [] : [root]
  for (const pid of tree) {
    const children = readProc(`/proc/${pid}/task/${pid}/children`).trim()
    if (children !== '' && tree.length < MAX_TREE) tree.push(...children.split(' ').map(Number))
  }
  return tree
}

/** Returns the processes whose environment has this mark; none where the system does not tell. */
export function markedWith(mark: string): number[] {
  const wanted = `${MARK}=${mark}`
  return processes().filter((pid) => readProc(`/proc/${pid}/environ`).split('\0').includes(wanted))
}

const processes = (): number[] => namesIn('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []))

/** Returns the UDP ports that these processes have opened. */
export function udpPortsOf(pids: readonly number[]): number[] {
  const inodes = new Set(pids.flatMap(socketsOf))
  // All are in one network, which need not be that of the lab.
  const folder = `/proc/${pids[0] ?? 'self'}/net`
  const rows = [`${folder}/udp`, `${folder}/udp6`].flatMap((path) => udpRowsOf(readProc(path)))
  return rows.filter(({ inode }) => inodes.has(inode)).map(({ port }) => port)
}

function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`
  return namesIn(folder).flatMap((name) => {
    const [, inode] = /^socket:\[(\d+)\]$/.exec(linkAt(`${folder}/${name}`)) ?? []
    return inode === undefined ? [] : [inode]
  })
}

function linkAt(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
