/** Measures the gate of programs of others with datagrams from fresh sockets, beside the same without the gate. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { GateProcess, type SeenDatagram, whyNoGate } from '../../server/hosts/program/gate-process.ts'
import { type Measurement, percentile, rounded } from './measurement.ts'

const PORT = 40_000
const PER_SECOND = 5_000
const SECONDS = 10
const DELAY_MS = 100
const DELAYED = { perSecond: 100, seconds: 3 }
const MAX_OUTPUT_BYTES = 64 * 1_024 * 1_024

const run = promisify(execFile)

export async function gate(root: string): Promise<Measurement[]> {
  const file = join(root, 'server/hosts/program/gate.py')
  const why = whyNoGate(file, process.env)
  if (why !== undefined) throw new Error(`there is no gate on this machine: ${why}`)
  const plain = await timesOf(loadOf(root, PER_SECOND, SECONDS))
  const gated = await through(file, (gate) => timesOf(gate.inside(loadOf(root, PER_SECOND, SECONDS))))
  const delayed = await through(file, async (gate, delay) => {
    await gate.judge([PORT])
    delay.ms = DELAY_MS
    return timesOf(gate.inside(loadOf(root, DELAYED.perSecond, DELAYED.seconds)))
  })
  return [passage(plain, gated), accuracy(delayed)]
}

const loadOf = (root: string, perSecond: number, seconds: number): readonly string[] => [
  'python3',
  join(root, 'e2e/bench/gate-load.py'),
  ...[PORT, perSecond, seconds].map(String),
]

async function timesOf([file = '', ...words]: readonly string[]): Promise<readonly number[]> {
  const { stdout } = await run(file, words, { maxBuffer: MAX_OUTPUT_BYTES })
  return JSON.parse(stdout)
}

/** Runs a load behind a gate, which sends waiting datagrams after a delay. */
async function through(file: string, load: (gate: GateProcess, delay: { ms: number }) => Promise<readonly number[]>) {
  const delay = { ms: 0 }
  const onSeen = ({ id, at, passedAt }: SeenDatagram) => {
    if (passedAt !== null) return
    process.send(id, at + delay.ms, id)
    process.end(id)
  }
  const events = { onSeen, onSent() {}, onUnseen() {}, onEnd() {} }
  const process = new GateProcess({ file, firstPort: PORT, own: [], env: globalThis.process.env }, events)
  try {
    await process.ready
    return await load(process, delay)
  } finally {
    process.close()
  }
}

function passage(plain: readonly number[], gated: readonly number[]): Measurement {
  const added = (share: number) => percentile(gated, share) - percentile(plain, share)
  const lost = PER_SECOND * SECONDS - gated.length
  return {
    name: 'gate-passage',
    what: `${PER_SECOND} datagrams a second for ${SECONDS} s, each from a fresh socket: ms from sendto to recv, through the gate and without it`,
    figures: {
      lost,
      p50Ms: rounded(percentile(gated, 0.5)),
      p99Ms: rounded(percentile(gated, 0.99)),
      p50WithoutMs: rounded(percentile(plain, 0.5)),
      p99WithoutMs: rounded(percentile(plain, 0.99)),
      p50AddedMs: rounded(added(0.5)),
      p99AddedMs: rounded(added(0.99)),
    },
    target: 'none lost; added: p50 at most 0.2 ms, p99 at most 1 ms',
    met: lost === 0 && added(0.5) <= 0.2 && added(0.99) <= 1,
  }
}

function accuracy(times: readonly number[]): Measurement {
  const late = times.map((time) => time - DELAY_MS)
  return {
    name: 'gate-delay',
    what: `a delay of ${DELAY_MS} ms at the gate, ${DELAYED.perSecond} datagrams a second: ms beyond it`,
    figures: {
      lost: DELAYED.perSecond * DELAYED.seconds - times.length,
      p50LateMs: rounded(percentile(late, 0.5)),
      p99LateMs: rounded(percentile(late, 0.99)),
      earliestMs: rounded(Math.min(...late)),
    },
    target: 'p99 within 1 ms',
    met: Math.min(...late) >= -1 && percentile(late, 0.99) <= 1,
  }
}
