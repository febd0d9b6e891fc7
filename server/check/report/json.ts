/** Writes the JSON report: the whole result, with a version. `checkReport` is its schema. */
import * as z from 'zod/mini'
import type { CheckResult } from '../result.ts'

/** Must rise when a reader of an older report could misread a newer one. */
const REPORT_VERSION = 1

const count = z.int().check(z.minimum(0))
const ms = z.number().check(z.minimum(0))

const measures = z.strictObject({
  messages: count,
  measured: count,
  latencyMs: z.exactOptional(z.strictObject({ p50: ms, p95: ms, max: ms, reached: count })),
  datagramsPerMessage: z.exactOptional(z.number().check(z.minimum(0))),
  lost: count,
  stale: count,
  duplicated: count,
  neverRead: count,
})
const reason = z.strictObject({
  atMs: z.number(),
  event: z.exactOptional(count),
  node: z.exactOptional(count),
  words: z.string(),
})
const run = z.strictObject({
  run: z.int().check(z.minimum(1)),
  seed: z.number(),
  ok: z.boolean(),
  durationMs: ms,
  repeated: count,
  reasons: z.array(reason),
  recording: z.exactOptional(z.string()),
  measures: z.exactOptional(measures),
})
const layer = z.literal([1, 2])
const test = z.strictObject({
  name: z.string(),
  rule: z.string(),
  needs: layer,
  verdict: z.enum(['passed', 'failed', 'flaky', 'skipped']),
  why: z.exactOptional(z.string()),
  runs: z.array(run),
})
const machine = z.strictObject({
  cores: count,
  load: z.number().check(z.minimum(0), z.maximum(1)),
  layer,
  namespaces: z.boolean(),
  whyNot: z.exactOptional(z.string()),
  atOnce: count,
  dropped: z.exactOptional(count),
})

export interface CheckReport extends CheckResult {
  readonly rumorscope: 'check'
  readonly version: typeof REPORT_VERSION
}

export const checkReport: z.ZodMiniType<CheckReport> = z.strictObject({
  rumorscope: z.literal('check'),
  version: z.literal(REPORT_VERSION),
  program: z.string(),
  startedAt: z.iso.datetime(),
  durationMs: ms,
  seed: z.number(),
  machine,
  tests: z.array(test),
})

export function jsonReport(result: CheckResult): string {
  const report: CheckReport = { rumorscope: 'check', version: REPORT_VERSION, ...result }
  return `${JSON.stringify(report, null, 2)}\n`
}
