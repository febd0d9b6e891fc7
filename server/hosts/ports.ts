/** Finds unavailable ports before any node starts. */
import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import type { OwnPorts } from '../../shared/lab/node-host.ts'
import { LabRefusal } from '../../shared/lab/refusal.ts'
import { addressProblem } from '../platform/system-errors.ts'

export const LOOPBACK = '127.0.0.1'
/** Maximum distance of a suggested free block from the wanted ports. */
const BLOCKS_TRIED = 20
const BLOCK_STEP = 1_000
const ATTEMPTS = 200

/** The first TCP and the first UDP port of a block of `n`. */
interface Block {
  readonly basePort: number
  readonly rootId: number
}

export interface PortRange {
  readonly lowest: number
  /** The range ends here. */
  readonly highest: number
}

/** An unavailable port. */
export interface TakenPort {
  readonly kind: 'TCP' | 'UDP'
  readonly port: number
  /** Whether a program has it; otherwise the system reserves it. */
  readonly isInUse: boolean
}

const NO_PORTS: OwnPorts = { tcp: new Set(), udp: new Set() }

/**
 * Returns which of `n` consecutive ports are unavailable: TCP from `basePort`, UDP from `rootId`.
 * @throws (rejects) with the system's error if it is of another kind, such as no free file descriptors.
 */
export async function takenPorts(
  n: number,
  basePort: number,
  rootId: number,
  own = NO_PORTS,
): Promise<readonly TakenPort[]> {
  const offsets = Array.from({ length: n }, (_, offset) => offset)
  const looks = [
    ...offsets.map((offset) => look('TCP', basePort + offset, own.tcp)),
    ...offsets.map((offset) => look('UDP', rootId + offset, own.udp)),
  ]
  return (await Promise.all(looks)).flat()
}

/** Returns the port if it is unavailable, else undefined. */
async function look(kind: TakenPort['kind'], port: number, ours: ReadonlySet<number>): Promise<readonly TakenPort[]> {
  if (ours.has(port)) return []
  try {
    await (kind === 'TCP' ? bindTcp(port) : bindUdp(port))
    return []
  } catch (error) {
    const problem = addressProblem(error)
    if (!problem) throw error
    return [{ kind, port, isInUse: problem.isInUse }]
  }
}

/** Returns which ports are unavailable and what to do; undefined when all are free. */
export async function explainTakenPorts(
  n: number,
  basePort: number,
  rootId: number,
  own = NO_PORTS,
): Promise<string | undefined> {
  const taken = await takenPorts(n, basePort, rootId, own)
  return taken.length === 0 ? undefined : wordsFor(taken, await findFreeBlock(n, basePort, rootId))
}

/** `free` are ports to use instead. */
export function wordsFor(taken: readonly TakenPort[], free: Block | undefined): string {
  const [inUse, reserved] = [taken.filter(({ isInUse }) => isInUse), taken.filter(({ isInUse }) => !isInUse)]
  const problems = [
    inUse.length > 0 ? `ports in use: ${listed(inUse)}` : '',
    reserved.length > 0 ? `ports reserved by the system: ${listed(reserved)}` : '',
  ]
  const waysOut = [
    inUse.length > 0 ? ' bin/stopall ends nodes that are left over.' : '',
    free ? ` Or use free ones: --base-port ${free.basePort} --root-id ${free.rootId}` : '',
  ]
  return `${problems.filter(Boolean).join('; ')}.${waysOut.join('')}`
}

/** Returns words such as `TCP 20000, 20001 and UDP 40000`. */
function listed(ports: readonly TakenPort[]): string {
  const kinds = [...new Set(ports.map(({ kind }) => kind))]
  const numbers = (of: string) => ports.flatMap(({ kind, port }) => (kind === of ? [port] : [])).join(', ')
  return kinds.map((kind) => `${kind} ${numbers(kind)}`).join(' and ')
}

async function findFreeBlock(n: number, basePort: number, rootId: number): Promise<Block | undefined> {
  for (let block = 1; block <= BLOCKS_TRIED; block += 1) {
    const candidate = { basePort: basePort + block * BLOCK_STEP, rootId: rootId + block * BLOCK_STEP }
    if (Math.max(candidate.basePort, candidate.rootId) + n > 65_535) return undefined
    if ((await takenPorts(n, candidate.basePort, candidate.rootId)).length === 0) return candidate
  }
  return undefined
}

/** A range in which no other program appears by itself: below the system's ephemeral ports. */
export const QUIET_PORTS: PortRange = { lowest: 10_000, highest: 32_000 }

/**
 * Finds `n` consecutive free ports, TCP and UDP, in a range.
 * @throws (rejects) when there are none.
 */
export async function freeBlock(n: number, { lowest, highest } = QUIET_PORTS): Promise<Block> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const block = { basePort: randomInt(lowest, highest - n), rootId: randomInt(lowest, highest - n) }
    if ((await takenPorts(n, block.basePort, block.rootId)).length === 0) return block
  }
  throw new LabRefusal(
    `there are no ${n} consecutive free ports from ${lowest} to ${highest}; choose ports with --base-port and --root-id`,
  )
}

/**
 * Binds the port and releases it again.
 * @throws (rejects) with the system's error when that is not possible.
 */
export function bindTcp(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => server.close(() => resolve()))
  })
}

/** Binds a UDP port of loopback and frees it again. Rejects with the system's error when the port is in use. */
export function bindUdp(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4')
    socket.once('error', (error) => {
      socket.close()
      reject(error)
    })
    socket.bind({ port, address: LOOPBACK, exclusive: true }, () => socket.close(() => resolve()))
  })
}
