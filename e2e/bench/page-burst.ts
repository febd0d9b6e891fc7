import { setTimeout as sleep } from 'node:timers/promises'
import type { TestLab } from '../../server/test-support/lab-process.ts'
import { heapMegabytes } from '../support/heap.ts'
import type { LabPage } from '../support/lab-page.ts'
import { type Measurement, percentile, rounded } from './measurement.ts'

/** In s; BENCH_BURST_S=60 for the length of a lecture. */
const SECONDS = Number(process.env.BENCH_BURST_S ?? 10)
/** Before the burst, for the share of the machine and of the measurement itself. */
const QUIET_SECONDS = 4
/** In the middle of the line, each with two neighbours to flood: together somewhat more than the requested rate. */
const FLOODING = [1, 2]
const LEAST_EVENTS_PER_SECOND = 5_000
const CLICK_LIMIT_MS = 100
const GROWTH_LIMIT_MB = 100

/** Nodes that flood: thousands of events a second reach the page, while somebody clicks from node to node. */
export async function burstOnPage(lab: LabPage, { command, state, url }: TestLab): Promise<Measurement> {
  const { page } = lab
  await page.goto(url)
  await lab.node(3).waitFor()
  const heap = await heapMegabytes(page)
  const quiet = await clickTimes(lab, QUIET_SECONDS)
  for (const id of FLOODING) await command(`node ${id} flood on`)
  // The first second is the start of the flood.
  await sleep(1_000)
  // Reads the lab's figure: listening on the page's own connection would take half a processor from it.
  const before = await state()
  const answers = await clickTimes(lab, SECONDS)
  const after = await state()
  const perSecond = (after.last - before.last) / ((after.at - before.at) / 1_000)
  await command('heal')
  const grown = (await heapMegabytes(page)) - heap
  return {
    name: 'page-burst',
    what: `${Math.round(perSecond)} events a second for ${SECONDS} s: from a click to its answer on screen, and memory`,
    figures: {
      eventsPerSecond: rounded(perSecond),
      clickP50Ms: rounded(percentile(answers, 0.5)),
      clickP95Ms: rounded(percentile(answers, 0.95)),
      quietClickP95Ms: rounded(percentile(quiet, 0.95)),
      grownMB: rounded(grown),
    },
    target: `${LEAST_EVENTS_PER_SECOND} events a second and more, a click answered within ${CLICK_LIMIT_MS} ms (p95), the memory grows by ${GROWTH_LIMIT_MB} MB at most`,
    met:
      perSecond >= LEAST_EVENTS_PER_SECOND && percentile(answers, 0.95) <= CLICK_LIMIT_MS && grown <= GROWTH_LIMIT_MB,
  }
}

/** From node to node, for so long. */
async function clickTimes(lab: LabPage, seconds: number): Promise<number[]> {
  const until = performance.now() + seconds * 1_000
  const times: number[] = []
  for (let id = 0; performance.now() < until; id = (id + 1) % 4) {
    times.push(await clickTime(lab, id))
    await sleep(200)
  }
  return times
}

/** From the browser's time of a click on a node until its panel has been painted, in ms. */
async function clickTime({ page }: LabPage, id: number): Promise<number> {
  const box = await page.locator(`[data-node="${id}"]`).boundingBox()
  if (!box) throw new Error(`node ${id} is not on the stage`)
  // Two steps: typed and clicked input overtakes evaluated code.
  await page.evaluate(timeNextClick, `Node ${id}`)
  // The node's centre, clear of passing datagrams.
  await page.mouse.click(box.x + box.width / 2, box.y + box.width / 2)
  return page.evaluate(() => window.answered ?? Number.NaN)
}

declare global {
  interface Window {
    answered?: Promise<number>
  }
}

/** In the page: time from the next click until the element with this name is painted. */
function timeNextClick(name: string) {
  window.answered = new Promise((resolve) => {
    function onClick({ timeStamp }: MouseEvent) {
      function look() {
        if (!document.querySelector(`[aria-label="${name}"]`)) {
          requestAnimationFrame(look)
          return
        }
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => resolve(performance.now() - timeStamp)
        port2.postMessage(null)
      }
      requestAnimationFrame(look)
    }
    document.addEventListener('click', onClick, { once: true, capture: true })
  })
}
