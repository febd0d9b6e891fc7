/**
 * Reads the operating system's knowledge of UDP sockets on a port of loopback. Linux lists them with their counters
 * (/proc/net/udp, proc(5)); elsewhere an attempt to bind shows only whether there is one.
 */
import { readFile } from 'node:fs/promises'
import type { UdpSocket, UdpSockets } from '../../shared/lab/node-host.ts'
import { udpRowsOf } from '../platform/proc.ts'
import { bindUdp } from './ports.ts'

type Table = ReadonlyMap<number, UdpSocket>

/** Local addresses that receive datagrams to 127.0.0.1, as the kernel writes them on machines of either byte order. */
const TAKES_LOOPBACK = /^(0100007F|7F000001|0{8}|0{32}|0{16}(FFFF0000|0000FFFF)(0100007F|7F000001|0{8}))$/

export function parseUdpTable(text: string): Table {
  const rows = udpRowsOf(text).filter(({ address }) => TAKES_LOOPBACK.test(address))
  return new Map(rows.map(({ port, inode, drops }) => [port, { inode, drops }]))
}

const readTable = (path: string): Promise<Table | undefined> =>
  readFile(path, 'utf8').then(parseUdpTable, () => undefined)

/** Reads the list of the network that a process is in. Undefined if the system has no such list. */
async function readTables(pid: number | 'self' = 'self'): Promise<Table | undefined> {
  const [four, six] = await Promise.all([readTable(`/proc/${pid}/net/udp`), readTable(`/proc/${pid}/net/udp6`)])
  return four && new Map([...(six ?? []), ...four])
}

const findsInUse = (port: number): Promise<boolean> =>
  bindUdp(port).then(
    () => false,
    ({ code }) => code === 'EADDRINUSE',
  )

export interface Looks {
  /** Returns the system's list of sockets; undefined if it has none. */
  readonly list: () => Promise<Table | undefined>
  /** Returns whether an attempt to bind finds the port in use. */
  readonly isInUse: (port: number) => Promise<boolean>
}

/** Returns the sockets of the network that a process is in. */
export const udpSocketsOf = (pid: number): UdpSockets =>
  udpSockets({ list: () => readTables(pid), isInUse: async () => false })

export function udpSockets({ list, isInUse }: Looks = { list: readTables, isInUse: findsInUse }): UdpSockets {
  /** By port: a burst to one must not open a socket for each datagram. */
  const attempts = new Map<number, Promise<boolean>>()
  let reading: Promise<Table | undefined> | undefined
  // Simultaneous callers share one answer. No caller gets an answer from before its call.
  const table = () => {
    reading ??= Promise.resolve().then(() => {
      const started = list()
      reading = undefined
      return started
    })
    return reading
  }
  return {
    at: async (port) => (await table())?.get(port),
    isTaken: async (port) => {
      const listed = await table()
      if (listed) return listed.has(port)
      const attempt = attempts.get(port) ?? isInUse(port)
      attempts.set(port, attempt)
      return attempt.finally(() => attempts.delete(port))
    },
  }
}
