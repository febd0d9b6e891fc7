/** Measures the time of a node from its spawn to both sockets listening. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '../../server/test-support/ports.ts'
import { type Measurement, median, now, percentile, rounded } from './measurement.ts'

const PAIRS = 25
const ROUNDS_OF_FOUR = 15
const HOGS = 2

/** The minimum for any Node program: the same two sockets, and a line when both listen. */
const BARE = `
const server = require('node:net').createServer()
const socket = require('node:dgram').createSocket('udp4')
let open = 0
const listening = () => { if (++open === 2) require('node:fs').writeSync(1, 'listening\\n') }
server.listen(Number(process.argv[2]), '127.0.0.1', listening)
socket.bind(Number(process.argv[3]), '127.0.0.1', listening)
`

export async function startUp(root: string): Promise<Measurement[]> {
  const runtime = mkdtempSync(join(tmpdir(), 'rumorscope-bench-'))
  try {
    return [await besideBareNode(root, runtime), await fourAtOnce(root, runtime)]
  } finally {
    rmSync(runtime, { recursive: true, force: true })
  }
}

async function besideBareNode(root: string, runtime: string): Promise<Measurement> {
  const bareFile = join(runtime, 'bare.cjs')
  writeFileSync(bareFile, BARE)
  const { tcp, udp } = await freePorts(1)
  const startNode = () => spawnNode(root, runtime, 0, 1, tcp, udp)
  // In the environment that bin/process makes for itself: NODE_EXTRA_CA_CERTS alone would double the bare script's
  // time.
  const { NODE_OPTIONS: _o, NODE_EXTRA_CA_CERTS: _c, ...env } = process.env
  const startBare = () => spawn('node', [bareFile, `${tcp}`, `${udp}`], { stdio: ['ignore', 'pipe', 'ignore'], env })
  const node: number[] = []
  const bare: number[] = []
  for (let pair = 0; pair < PAIRS; pair += 1) {
    node.push(await timeToListen(startNode))
    bare.push(await timeToListen(startBare))
  }
  const ratio = median(node) / median(bare)
  return {
    name: 'start-up',
    what: `bin/process from spawn to both sockets listening, ${PAIRS} times, in turn with a bare CommonJS script`,
    figures: {
      medianMs: rounded(median(node)),
      p95Ms: rounded(percentile(node, 0.95)),
      bareMedianMs: rounded(median(bare)),
      ratio: rounded(ratio),
    },
    target: 'median within 1.5 times of the bare script',
    met: ratio <= 1.5,
  }
}

async function fourAtOnce(root: string, runtime: string): Promise<Measurement> {
  const hogs = Array.from({ length: HOGS }, () => spawn(process.execPath, ['-e', 'for(;;);'], { stdio: 'ignore' }))
  const slowest: number[] = []
  try {
    for (let round = 0; round < ROUNDS_OF_FOUR; round += 1) {
      const { tcp, udp } = await freePorts(4)
      const times = [0, 1, 2, 3].map((id) => timeToListen(() => spawnNode(root, runtime, id, 4, tcp, udp)))
      slowest.push(Math.max(...(await Promise.all(times))))
    }
  } finally {
    for (const hog of hogs) hog.kill('SIGKILL')
  }
  return {
    name: 'start-up-four-at-once',
    what: `the slowest of four bin/process at once beside ${HOGS} processes that burn a core each, ${ROUNDS_OF_FOUR} times`,
    figures: { medianMs: rounded(median(slowest)), maxMs: rounded(Math.max(...slowest)) },
    target: 'under 500 ms',
    met: Math.max(...slowest) < 500,
  }
}

function spawnNode(root: string, runtime: string, id: number, n: number, tcp: number, udp: number): ChildProcess {
  return spawn(join(root, 'bin/process'), [`${id}`, `${n}`, `${tcp + id}`], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, RUMORSCOPE_RUNTIME: runtime, RUMORSCOPE_ROOT_ID: `${udp}` },
  })
}

/** Resolves with the time from the spawn to the line that says both sockets listen; then ends the process. */
async function timeToListen(start: () => ChildProcess): Promise<number> {
  const began = now()
  const child = start()
  if (!child.stdout) throw new Error('no stdout to wait for')
  await once(child.stdout, 'data')
  const took = now() - began
  child.kill('SIGKILL')
  await once(child, 'exit')
  return took
}
