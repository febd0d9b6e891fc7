/** Runs random actions on the real system, and checks everything again and again. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom } from '../../shared/gossip/random.ts'
import { launchBrowser } from '../support/browser.ts'
import { checkpoint } from './checkpoint.ts'
import { chooseDeed } from './deeds.ts'
import { fillEventLog } from './fill.ts'
import { beyondLimit, leak, type Sample, sample } from './gauges.ts'
import type { Size } from './size.ts'
import { Subject } from './subject.ts'
import { Trail } from './trail.ts'

export interface SoakOptions {
  readonly seconds: number
  /** The soak goes on until there were so many actions: a busy machine does few in a second. */
  readonly leastDeeds?: number
  readonly seed: number
  /** Time between two full checks, in s. */
  readonly checkEvery: number
  /** Whether each lab's sequencer is filled first, which takes a minute: then any growth is a leak. */
  readonly fill: boolean
  readonly size: Size
  readonly say: (line: string) => void
}

export interface SoakResult {
  readonly deeds: number
  readonly checkpoints: number
  readonly labs: number
  readonly most: Readonly<Record<Figure, number>>
  readonly begin: Sample
  readonly middle: Sample
  readonly end: Sample
}

const FIGURES = ['processes', 'supervisorMB', 'supervisorFiles', 'nodeMB', 'pageMB'] as const
type Figure = (typeof FIGURES)[number]

/**
 * After so many checkpoints the lab itself is killed and another one replaces it; each lives twice as long as the one
 * before, so that there are some, and one of them lives long.
 */
const FIRST_LAB_LIVES_FOR = 20
const SCREENSHOT_LIMIT_MS = 10_000
/** Longest pause between two actions, in ms. */
const MAX_PAUSE_MS = 250
/** Messages of the browser itself while the cable is out. */
const NETWORK_TALK = /WebSocket connection|Failed to load resource|net::ERR_/

/** @throws (rejects) SoakFailed with seed and trail, whatever the failure. */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const trail = new Trail(options.say)
  trail.tell(`seed ${options.seed}, ${options.seconds} s`)
  const browser = await launchBrowser()
  try {
    const subject = await Subject.start(browser, options.size)
    try {
      return await run(subject, trail, options)
    } catch (error) {
      // No page was there to see it.
      const path = `test-results/soak-${options.seed}.png`
      await subject.page.page.screenshot({ path, timeout: SCREENSHOT_LIMIT_MS }).then(
        () => trail.tell(`what the page showed: ${path}`),
        () => trail.tell('the page could not be photographed'),
      )
      throw error
    } finally {
      await subject.stop()
    }
  } catch (error) {
    throw new SoakFailed(error as Error, options.seed, trail.lines)
  } finally {
    await browser.close()
  }
}

async function run(
  subject: Subject,
  trail: Trail,
  { seconds, leastDeeds = 0, seed, checkEvery, fill }: SoakOptions,
): Promise<SoakResult> {
  const random = createRandom(seed)
  const began = performance.now()
  const samples: Sample[] = []
  let lives = FIRST_LAB_LIVES_FOR
  await furnish(subject, fill)
  do {
    await doDeeds(subject, trail, random, checkEvery)
    const found = await checkpoint(subject)
    const taken = await sample(subject, (performance.now() - began) / 60_000, (await subject.state()).last)
    samples.push(taken)
    trail.tell(`${found}; ${inWords(taken)}; ${trail.deeds} deeds`)
    const problem = beyondLimit(taken) ?? leak(samples) ?? complaintOf(subject)
    if (problem) throw new Error(problem)
    if (samples.length === lives) {
      await subject.replaceLab()
      trail.note('SIGKILL to the lab: its nodes are gone, another one takes its place')
      lives = 2 * lives
      await furnish(subject, fill)
    }
  } while (performance.now() - began < seconds * 1_000 || trail.deeds < leastDeeds)
  return { deeds: trail.deeds, checkpoints: samples.length, labs: subject.labs, ...figuresOf(samples) }
}

/** Fills a new lab, and makes the network that the soak is about. */
async function furnish(subject: Subject, fill: boolean) {
  if (fill) await fillEventLog(subject)
  await subject.command(subject.newNetwork)
}

async function doDeeds(subject: Subject, trail: Trail, random: ReturnType<typeof createRandom>, seconds: number) {
  const until = performance.now() + seconds * 1_000
  while (performance.now() < until) {
    trail.note(await chooseDeed(random, subject.size).does(subject, random))
    await sleep(random.below(MAX_PAUSE_MS))
  }
}

const complaintOf = ({ page, onlooker }: Subject) =>
  [...page.errors, ...onlooker.errors].find((error) => !NETWORK_TALK.test(error))

const inWords = (taken: Sample) =>
  [...FIGURES, 'events' as const].map((name) => `${name} ${Number(taken[name].toFixed(1))}`).join(', ')

function figuresOf(samples: readonly Sample[]) {
  const [begin, middle, end] = [samples[0], samples[samples.length >> 1], samples.at(-1)]
  if (!begin || !middle || !end) throw new Error('too short for a single look')
  const most = FIGURES.map((name) => [name, Math.max(...samples.map((taken) => taken[name]))])
  return { begin, middle, end, most: Object.fromEntries(most) as Record<Figure, number> }
}

export class SoakFailed extends Error {
  constructor(cause: Error, seed: number, trail: readonly string[]) {
    super(`${cause.message}\n\nseed ${seed}; what was done:\n${trail.join('\n')}`, { cause })
  }
}
