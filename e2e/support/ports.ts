/** Ports for a test, so that no test depends on a fixed one and two can run on one machine. */
import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below what Linux, macOS and Windows hand out by themselves, where anything may appear between finding and using. */
const LOWEST = 10_000
const HIGHEST = 32_000
const ATTEMPTS = 200
const HOST = '127.0.0.1'

/** Handed out in this process before: not again, though they are free until their test binds them. */
const taken = { tcp: new Set<number>(), udp: new Set<number>() }

type Kind = keyof typeof taken

export interface Ports {
  /** First of the consecutive TCP ports. */
  readonly tcp: number
  /** First of the consecutive UDP ports. */
  readonly udp: number
}

/** So many consecutive free TCP ports, and as many UDP ports. */
export async function freePorts(count: number): Promise<Ports> {
  return { tcp: await freeBlock('tcp', count), udp: await freeBlock('udp', count) }
}

async function freeBlock(kind: Kind, count: number): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const first = randomInt(LOWEST, HIGHEST - count)
    const block = Array.from({ length: count }, (_, index) => first + index)
    if (block.some((port) => taken[kind].has(port))) continue
    const free = await Promise.all(block.map(kind === 'tcp' ? isTcpFree : isUdpFree))
    if (!free.every(Boolean)) continue
    for (const port of block) taken[kind].add(port)
    return first
  }
  throw new Error(`no ${count} consecutive free ${kind} ports in ${ATTEMPTS} attempts`)
}

async function isTcpFree(port: number): Promise<boolean> {
  const server = createServer()
  server.listen(port, HOST)
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}

async function isUdpFree(port: number): Promise<boolean> {
  const socket = createSocket('udp4')
  socket.bind(port, HOST)
  try {
    await once(socket, 'listening')
  } catch {
    return false
  }
  socket.close()
  await once(socket, 'close')
  return true
}
