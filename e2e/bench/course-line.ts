/**
 * One message after another as a course script sees it: from the TCP line at one end of a line to the chat log at the
 * other, from the first message after the start. Beside it, in turn, the same over programs that keep and pass on a text
 * and do nothing else: the limit for Node.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '../../server/test-support/ports.ts'
import { type Measurement, median, now, percentile, rounded } from './measurement.ts'
import { type Client, Standalone, withStandalone } from './standalone.ts'

/** Messages 2 to 20 are the first ones; the very first also pays for connections. */
const FIRST = { from: 1, to: 20 }
const WARM = { from: 100, to: 300 }
/** Time that proxy.py waits after a start, in ms. */
const START_WAIT_MS = 1_000
/** Time between two messages in which acknowledgements arrive, in ms. */
const QUIET_MS = 30

/** Keeps each line that comes over TCP or UDP, and passes it on to the next port. */
const RELAY = `
const [udp, next, tcp] = process.argv.slice(2).map(Number)
const kept = []
const socket = require('node:dgram').createSocket('udp4')
const take = (text) => { kept.push(text); if (next) socket.send(text, next, '127.0.0.1') }
socket.on('message', (bytes) => take(bytes.toString()))
socket.bind(udp, '127.0.0.1')
require('node:net').createServer({ noDelay: true }, (client) => client.on('data', (bytes) => {
  for (const line of bytes.toString().split('\\n')) {
    if (line === 'get chatLog') client.write('chatLog ' + (kept.join(',') || '<empty>') + '\\n')
    else if (line) take(line.split(' ').slice(2).join(' '))
  }
}).on('error', () => {})).listen(tcp, '127.0.0.1', () => require('node:fs').writeSync(1, 'listening\\n'))
`

/** The two ends of a line, by a client of each. */
interface Line {
  readonly near: Client
  readonly far: Client
}

export async function courseLine(root: string): Promise<Measurement[]> {
  return [await measureLine(root, 4), await measureLine(root, 16)]
}

function measureLine(root: string, n: number): Promise<Measurement> {
  return withStandalone(root, n, (nodes) =>
    withRelays(n, async (relayPort) => {
      // To all of them, as proxy.py does: a node warms up once it has a client.
      const clients = await nodes.connectAll()
      const ours = { near: clientOf(clients, 0), far: clientOf(clients, n - 1) }
      const bare = {
        near: await Standalone.connectTo(relayPort(0)),
        far: await Standalone.connectTo(relayPort(n - 1)),
      }
      await sleep(START_WAIT_MS)
      return report(n, ...(await takeTurns(ours, bare)))
    }),
  )
}

function clientOf(clients: readonly Client[], id: number): Client {
  const client = clients[id]
  if (!client) throw new Error(`no client of node ${id}`)
  return client
}

async function withRelays<Result>(n: number, use: (tcp: (id: number) => number) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'rs-bench-'))
  const file = join(folder, 'relay.cjs')
  const { tcp, udp } = await freePorts(n)
  const relays: ChildProcess[] = []
  try {
    writeFileSync(file, RELAY)
    for (let id = 0; id < n; id += 1) {
      const ports = [udp + id, id === n - 1 ? 0 : udp + id + 1, tcp + id].map(String)
      const relay = spawn(process.execPath, [file, ...ports], { stdio: ['ignore', 'pipe', 'inherit'] })
      relays.push(relay)
      await once(relay.stdout, 'data')
    }
    return await use((id) => tcp + id)
  } finally {
    for (const relay of relays) relay.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

async function takeTurns(ours: Line, bare: Line): Promise<[number[], number[]]> {
  const oursMs: number[] = []
  const bareMs: number[] = []
  for (let message = 0; message < WARM.to; message += 1) {
    oursMs.push(await timeOf(ours, message))
    await sleep(QUIET_MS)
    bareMs.push(await timeOf(bare, message))
    await sleep(QUIET_MS)
  }
  return [oursMs, bareMs]
}

async function timeOf({ near, far }: Line, message: number): Promise<number> {
  const began = now()
  near.send(`msg ${message} text${message}`)
  await far.waitForSize(message + 1)
  return now() - began
}

function report(n: number, oursMs: readonly number[], bareMs: readonly number[]): Measurement {
  const [first, warm, bare] = [
    oursMs.slice(FIRST.from, FIRST.to),
    oursMs.slice(WARM.from, WARM.to),
    bareMs.slice(WARM.from, WARM.to),
  ]
  const limit = n === 4 ? 1.25 : 1.5
  const ratios = {
    firstRatio: median(first) / median(bare),
    p50Ratio: median(warm) / median(bare),
    p95Ratio: percentile(warm, 0.95) / percentile(bare, 0.95),
    maxRatio: Math.max(...warm) / Math.max(...bare),
  }
  return {
    name: `course-line-${n}`,
    what: `one message at a time from the TCP line at one end of ${n} nodes to the chat log at the other: messages 2 to 20 after the start, and 101 to 300, in turn with bare relays`,
    figures: rounding({
      veryFirstMs: oursMs[0] ?? Number.NaN,
      firstP50Ms: median(first),
      firstMaxMs: Math.max(...first),
      p50Ms: median(warm),
      p95Ms: percentile(warm, 0.95),
      maxMs: Math.max(...warm),
      bareFirstP50Ms: median(bareMs.slice(FIRST.from, FIRST.to)),
      bareP50Ms: median(bare),
      bareP95Ms: percentile(bare, 0.95),
      bareMaxMs: Math.max(...bare),
      ...ratios,
    }),
    target: `beside the warm relays: messages 2 to 20 within 2 times their p50, then p50 within ${limit}, p95 within 2, maximum within 4 times`,
    met: ratios.firstRatio <= 2 && ratios.p50Ratio <= limit && ratios.p95Ratio <= 2 && ratios.maxRatio <= 4,
  }
}

const rounding = (figures: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, rounded(value)]))
