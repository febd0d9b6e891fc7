/**
 * Measures messages over links that lose a fifth of all datagrams, and the cost of a message while there is no other.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { startLab, type TestLab } from '../../server/test-support/lab-process.ts'
import { DEFAULTS } from '../../shared/gossip/settings.ts'
import { type Measurement, median, now, percentile, rounded } from './measurement.ts'
import { type Client, Standalone } from './standalone.ts'

const NODES = 8
const LOSS_PERCENT = 20
const MESSAGES = 300
const WARM_UP = 20
/** Between two messages, so that the acknowledgements arrive. */
const QUIET_MS = 30
const LOOK_EVERY_MS = 2
const IDLE_MESSAGES = 200

export async function loss(): Promise<Measurement[]> {
  const lab = await startLab({ nodes: NODES })
  try {
    const [first, last] = await Promise.all([0, NODES - 1].map((id) => Standalone.connectTo(lab.basePort + id)))
    if (!first || !last) return []
    const idle = await datagramsWhileIdle(lab, first, last)
    await lab.command(`link * loss ${LOSS_PERCENT}`)
    return [idle, await timeToAll(first, last)]
  } finally {
    await lab.stop()
  }
}

/** On a line all nodes have the messages of its far end. */
async function sendOne(first: Client, last: Client, count: number): Promise<number> {
  const began = now()
  first.send(`msg 1 single${count}`)
  await last.waitForSize(count, LOOK_EVERY_MS)
  return now() - began
}

async function datagramsWhileIdle(lab: TestLab, first: Client, last: Client): Promise<Measurement> {
  for (let count = 1; count <= WARM_UP; count += 1) await sendOne(first, last, count)
  const before = await datagramsSent(lab)
  for (let count = 1; count <= IDLE_MESSAGES; count += 1) {
    await sendOne(first, last, WARM_UP + count)
    await sleep(QUIET_MS)
  }
  const perMessage = ((await datagramsSent(lab)) - before) / IDLE_MESSAGES
  return {
    name: 'idle-datagrams',
    what: `datagrams a message, one at a time over ${NODES} nodes on a line, rounds of anti-entropy included; at least ${NODES - 1} rumors`,
    figures: { perMessage: rounded(perMessage), timesMinimum: rounded(perMessage / (NODES - 1)) },
    target: 'at most 2.5 (n-1)',
    met: perMessage <= 2.5 * (NODES - 1),
  }
}

/** By the nodes' own counters, once they no longer change. */
async function datagramsSent(lab: TestLab): Promise<number> {
  let before = -1
  for (;;) {
    const { nodes } = await lab.state()
    const sum = nodes.reduce((all, { counters: c }) => all + (c?.rumorsSent ?? 0) + (c?.statusesSent ?? 0), 0)
    if (sum === before) return sum
    before = sum
    // Longer than from one report of the counters to the next.
    await sleep(1_500)
  }
}

async function timeToAll(first: Client, last: Client): Promise<Measurement> {
  const held = WARM_UP + IDLE_MESSAGES
  const times: number[] = []
  for (let count = 1; count <= MESSAGES; count += 1) {
    times.push(await sendOne(first, last, held + count))
    await sleep(QUIET_MS)
  }
  const p99 = percentile(times, 0.99)
  return {
    name: 'time-to-all-loss-20',
    what: `one message over ${NODES} nodes on a line where each link loses ${LOSS_PERCENT} % of its datagrams, ${MESSAGES} times`,
    figures: {
      p50Ms: rounded(median(times)),
      p95Ms: rounded(percentile(times, 0.95)),
      p99Ms: rounded(p99),
      maxMs: rounded(Math.max(...times)),
      ackTimeoutMs: DEFAULTS.ackTimeoutMs,
      antiEntropyMs: DEFAULTS.antiEntropyMs,
    },
    target: 'p99 under the ack timeout: loss is repaired without anti-entropy',
    met: p99 < DEFAULTS.ackTimeoutMs,
  }
}
