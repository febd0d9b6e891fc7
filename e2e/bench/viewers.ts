/** Measures many viewers of one lab: the time to join, the latency of events, and the load of the server. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { startLab, type TestLab } from '../../server/test-support/lab-process.ts'
import type { ServerMessage } from '../../shared/wire/protocol.ts'
import { PROTOCOL_VERSION } from '../../shared/wire/version.ts'
import { type Measurement, now, percentile, rounded } from './measurement.ts'
import type { Heard, Joined } from './viewer-clients.ts'

const NODES = 8
const BEFORE = 200
const SAY_FOR_MS = 8_000
const SAY_EVERY_MS = 100
const JOIN_LIMIT_MS = 1_000
/** Number of viewers that join one after the other while the others watch. */
const LATE = 10
/** Events wait 20 ms for slower nodes, and leave every 10 ms. */
const LATENCY_LIMIT_MS = 250
/** Long, so that unread data fills the buffers of the system and waits in the server. */
const LONG_TEXT = 'x'.repeat(8_000)
const MIB = 1_024

const CASES = [
  { watching: 10, stalled: 0, text: 'word' },
  { watching: 50, stalled: 0, text: 'word' },
  { watching: 200, stalled: 0, text: 'word' },
  { watching: 200, stalled: 0, text: LONG_TEXT },
  { watching: 200, stalled: 50, text: LONG_TEXT },
]

export async function viewers(root: string): Promise<Measurement[]> {
  const measurements: Measurement[] = []
  for (const each of CASES) measurements.push(await watch(root, each))
  return measurements
}

async function watch(root: string, { watching, stalled, text }: (typeof CASES)[number]): Promise<Measurement> {
  const lab = await startLab({ nodes: NODES, topology: 'ring', args: ['--host', '0.0.0.0'] })
  try {
    for (let count = 0; count < BEFORE; count += 1) await lab.command(`${count % NODES} msg 1 before${count}`)
    await lab.waitFor(({ nodes }) => nodes.every(({ messages }) => messages === BEFORE))
    const before = memoryOf(lab.pid)
    const clients = spawn(
      process.execPath,
      [
        join(root, 'dist/server/viewerClients.js'),
        `${lab.url.replace('http', 'ws')}/api/ws`,
        `${watching}`,
        `${stalled}`,
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    )
    const lines = createInterface({ input: clients.stdout })[Symbol.asyncIterator]()
    const { joinMs }: Joined = JSON.parse((await lines.next()).value)
    const [most, lateMs] = await Promise.all([say(lab, text), joinLate(lab)])
    clients.stdin.end()
    const { latencyP50Ms, latencyP95Ms, events, lost }: Heard = JSON.parse((await lines.next()).value)
    if (clients.exitCode === null) await once(clients, 'exit')
    const last = Math.max(...joinMs)
    const latest = Math.max(...lateMs)
    return {
      name: `viewers-${watching}${text === LONG_TEXT ? '-long' : ''}${stalled > 0 ? `-and-${stalled}-stalled` : ''}`,
      what: `${watching} join at once a lab with ${BEFORE} messages, ${stalled} more never read; then ${1_000 / SAY_EVERY_MS} messages of ${text.length} characters a second, and ${LATE} more come one by one`,
      figures: {
        joinP95Ms: rounded(percentile(joinMs, 0.95)),
        joinMostMs: rounded(last),
        oneMoreMs: rounded(percentile(lateMs, 0.5)),
        oneMoreMostMs: rounded(latest),
        latencyP50Ms: rounded(latencyP50Ms),
        latencyP95Ms: rounded(latencyP95Ms),
        eventsPerSecondEach: rounded(events / watching / (SAY_FOR_MS / 1_000)),
        serverMiB: rounded(most),
        serverBeforeMiB: rounded(before),
        lost,
      },
      target: `all see it within ${JOIN_LIMIT_MS} ms, who comes later too; p95 of the latency at most ${LATENCY_LIMIT_MS} ms; nobody who reads is lost`,
      met: Math.max(last, latest) <= JOIN_LIMIT_MS && latencyP95Ms <= LATENCY_LIMIT_MS && lost === 0,
    }
  } finally {
    await lab.stop()
  }
}

/** Returns the peak memory of the server meanwhile, in MiB. */
async function say({ command, pid }: TestLab, text: string): Promise<number> {
  const until = performance.now() + SAY_FOR_MS
  let most = 0
  for (let count = 0; performance.now() < until; count += 1) {
    await command(`${count % NODES} msg 1 ${text}`)
    most = Math.max(most, memoryOf(pid))
    await sleep(SAY_EVERY_MS)
  }
  return most
}

/**
 * Returns how long each late joiner, spread over the time of sending, waits for the newest event of its start, in ms.
 */
async function joinLate(lab: TestLab): Promise<number[]> {
  const waits: number[] = []
  while (waits.length < LATE) {
    await sleep(SAY_FOR_MS / (LATE + 1))
    const { last } = await lab.state()
    waits.push(await timeToSee(`${lab.url.replace('http', 'ws')}/api/ws`, last))
  }
  return waits
}

/** Time from connecting until a state or events up to that number are there and parsed, in ms. */
function timeToSee(address: string, wanted: number): Promise<number> {
  const began = now()
  const socket = new WebSocket(address)
  return new Promise<number>((resolve, reject) => {
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('who came later was let go')))
    socket.on('open', () => socket.send(JSON.stringify({ type: 'join', version: PROTOCOL_VERSION })))
    socket.on('message', (data) => {
      const message: ServerMessage = JSON.parse(String(data))
      const state = message.type === 'snapshot' ? message.state.last : 0
      const seen = message.type === 'events' ? (message.events.at(-1)?.n ?? 0) : state
      if (seen >= wanted) resolve(now() - began)
    })
  }).finally(() => socket.terminate())
}

/** Resident memory, in MiB; NaN if the system does not report it. */
function memoryOf(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / MIB
  } catch {
    return Number.NaN
  }
}
