import type { TestLab } from '../../server/test-support/lab-process.ts'
import type { LabPage } from '../support/lab-page.ts'
import { type Measurement, percentile, rounded } from './measurement.ts'

const IN_FLIGHT = 300
const FRAMES = 240
/** Number of samples, each with that many datagrams in flight: one busy second of the machine must not decide. */
const LOOKS = 3
/** A limit, not an expectation. */
const PATIENCE_MS = 120_000
const LIMIT_MS = 20

/** 64 nodes with long links, so that many datagrams are in the air and the processes leave the machine to the page. */
export async function framesOfPage({ page }: LabPage, { command, waitFor }: TestLab): Promise<Measurement> {
  // Frames of a page that draws nothing, in the same run and beside the same processes.
  const blank = await page.context().newPage()
  const bare = await blank.evaluate(timeFrames, FRAMES)
  await blank.close()
  const frames: number[] = []
  const work: number[] = []
  for (let look = 0; look < LOOKS; look += 1) {
    // Datagrams of the previous sample that are still in the air would count twice.
    await waitFor((state) => Object.keys(state.inFlight).length < IN_FLIGHT / 10, PATIENCE_MS)
    for (let seq = 0; seq < 4; seq += 1) await command(`${seq * 16} msg 1 word${look}x${seq}`)
    await waitFor((state) => Object.keys(state.inFlight).length >= IN_FLIGHT)
    const seen = await page.evaluate(timeFrames, FRAMES)
    frames.push(...seen.frames)
    work.push(...seen.work)
  }
  return {
    name: 'page-frames',
    what: `64 nodes at random, ${IN_FLIGHT} datagrams in flight and more: ${LOOKS} times ${FRAMES} frames in software rendering`,
    figures: {
      p50Ms: rounded(percentile(frames, 0.5)),
      p95Ms: rounded(percentile(frames, 0.95)),
      scriptP50Ms: rounded(percentile(work, 0.5)),
      scriptP95Ms: rounded(percentile(work, 0.95)),
      emptyPageP95Ms: rounded(percentile(bare.frames, 0.95)),
    },
    target: `p95 of the time between two frames at most ${LIMIT_MS} ms; an empty page beside it`,
    met: percentile(frames, 0.95) <= LIMIT_MS,
  }
}

/** In the page: the time between frames, and the share of the page's own callbacks. */
export function timeFrames(count: number): Promise<{ frames: number[]; work: number[] }> {
  return new Promise((resolve) => {
    const frames: number[] = []
    const work: number[] = []
    let before: number | null = null
    function next(at: number) {
      if (before !== null) frames.push(at - before)
      before = at
      // The page's callback was registered before this one, in the previous frame: it has run by now.
      work.push(performance.now() - at)
      if (frames.length >= count) resolve({ frames, work })
      else requestAnimationFrame(next)
    }
    requestAnimationFrame(next)
  })
}
