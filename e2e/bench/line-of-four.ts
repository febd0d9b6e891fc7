/** A line of four as the course has it: how fast a message is everywhere, how fast many are, and how a node catches up. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DEFAULTS } from '../../shared/gossip/settings.ts'
import { COUNTERS_EVERY_MS } from '../../shared/limits.ts'
import { startLab } from '../support/lab.ts'
import { freePorts } from '../support/ports.ts'
import { type Measurement, median, now, percentile, rounded } from './measurement.ts'
import { type Client, Standalone } from './standalone.ts'

const NODES = 4
const SINGLES = 200
const WARM_UP = 50
const BURST = 10_000
const PAIRS = 5
const MISSED = 1_000
/** Limits, not expectations. */
const PATIENCE_MS = 120_000

export async function lineOfFour(root: string): Promise<Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rs-bench-'))
  const nodes = new Standalone(root, folder, await freePorts(NODES))
  try {
    for (let id = 0; id < NODES; id += 1) await nodes.start(id, NODES)
    const clients = await Promise.all([0, 1, 2, 3].map((id) => nodes.connect(id)))
    const single = await oneAtATime(clients)
    const catchingUp = await catchUp(nodes, clients)
    return [single, catchingUp]
  } finally {
    await nodes.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function oneAtATime(clients: readonly Client[]): Promise<Measurement> {
  const times: number[] = []
  for (let message = 0; message < WARM_UP + SINGLES; message += 1) {
    const began = now()
    clients[0]?.send(`msg 1 single${message}`)
    // The far end is asked, because asking all of them all the time would keep the processors from the messages.
    await clients[NODES - 1]?.waitForSize(message + 1)
    times.push(now() - began)
    await Promise.all(clients.map((client) => client.waitForSize(message + 1)))
    // Between two messages the acknowledgements come home.
    await sleep(30)
  }
  const counted = times.slice(WARM_UP)
  const [p50, p95] = [median(counted), percentile(counted, 0.95)]
  return {
    name: 'time-to-all-line-4',
    what: `from the TCP line at one end to the chat log of the other, asked over TCP, ${SINGLES} times`,
    figures: { p50Ms: rounded(p50), p95Ms: rounded(p95) },
    target: 'p50 under 2 ms, p95 under 5 ms on a quiet machine',
    met: p50 < 2 && p95 < 5,
  }
}

async function catchUp(nodes: Standalone, clients: readonly Client[]): Promise<Measurement> {
  const held = WARM_UP + SINGLES
  const last = NODES - 1
  await nodes.end(last)
  clients[0]?.send(Array.from({ length: MISSED }, (_, message) => `msg 1 missed${message}`).join('\n'))
  await clients[2]?.waitForSize(held + MISSED)
  await nodes.start(last, NODES)
  const began = now()
  const client = await nodes.connect(last)
  await client.waitForSize(held + MISSED)
  const took = now() - began
  const windows = Math.ceil((held + MISSED) / DEFAULTS.window)
  return {
    name: 'catch-up-1000',
    what: `a restarted node at the end of the line gets ${held + MISSED} messages, ${DEFAULTS.window} a window`,
    figures: { ms: rounded(took), windows, msPerWindow: rounded(took / windows) },
    target: 'one round trip a window: under 5 ms each',
    met: took / windows < 5,
  }
}

/** Ten thousand at once, without a supervisor and with one: what reporting costs, and how many datagrams it took. */
export async function burst(root: string): Promise<Measurement[]> {
  const pairs: { readonly alone: number; readonly reported: number; readonly datagrams: number }[] = []
  // In turn, so that whatever else the machine does falls on both alike.
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const alone = await burstAlone(root)
    const { ms, datagrams } = await burstInLab()
    pairs.push({ alone, reported: ms, datagrams })
  }
  const alone = median(pairs.map((pair) => pair.alone))
  const reported = median(pairs.map((pair) => pair.reported))
  const ratio = median(pairs.map((pair) => pair.reported / pair.alone))
  const perMessage = median(pairs.map(({ datagrams }) => datagrams)) / BURST
  const rate = BURST / (alone / 1_000)
  return [
    {
      name: 'burst-10000',
      what: `${BURST} messages at once over ${NODES} nodes, until every chat log has all of them`,
      figures: { ms: rounded(alone), messagesPerSecond: rounded(rate) },
      target: '5,000 messages a second and more, none lost',
      met: rate >= 5_000,
    },
    {
      name: 'burst-datagrams',
      what: `datagrams a message in that burst; at least ${NODES - 1} rumors`,
      figures: { perMessage: rounded(perMessage), timesMinimum: rounded(perMessage / (NODES - 1)) },
      target: 'at most 1.5 (n-1)',
      met: perMessage <= 1.5 * (NODES - 1),
    },
    {
      name: 'reporting',
      what: `the same burst under a supervisor that gets every report, beside without; the middle one of ${PAIRS} pairs`,
      figures: {
        ms: rounded(reported),
        ratio: rounded(ratio),
        lowestRatio: rounded(Math.min(...pairs.map((pair) => pair.reported / pair.alone))),
      },
      target: 'at most 15 % slower',
      met: ratio <= 1.15,
    },
  ]
}

async function burstAlone(root: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'rs-bench-'))
  const nodes = new Standalone(root, folder, await freePorts(NODES))
  try {
    for (let id = 0; id < NODES; id += 1) await nodes.start(id, NODES)
    return await timeBurst(await Promise.all([0, 1, 2, 3].map((id) => nodes.connect(id))))
  } finally {
    await nodes.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function burstInLab(): Promise<{ ms: number; datagrams: number }> {
  const lab = await startLab()
  try {
    const ports = { tcp: lab.basePort, udp: lab.rootId }
    const clients = await Promise.all([0, 1, 2, 3].map((id) => Standalone.connectTo(ports.tcp + id)))
    const ms = await timeBurst(clients)
    const sum = (state: Awaited<ReturnType<typeof lab.state>>) =>
      state.nodes.reduce((all, { counters }) => all + (counters?.rumorsSent ?? 0) + (counters?.statusesSent ?? 0), 0)
    await lab.waitFor((state) => state.nodes.every(({ held }) => held === BURST), PATIENCE_MS)
    // Until every node has told what it counted up to the last acknowledgement.
    await sleep(3 * COUNTERS_EVERY_MS)
    return { ms, datagrams: sum(await lab.state()) }
  } finally {
    await lab.stop()
  }
}

async function timeBurst(clients: readonly Client[]): Promise<number> {
  const began = now()
  clients.forEach((client, id) => {
    const lines = Array.from({ length: BURST / NODES }, (_, message) => `msg 1 burst${id}x${message}`)
    client.send(lines.join('\n'))
  })
  await Promise.all(clients.map((client) => client.waitForSize(BURST, 20)))
  return now() - began
}
