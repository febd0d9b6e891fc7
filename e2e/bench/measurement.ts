/** Output of `npm run bench`: one JSON object a line, figures of one run beside their peer or limit. */
export interface Measurement {
  readonly name: string
  /** The measurement in a sentence: subject and method. */
  readonly what: string
  readonly figures: Readonly<Record<string, number>>
  /** The target in words, and whether this run reached it. */
  readonly target: string
  readonly met: boolean
}

/** Returns the value below which a share of the samples lies; `share` from 0 to 1. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5)

/** Three significant digits are the limit on a shared machine. */
export const rounded = (value: number): number => Number(value.toPrecision(3))

export const now = (): number => Number(process.hrtime.bigint()) / 1e6
