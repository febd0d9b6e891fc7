/** Reserves ports for a test, so that no test depends on a fixed one and two can run on one machine. */
import { freeBlock, QUIET_PORTS } from '../hosts/ports.ts'

const ATTEMPTS = 200

/**
 * Test files run at the same time, each in a worker with a number from 1 on: no two workers choose from the same ports.
 */
const SHARES = 16
const OWN_PORTS = shareOf(Number(process.env.VITEST_POOL_ID ?? 0) % SHARES)

function shareOf(place: number) {
  const width = Math.floor((QUIET_PORTS.highest - QUIET_PORTS.lowest) / SHARES)
  const lowest = QUIET_PORTS.lowest + place * width
  return { lowest, highest: lowest + width }
}

/** Ports that this process has returned. They look free until their test binds them, so others come first. */
const taken = { tcp: new Set<number>(), udp: new Set<number>() }

export interface Ports {
  /** First of the consecutive TCP ports. */
  readonly tcp: number
  /** First of the consecutive UDP ports. */
  readonly udp: number
}

/** Returns so many consecutive free TCP ports, and as many UDP ports. */
export async function freePorts(count: number): Promise<Ports> {
  const found = await freshPorts(count)
  if (found) return found
  // The screenshots start dozens of labs in a row: by now the first ones have ended.
  for (const ports of [taken.tcp, taken.udp]) ports.clear()
  const again = await freshPorts(count)
  if (again) return again
  throw new Error(`no ${count} consecutive free ports in ${2 * ATTEMPTS} attempts`)
}

/** Returns ports that were not returned before; undefined if it finds none. */
async function freshPorts(count: number): Promise<Ports | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { basePort: tcp, rootId: udp } = await freeBlock(count, OWN_PORTS)
    const blocks = [
      { first: tcp, before: taken.tcp },
      { first: udp, before: taken.udp },
    ].map(({ first, before }) => ({ before, ports: Array.from({ length: count }, (_, index) => first + index) }))
    if (blocks.some(({ ports, before }) => ports.some((port) => before.has(port)))) continue
    for (const { ports, before } of blocks) for (const port of ports) before.add(port)
    return { tcp, udp }
  }
  return undefined
}
