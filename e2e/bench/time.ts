/** Measures going back: opens and scrubs a recording of 200,000 events in a real Chromium, and seeks in it. */

import { startLab } from '../../server/test-support/lab-process.ts'
import { EMPTY_LAB } from '../../shared/model/lab-state.ts'
import { makeUpEvents } from '../../shared/sim/made-up.ts'
import { writeRecording } from '../../shared/wire/recording.ts'
import { createHistory } from '../../web/model/time/history.ts'
import { launchBrowser } from '../support/browser.ts'
import { LabPage } from '../support/lab-page.ts'
import { type Measurement, now, percentile, rounded } from './measurement.ts'

const EVENTS = 200_000
const SOUGHT_AMONG = 100_000
const SEEKS = 500
const FRAMES = 240
const SEEK_LIMIT_MS = 50
const OPEN_LIMIT_MS = 10_000
const FRAME_LIMIT_MS = 50
/** One text in so many events, so that there are some hundred messages. */
const made = { nodes: 8, textEvery: 400 }

export async function time(): Promise<readonly Measurement[]> {
  return [seeks(), await scrubbing()]
}

function seeks(): Measurement {
  const history = createHistory(EMPTY_LAB)
  history.append(makeUpEvents(SOUGHT_AMONG, 1, made))
  history.checkpoint()
  const took = Array.from({ length: SEEKS }, (_, turn) => {
    const number = 1 + ((turn * 7_919_317) % SOUGHT_AMONG)
    const begun = now()
    history.stateAt(number)
    return now() - begun
  })
  return {
    name: 'time-seek',
    what: `the state at ${SEEKS} events all over a history of ${SOUGHT_AMONG.toLocaleString('en')}`,
    figures: { p50Ms: rounded(percentile(took, 0.5)), p95Ms: rounded(percentile(took, 0.95)) },
    target: `p95 at most ${SEEK_LIMIT_MS} ms`,
    met: percentile(took, 0.95) <= SEEK_LIMIT_MS,
  }
}

async function scrubbing(): Promise<Measurement> {
  const text = writeRecording({ lab: 'made up', beganAt: 0 }, EMPTY_LAB, makeUpEvents(EVENTS, 1, made))
  const browser = await launchBrowser()
  const lab = await startLab()
  const page = await LabPage.open(browser, lab.url)
  try {
    const openMs = await open(page, text)
    const frames = await page.page.evaluate(scrub, FRAMES)
    return {
      name: 'time-scrub',
      what: `a recording of ${EVENTS.toLocaleString('en')} events (${rounded(text.length / 1e6)} MB) opened, then dragged through`,
      figures: {
        openMs: rounded(openMs),
        framesP50Ms: rounded(percentile(frames, 0.5)),
        framesP95Ms: rounded(percentile(frames, 0.95)),
      },
      target: `open within ${OPEN_LIMIT_MS} ms, p95 of a frame while scrubbing at most ${FRAME_LIMIT_MS} ms`,
      met: openMs <= OPEN_LIMIT_MS && percentile(frames, 0.95) <= FRAME_LIMIT_MS,
    }
  } finally {
    await page.close()
    await browser.close()
    await lab.stop()
  }
}

/** Time from the drop until it is on screen, in ms. */
async function open({ page }: LabPage, text: string): Promise<number> {
  await page.evaluate((content) => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File([content], 'bench.jsonl'))
    Object.assign(window, { droppedAt: performance.now() })
    document.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
  }, text)
  await page.getByRole('button', { name: 'Back to the live lab' }).waitFor({ timeout: 120_000 })
  return page.evaluate(() => performance.now() - (window as unknown as { droppedAt: number }).droppedAt)
}

/** In the page: moves the thumb of the scrubber in each frame, and measures the time between frames. */
function scrub(count: number): Promise<number[]> {
  const thumb = document.querySelector<HTMLInputElement>('input[aria-label="Instant shown"]')
  const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set
  return new Promise((resolve) => {
    const frames: number[] = []
    let before: number | null = null
    function next(at: number) {
      if (before !== null) frames.push(at - before)
      before = at
      const [from, to] = [Number(thumb?.min), Number(thumb?.max)]
      // Back through all of it, like a drag by hand.
      const share = 1 - frames.length / count
      write?.call(thumb, String(from + (to - from) * share))
      thumb?.dispatchEvent(new Event('input', { bubbles: true }))
      if (frames.length >= count) resolve(frames)
      else requestAnimationFrame(next)
    }
    requestAnimationFrame(next)
  })
}
