/**
 * Compares measurements with earlier ones of the same machine: `npm run bench -- --baseline FILE`. The file is the
 * output of a bench. If it does not exist, the run makes it.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Measurement } from './measurement.ts'

/** A figure is worse if it is so many times as large, or as small, as in the baseline. */
const WORSE_FROM = 1.1

const Earlier = z.object({ name: z.string(), figures: z.record(z.string(), z.number().nullable()) })

type Figures = z.infer<typeof Earlier>['figures']

/** Figures that get better when they grow. */
const isRate = (name: string) => name.includes('PerSecond')
/** Figures of the peer, and of the size of the work. */
const isGiven = (name: string) =>
  /^(?:bare|script|quiet)|Without|Before/.test(name) ||
  ['windows', 'samples', 'frames', 'holders', 'idleAfterMs'].includes(name)

/** Returns a line for each figure of a measurement that has become 10 % worse. */
export function worseThan(earlier: Figures, { name, figures }: Pick<Measurement, 'name' | 'figures'>): string[] {
  return Object.entries(figures).flatMap(([figure, value]) => {
    const before = earlier[figure]
    if (typeof before !== 'number' || isGiven(figure)) return []
    const [less, more] = isRate(figure) ? [value, before] : [before, value]
    if (less <= 0 ? more <= 0 : more / less < WORSE_FROM) return []
    return [`${name}: ${figure} is ${value}, and was ${before}`]
  })
}

/** Takes the measurements of a run one by one. */
export interface Baseline {
  /** Returns lines about figures that have become worse. */
  take(measurement: Measurement): string[]
}

/** @throws if the file is not the output of a bench. */
export function openBaseline(file: string): Baseline {
  if (!existsSync(file)) {
    return {
      take(measurement) {
        appendFileSync(file, `${JSON.stringify(measurement)}\n`)
        return []
      },
    }
  }
  const earlier = new Map<string, Figures>()
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const parsed = Earlier.safeParse(parseJson(line))
    if (!parsed.success) throw new Error(`${file} is not a baseline: make one with npm run bench -- --baseline FILE`)
    earlier.set(parsed.data.name, parsed.data.figures)
  }
  return { take: (measurement) => worseThan(earlier.get(measurement.name) ?? {}, measurement) }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
