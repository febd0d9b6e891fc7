/**
 * Measures ten thousand messages at once over a line of four: the rate, the number of datagrams, and the cost of
 * supervision.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { startLab, type TestLab } from '../../server/test-support/lab-process.ts'
import { COUNTERS_EVERY_MS } from '../../shared/model/counters.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import { PROTOCOL_VERSION } from '../../shared/wire/version.ts'
import { type Measurement, median, now, rounded } from './measurement.ts'
import { type Client, Standalone, withStandalone } from './standalone.ts'

const NODES = 4
const BURST = 10_000
/** One after the other in the same processes: half of the first burst is the engine compiling its code. */
const BURSTS = 5
const ROUNDS = 7
const LOOK_EVERY_MS = 10
/** After each burst: every node has reported its counters up to the last acknowledgement. */
const PAUSE_MS = 2 * COUNTERS_EVERY_MS
/** Limits, not expectations. */
const PATIENCE_MS = 120_000

/** Duration of each burst, in ms. */
type Times = readonly number[]

interface Round {
  readonly alone: Times
  readonly reported: Times
  readonly watched: Times
  /** In the first burst of the reported ones. */
  readonly datagrams: number
}

export async function burst(root: string): Promise<Measurement[]> {
  const rounds: Round[] = []
  // By turns, so that other load of the machine affects all alike.
  for (let round = 0; round < ROUNDS; round += 1) {
    const alone = await burstsAlone(root)
    const reported = await burstsInLab()
    const watched = await burstsInLab(watch)
    rounds.push({ alone, reported: reported.times, watched: watched.times, datagrams: reported.datagrams })
  }
  return [speed(rounds), datagrams(rounds), reporting(rounds)]
}

function speed(rounds: readonly Round[]): Measurement {
  const [first = Number.NaN, ...later] = Array.from({ length: BURSTS }, (_, index) =>
    median(rounds.map(({ alone }) => alone[index] ?? Number.NaN)),
  )
  const rate = BURST / (first / 1_000)
  return {
    name: 'burst-10000',
    what: `${BURST} messages at once over ${NODES} nodes, until every chat log has all of them; the first such burst`,
    figures: { ms: rounded(first), messagesPerSecond: rounded(rate), laterMs: rounded(median(later)) },
    target: '5,000 messages a second and more, none lost',
    met: rate >= 5_000,
  }
}

function datagrams(rounds: readonly Round[]): Measurement {
  const perMessage = median(rounds.map((round) => round.datagrams)) / BURST
  return {
    name: 'burst-datagrams',
    what: `datagrams a message in that burst; at least ${NODES - 1} rumors`,
    figures: { perMessage: rounded(perMessage), timesMinimum: rounded(perMessage / (NODES - 1)) },
    target: 'at most 1.5 (n-1)',
    met: perMessage <= 1.5 * (NODES - 1),
  }
}

/** Warm, like every figure that is compared with a peer; the figure of the first burst is beside it. */
function reporting(rounds: readonly Round[]): Measurement {
  const ratios = (which: 'reported' | 'watched', part: (times: Times) => Times) =>
    rounds.map((round) => sum(part(round[which])) / sum(part(round.alone)))
  const later = (times: Times) => times.slice(1)
  const first = (times: Times) => times.slice(0, 1)
  const ratio = median(ratios('reported', later))
  const watchedRatio = median(ratios('watched', later))
  return {
    name: 'reporting',
    what: `${BURSTS - 1} more such bursts in the same processes, under a supervisor that gets every report, and puts them in order when the burst is over, beside without; the middle one of ${ROUNDS} rounds`,
    figures: {
      ms: rounded(median(rounds.map(({ reported }) => sum(later(reported)) / (BURSTS - 1)))),
      ratio: rounded(ratio),
      lowestRatio: rounded(Math.min(...ratios('reported', later))),
      highestRatio: rounded(Math.max(...ratios('reported', later))),
      firstRatio: rounded(median(ratios('reported', first))),
      watchedRatio: rounded(watchedRatio),
    },
    target: 'at most 15 % slower, also while a client reads every event',
    met: Math.max(ratio, watchedRatio) <= 1.15,
  }
}

const sum = (times: Times) => times.reduce((all, one) => all + one, 0)

function burstsAlone(root: string): Promise<Times> {
  return withStandalone(root, NODES, async (nodes) => {
    const clients = await nodes.connectAll()
    const times: number[] = []
    for (let done = 0; done < BURSTS; done += 1) {
      times.push(await timeBurst(clients, done))
      await sleep(PAUSE_MS)
    }
    return times
  })
}

/** `meanwhile` begins a simultaneous activity, and returns a function that ends it. */
async function burstsInLab(meanwhile: (lab: TestLab) => Promise<() => void> = async () => () => {}) {
  const lab = await startLab()
  try {
    const end = await meanwhile(lab)
    const clients = await Promise.all([0, 1, 2, 3].map((id) => Standalone.connectTo(lab.basePort + id)))
    const times: number[] = []
    let datagrams = 0
    for (let done = 0; done < BURSTS; done += 1) {
      times.push(await timeBurst(clients, done))
      await sleep(PAUSE_MS)
      const isAll = ({ nodes }: LabState) => nodes.every(({ messages }) => messages === (done + 1) * BURST)
      const state = await lab.waitFor(isAll, PATIENCE_MS)
      if (done === 0) datagrams = datagramsIn(state)
    }
    end()
    return { times, datagrams }
  } finally {
    await lab.stop()
  }
}

const datagramsIn = ({ nodes }: LabState): number =>
  nodes.reduce((all, { counters }) => all + (counters?.rumorsSent ?? 0) + (counters?.statusesSent ?? 0), 0)

/** As a page does, but without drawing: every event is sent and read. */
async function watch({ url }: TestLab): Promise<() => void> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/ws`)
  await new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('close', reject)
    socket.on('open', () => socket.send(JSON.stringify({ type: 'join', version: PROTOCOL_VERSION })))
    socket.on('message', resolve)
  })
  return () => {
    // A viewer that was closed has not watched.
    if (socket.readyState !== WebSocket.OPEN) throw new Error('the watcher was dropped')
    socket.close()
  }
}

/** Runs a burst after so many others, until every node has everything. */
async function timeBurst(clients: readonly Client[], done: number): Promise<number> {
  const began = now()
  clients.forEach((client, id) => {
    const lines = Array.from({ length: BURST / NODES }, (_, message) => `msg 1 burst${done}x${id}x${message}`)
    client.send(lines.join('\n'))
  })
  for (const client of clients) await waitForAll(client, (done + 1) * BURST)
  return now() - began
}

/** One client after the other, and the less often the more is missing: a node that answers has less time for gossip. */
async function waitForAll(client: Client, size: number): Promise<void> {
  for (let held = await client.size(); held < size; held = await client.size())
    await sleep(LOOK_EVERY_MS * Math.min(10, Math.max(1, (20 * (size - held)) / BURST)))
}
