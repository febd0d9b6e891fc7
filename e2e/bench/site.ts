/** Measures the lab in one file, whose nodes are simulated in the page: its start, its frames, its speed, its memory. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { DEFAULTS } from '../../shared/gossip/settings.ts'
import { Executor } from '../../shared/lab/executor.ts'
import { simulatedLab } from '../../shared/sim/simulated-lab.ts'
import { launchBrowser } from '../support/browser.ts'
import { heapMegabytes } from '../support/heap.ts'
import { LabPage } from '../support/lab-page.ts'
import { type Measurement, percentile, rounded } from './measurement.ts'
import { timeFrames } from './page-frames.ts'

const START_LIMIT_MS = 3_000
const FRAMES = 240
const FRAME_LIMIT_MS = 20
/** By the number of nodes: datagrams in flight at least while frames are measured. */
const IN_FLIGHT: Readonly<Record<number, number>> = { 300: 600, 1000: 2_000 }
const EVENTS_TARGET = 10_000
const HOUR_MS = 3_600_000
const HEAP_LIMIT_MB = 250
/** A limit, not an expectation. */
const PATIENCE_MS = 120_000

export async function site(root: string): Promise<readonly Measurement[]> {
  const url = pathToFileURL(join(root, 'dist/web/rumorscope.html')).href
  const browser = await launchBrowser()
  try {
    const frames: Measurement[] = []
    for (const n of Object.keys(IN_FLIGHT)) frames.push(await framesOf(browser, url, Number(n)))
    return [await startOf(browser, url), ...frames, await speedOf(1_000), await hourOf(browser, url)]
  } finally {
    await browser.close()
  }
}

/** From the address to the panel of the node that was clicked first. */
async function startOf(browser: Browser, url: string): Promise<Measurement> {
  const took: number[] = []
  for (let look = 0; look < 3; look += 1) {
    const lab = await LabPage.blank(browser)
    const began = performance.now()
    await lab.page.goto(url)
    await lab.node(0).waitFor()
    await lab.select(0)
    took.push(performance.now() - began)
    await lab.close()
  }
  const ms = percentile(took, 0.5)
  return {
    name: 'site-start',
    what: 'the lab in one file, from a disk: time until its nodes run and the first click has opened a node, median of 3',
    figures: { ms: rounded(ms) },
    target: `at most ${START_LIMIT_MS} ms`,
    met: ms <= START_LIMIT_MS,
  }
}

/** Messages from all over the network, over long links, so that very many datagrams are in the air. */
async function framesOf(browser: Browser, url: string, n: number): Promise<Measurement> {
  const least = IN_FLIGHT[n] ?? 0
  const lab = await LabPage.open(browser, url)
  await lab.type(`network ${n} random`)
  await lab.page.getByText(`${n.toLocaleString('en')} of ${n.toLocaleString('en')} nodes running`).waitFor()
  await lab.type('delay 3000')
  for (let place = 0; place < 8; place += 1) await lab.type(`${Math.floor((place * n) / 8)} msg 1 word${place}`)
  await lab.page.waitForFunction(flyingAtLeast, least, { timeout: PATIENCE_MS })
  const { frames, work } = await lab.page.evaluate(timeFrames, FRAMES)
  await lab.close()
  const p95 = percentile(frames, 0.95)
  return {
    name: `site-frames-${n}`,
    what: `${n} simulated nodes at random, ${least} datagrams in flight and more: ${FRAMES} frames in software rendering, beside the simulation`,
    figures: {
      p50Ms: rounded(percentile(frames, 0.5)),
      p95Ms: rounded(p95),
      scriptP50Ms: rounded(percentile(work, 0.5)),
      scriptP95Ms: rounded(percentile(work, 0.95)),
    },
    target: `p95 of the time between two frames at most ${FRAME_LIMIT_MS} ms`,
    met: p95 <= FRAME_LIMIT_MS,
  }
}

/** In the page. */
function flyingAtLeast(least: number): boolean {
  const [, count = '0'] = /([\d,]+) datagrams? in flight/.exec(document.getElementById('root')?.textContent ?? '') ?? []
  return Number(count.replaceAll(',', '')) >= least
}

/** A lab of simulated nodes without a page: what its worker does. */
async function speedOf(n: number): Promise<Measurement> {
  const settings = { n, topology: 'random', linkDelayMs: 100, seed: 1, basePort: 20_000, rootId: 40_000 } as const
  const onFault = (error: unknown) => console.error(error)
  const { lab, machine } = simulatedLab({ settings: { ...settings, gossip: DEFAULTS }, seed: 1, onFault })
  await machine.advanceUntil(lab.startNetwork({}))
  const executor = new Executor(lab)
  const before = lab.sequencer.state.last
  const began = process.cpuUsage()
  for (let seq = 1; seq <= 5; seq += 1) {
    void executor.execute(`${seq * 7} msg ${seq} word${seq}`, 'page')
    await machine.advanceToAsync(machine.now() + 1_000)
  }
  const { user, system } = process.cpuUsage(began)
  const perSecond = (lab.sequencer.state.last - before) / ((user + system) / 1e6)
  await lab.close()
  return {
    name: `site-events-${n}`,
    what: `a lab of ${n} simulated nodes, 5 messages: events of the lab for each second of processor time`,
    figures: { eventsPerSecond: rounded(perSecond) },
    target: `at least ${EVENTS_TARGET.toLocaleString('en')}`,
    met: perSecond >= EVENTS_TARGET,
  }
}

/** An hour of the lab, as fast as this machine can. */
async function hourOf(browser: Browser, url: string): Promise<Measurement> {
  const lab = await LabPage.open(browser, url)
  await lab.type('network 8 ring')
  await lab.page.getByRole('slider', { name: 'Speed of the clock' }).press('End')
  for (let seq = 1; seq <= 20; seq += 1) {
    await lab.type(`${seq % 8} msg ${seq} word${seq}`)
    await lab.page.waitForFunction(hasReached, (seq * HOUR_MS) / 20 / 1_000, { timeout: PATIENCE_MS })
  }
  const heap = await heapMegabytes(lab.page)
  await lab.close()
  return {
    name: 'site-hour',
    what: 'heap of the page, without its worker, after an hour of a lab of 8 nodes and 20 messages, at full speed',
    figures: { heapMb: rounded(heap) },
    target: `at most ${HEAP_LIMIT_MB} MB`,
    met: heap <= HEAP_LIMIT_MB,
  }
}

/** In the page: whether its clock shows that many seconds. */
function hasReached(seconds: number): boolean {
  const clock = document.querySelector('[data-time-bar] strong')?.textContent ?? '0'
  return Number(clock.replace(/[^\d.]/g, '')) >= seconds
}
