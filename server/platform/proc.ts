/** Reads files of Linux's /proc (proc(5)): each format once. */
import { readdirSync, readFileSync } from 'node:fs'

/** Reads a file of /proc; an empty string where there is none. */
export function readProc(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

export interface ProcessStat {
  /** One letter, such as T for stopped by a signal, t for stopped by a debugger, Z for ended and not collected. */
  readonly state: string
  /** When it started, in clock ticks since the machine booted. */
  readonly startedAt: string
}

/** Returns undefined if there is no such process, or no /proc. */
export function statOf(pid: number): ProcessStat | undefined {
  // The second field is the program's name, in brackets, with any content. State is the 3rd, start the 22nd.
  const [, state, ...fields] = readProc(`/proc/${pid}/stat`).replace(/^.*\)/s, '').split(' ')
  const startedAt = fields[18]
  return state === undefined || startedAt === undefined ? undefined : { state, startedAt }
}

/** Returns how long the threads of a process have waited for a processor, in ms; 0 where the system does not tell. */
export function waitedMsOf(pid: number): number {
  const folder = `/proc/${pid}/task`
  const threads = namesIn(folder).slice(0, MAX_THREADS)
  return threads.reduce((sum, thread) => sum + waitedNsIn(readProc(`${folder}/${thread}/schedstat`)) / 1e6, 0)
}

/** Number of threads of one process that are looked at. */
const MAX_THREADS = 16

/** Its fields are the time on a processor and the time of waiting for one, in ns, and a count. */
const waitedNsIn = (text: string): number => Number(text.split(' ')[1] ?? 0)

/** Returns the names in a folder of /proc; none where it is not there. */
export function namesIn(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

/** One socket in /proc/net/udp or udp6. */
export interface UdpRow {
  /** Local address in hexadecimal digits, in the byte order of the machine. */
  readonly address: string
  readonly port: number
  readonly inode: string
  /** Number of datagrams that its full buffer lost. */
  readonly drops: number
}

export function udpRowsOf(text: string): UdpRow[] {
  const rows = text.split('\n').slice(1)
  return rows.flatMap((row) => {
    const [, local = '', , , , , , , , inode, , , drops] = row.trim().split(/\s+/)
    const [address = '', port = ''] = local.split(':')
    return inode === undefined ? [] : [{ address, port: Number.parseInt(port, 16), inode, drops: Number(drops ?? 0) }]
  })
}
