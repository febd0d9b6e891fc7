/** Measures a line of four as in the course: how fast a message is everywhere, and how a node catches up. */
import { setTimeout as sleep } from 'node:timers/promises'
import { DEFAULTS } from '../../shared/gossip/settings.ts'
import { type Measurement, median, now, percentile, rounded } from './measurement.ts'
import { type Client, type Standalone, withStandalone } from './standalone.ts'

const NODES = 4
const SINGLES = 200
const WARM_UP = 50
const MISSED = 1_000

export function lineOfFour(root: string): Promise<Measurement[]> {
  return withStandalone(root, NODES, async (nodes) => {
    const clients = await nodes.connectAll()
    return [await oneAtATime(clients), await catchUp(nodes, clients)]
  })
}

async function oneAtATime(clients: readonly Client[]): Promise<Measurement> {
  const times: number[] = []
  for (let message = 0; message < WARM_UP + SINGLES; message += 1) {
    const began = now()
    clients[0]?.send(`msg 1 single${message}`)
    // Asks the far end only, because asking all of them all the time would occupy the processors.
    await clients[NODES - 1]?.waitForSize(message + 1)
    times.push(now() - began)
    await Promise.all(clients.map((client) => client.waitForSize(message + 1)))
    // Between two messages the acknowledgements arrive.
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
