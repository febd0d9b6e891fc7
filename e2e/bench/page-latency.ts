import type { TestLab } from '../../server/test-support/lab-process.ts'
import type { ServerMessage } from '../../shared/wire/protocol.ts'
import type { LabPage } from '../support/lab-page.ts'
import { type Measurement, percentile, rounded } from './measurement.ts'

const MESSAGES = 40
const LIMIT_MS = 100
/** Events that came late while the page was loading keep it behind for some seconds more. */
const SETTLED_AFTER_MS = 8_000

/** From a datagram's arrival at a node, by the node's clock, until its cell has been painted. */
export async function latencyOfPage(lab: LabPage, { command, waitFor, url }: TestLab): Promise<Measurement> {
  const beganAt = labBeganAt(lab)
  await lab.page.goto(url)
  await lab.node(3).waitFor()
  await lab.page.waitForTimeout(SETTLED_AFTER_MS)
  await lab.page.evaluate(watchCells)
  for (let seq = 0; seq < MESSAGES; seq += 1) {
    await command(`${seq % 4} msg ${seq} word${seq}`)
    await waitFor(({ nodes }) => nodes.every(({ messages }) => messages === seq + 1))
  }
  await lab.page.waitForFunction((count) => (window.painted?.length ?? 0) >= count, 3 * MESSAGES)
  const painted = (await lab.page.evaluate(() => window.painted)) ?? []
  const { messages } = await waitFor(() => true)
  const began = await beganAt
  const late = painted.flatMap(({ key, node, at }) => {
    const copy = messages.find((message) => message.key === key)?.copies[node]
    return copy ? [at - (began + copy.at)] : []
  })
  return {
    name: 'page-latency',
    what: `4 nodes: from a datagram's arrival to its mark on screen, ${late.length} times`,
    figures: {
      p50Ms: rounded(percentile(late, 0.5)),
      p95Ms: rounded(percentile(late, 0.95)),
      mostMs: rounded(Math.max(...late)),
    },
    target: `p95 at most ${LIMIT_MS} ms`,
    met: percentile(late, 0.95) <= LIMIT_MS,
  }
}

/** In ms since 1970, from the snapshot that the page gets. */
function labBeganAt({ page }: LabPage): Promise<number> {
  return new Promise((resolve) => {
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        const message: ServerMessage = JSON.parse(String(payload))
        if (message.type === 'snapshot') resolve(message.beganAt)
      }),
    )
  })
}

interface Painted {
  readonly key: string
  readonly node: number
  /** In ms since 1970. */
  readonly at: number
}

declare global {
  interface Window {
    painted?: Painted[]
  }
}

/** In the page: notes when each new cell with "held" has been painted. */
function watchCells() {
  const painted: Painted[] = []
  window.painted = painted
  const seen = new Set<string>()
  function look() {
    const fresh: Omit<Painted, 'at'>[] = []
    for (const cell of document.querySelectorAll('[data-message] [data-cell="held"]')) {
      const row = cell.closest('[data-message]')
      const key = row?.getAttribute('data-message') ?? ''
      const node = [...(row?.querySelectorAll('[data-cell]') ?? [])].indexOf(cell)
      if (seen.has(`${key} ${node}`)) continue
      seen.add(`${key} ${node}`)
      fresh.push({ key, node })
    }
    if (fresh.length === 0) return
    // The page changes in a frame's callback; a task that is posted there runs when that frame has been painted.
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      const at = performance.timeOrigin + performance.now()
      painted.push(...fresh.map((each) => ({ ...each, at })))
    }
    port2.postMessage(null)
  }
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributeFilter: ['data-cell'] })
}
