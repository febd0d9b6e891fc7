/** Ports in use are found before anything starts. */
import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { shortageOf } from '../system-errors.ts'

const HOST = '127.0.0.1'
/** How far from the wanted ports a free block is looked for. */
const BLOCKS_TRIED = 20
const BLOCK_STEP = 1_000
const LOWEST = 10_000
const HIGHEST = 32_000
const ATTEMPTS = 200

export interface PortsInUse {
  readonly tcp: readonly number[]
  readonly udp: readonly number[]
}

/** The ports of the nodes that run now. The next network may have them, so they count as free. */
export interface OwnPorts {
  readonly tcp: ReadonlySet<number>
  readonly udp: ReadonlySet<number>
}

const NO_PORTS: OwnPorts = { tcp: new Set(), udp: new Set() }

/**
 * Which of `n` consecutive ports are taken by others: TCP from `basePort`, UDP from `rootId`.
 * @throws (rejects) with the system's error when it has no descriptors left to look with.
 */
export async function portsInUse(n: number, basePort: number, rootId: number, own = NO_PORTS): Promise<PortsInUse> {
  const others = (first: number, ours: ReadonlySet<number>) =>
    Array.from({ length: n }, (_, offset) => first + offset).filter((port) => !ours.has(port))
  const [tcp, udp] = await Promise.all([
    taken(others(basePort, own.tcp), bindTcp),
    taken(others(rootId, own.udp), bindUdp),
  ])
  return { tcp, udp }
}

/** Says which ports are taken by others and what to do; undefined when none is. */
export async function explainPortsInUse(
  n: number,
  basePort: number,
  rootId: number,
  own = NO_PORTS,
): Promise<string | undefined> {
  const { tcp, udp } = await portsInUse(n, basePort, rootId, own)
  if (tcp.length === 0 && udp.length === 0) return undefined
  const named = [tcp.length > 0 ? `TCP ${tcp.join(', ')}` : '', udp.length > 0 ? `UDP ${udp.join(', ')}` : '']
  const free = await findFreeBlock(n, basePort, rootId)
  const other = free ? ` Or use free ones: --base-port ${free.basePort} --root-id ${free.rootId}` : ''
  return `ports in use: ${named.filter(Boolean).join(' and ')}. bin/stopall ends nodes that are left over.${other}`
}

async function findFreeBlock(n: number, basePort: number, rootId: number) {
  for (let block = 1; block <= BLOCKS_TRIED; block += 1) {
    const candidate = { basePort: basePort + block * BLOCK_STEP, rootId: rootId + block * BLOCK_STEP }
    if (Math.max(candidate.basePort, candidate.rootId) + n > 65_535) return undefined
    const { tcp, udp } = await portsInUse(n, candidate.basePort, candidate.rootId)
    if (tcp.length === 0 && udp.length === 0) return candidate
  }
  return undefined
}

/**
 * So many consecutive free ports, TCP and UDP, where nothing appears by itself: below what the system hands out.
 * @throws (rejects) when there are none.
 */
export async function freeBlock(n: number): Promise<{ readonly basePort: number; readonly rootId: number }> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const block = { basePort: randomInt(LOWEST, HIGHEST - n), rootId: randomInt(LOWEST, HIGHEST - n) }
    const { tcp, udp } = await portsInUse(n, block.basePort, block.rootId)
    if (tcp.length === 0 && udp.length === 0) return block
  }
  throw new Error(`no ${n} consecutive free ports from ${LOWEST} to ${HIGHEST}; name them: --base-port and --root-id`)
}

/** @throws (rejects) with the system's error when it lacks something else than the port. */
async function taken(ports: readonly number[], bind: (port: number) => Promise<void>): Promise<number[]> {
  const isTaken = (error: unknown) => {
    if (shortageOf(error) !== undefined) throw error
    return true
  }
  const found = await Promise.all(ports.map((port) => bind(port).then(() => false, isTaken)))
  return ports.filter((_, index) => found[index])
}

/**
 * Binds the port and lets go of it again.
 * @throws (rejects) with the system's error when that is not possible.
 */
export function bindTcp(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port, host: HOST, exclusive: true }, () => server.close(() => resolve()))
  })
}

/** As `bindTcp`. */
export function bindUdp(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4')
    socket.once('error', (error) => {
      socket.close()
      reject(error)
    })
    socket.bind({ port, address: HOST, exclusive: true }, () => socket.close(() => resolve()))
  })
}
