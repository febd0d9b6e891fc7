/** The broadcast challenge of Gossip Glomers (fly.io/dist-sys/3d and 3e), simulated and with real processes. */
import { setTimeout as sleep } from 'node:timers/promises'
import { startLab, type TestLab } from '../../server/test-support/lab-process.ts'
import { createRandom } from '../../shared/gossip/random.ts'
import { datagramsSent } from '../../shared/model/counters.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import type { Topology } from '../../shared/model/topology.ts'
import { CHALLENGE, type ChallengeResult, costOf, runChallenge } from '../../shared/sim/challenge.ts'
import { type Measurement, median, now, percentile, rounded } from './measurement.ts'
import { Standalone } from './standalone.ts'

const MESSAGES = 1_000
const PATIENCE_MS = 60_000
const LOOK_EVERY_MS = 500
/** Longer than from one report of the counters to the next, in ms. */
const COUNTED_AFTER_MS = 3_000

interface Setup {
  readonly topology: Topology
  readonly fanout: number
  readonly batchMs: number
}

const STAR: Setup = { topology: 'star', fanout: 64, batchMs: 50 }
const SIMULATED: readonly Setup[] = [
  { ...STAR, batchMs: 0 },
  STAR,
  { ...STAR, batchMs: 100 },
  ...[0, 25, 50, 100, 200].map((batchMs) => ({ topology: 'grid', fanout: 64, batchMs }) as const),
]
const REAL: readonly Setup[] = [{ ...STAR, batchMs: 0 }, STAR, { ...STAR, batchMs: 100 }]

export async function challenge(): Promise<Measurement[]> {
  const measurements: Measurement[] = []
  for (const setup of SIMULATED) {
    const { topology, fanout, batchMs } = setup
    const result = await runChallenge({ topology, settings: { fanout, batchMs }, seed: 1, messages: MESSAGES })
    measurements.push(report(setup, 'simulated', result))
  }
  for (const setup of REAL) measurements.push(report(setup, 'real', await runReal(setup)))
  return measurements
}

function report({ topology, fanout, batchMs }: Setup, how: 'simulated' | 'real', result: ChallengeResult): Measurement {
  const { nodes, linkDelayMs, perSecond } = CHALLENGE
  const [cost, p50, max] = [costOf(result), median(result.latencies), Math.max(...result.latencies)]
  const isWhole = result.latencies.length === MESSAGES
  return {
    name: `challenge-${how}-${topology}-${batchMs}`,
    what: `${nodes} ${how} nodes, ${topology}, fanout ${fanout}, ${linkDelayMs} ms a link, ${perSecond} messages a second at random nodes, batchMs ${batchMs}: datagrams for each message and read; ms until the last node has it`,
    figures: {
      cost: rounded(cost),
      p50Ms: rounded(p50),
      p95Ms: rounded(percentile(result.latencies, 0.95)),
      maxMs: rounded(max),
    },
    target:
      'under 30 with p50 under 400 ms and maximum under 600, and under 20 with p50 under 1 s and maximum under 2 s',
    met: isWhole && cost < 20 && p50 < 400 && max < 600,
  }
}

async function runReal({ topology, fanout, batchMs }: Setup): Promise<ChallengeResult> {
  const { nodes, linkDelayMs } = CHALLENGE
  const lab = await startLab({ nodes, topology, linkDelayMs })
  try {
    await lab.command(`set fanout=${fanout} batchMs=${batchMs}`)
    await lab.waitFor((state) => state.nodes.every(({ status }) => status === 'running'))
    await sleep(COUNTED_AFTER_MS)
    const before = datagramsIn(await lab.state())
    await typeAll(lab)
    const end = now() + PATIENCE_MS
    while (now() < end && !isEverywhere(await lab.state())) await sleep(LOOK_EVERY_MS)
    await sleep(COUNTED_AFTER_MS)
    const state = await lab.state()
    const latencies = state.messages.filter(hasSpread).map(latencyOf)
    return { latencies, datagrams: datagramsIn(state) - before }
  } finally {
    await lab.stop()
  }
}

/** Types at the rate of the challenge; catches up when the machine was busy. */
async function typeAll({ basePort }: TestLab) {
  const ids = Array.from({ length: CHALLENGE.nodes }, (_, id) => id)
  const clients = await Promise.all(ids.map((id) => Standalone.connectTo(basePort + id)))
  const random = createRandom(1)
  const began = now()
  for (let count = 0; count < MESSAGES; count += 1) {
    const due = began + (count * 1_000) / CHALLENGE.perSecond
    while (now() < due) await sleep(Math.max(1, due - now()))
    clients[random.below(CHALLENGE.nodes)]?.send(`msg 1 challenge${count}`)
  }
  for (const client of clients) client.close()
}

const isEverywhere = ({ nodes }: LabState): boolean => nodes.every(({ messages }) => messages === MESSAGES)

const hasSpread = ({ copies }: LabState['messages'][number]): boolean => Object.keys(copies).length === CHALLENGE.nodes

const latencyOf = ({ at, copies }: LabState['messages'][number]): number =>
  Math.max(...Object.values(copies).map((copy) => copy.at)) - at

const datagramsIn = ({ nodes }: LabState): number =>
  nodes.reduce((all, { counters }) => all + (counters ? datagramsSent(counters) : 0), 0)
