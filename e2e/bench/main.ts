/**
 * `npm run bench [-- name ... --baseline FILE]`: one JSON object per measurement. Figures, not assertions: the machine
 * may be busy.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openBaseline } from './baseline.ts'
import { burst } from './burst.ts'
import { challenge } from './challenge.ts'
import { courseLine } from './course-line.ts'
import { gate } from './gate.ts'
import { growth } from './growth.ts'
import { lineOfFour } from './line-of-four.ts'
import { loss } from './loss.ts'
import type { Measurement } from './measurement.ts'
import { memory } from './memory.ts'
import { page } from './page.ts'
import { polling } from './polling.ts'
import { simulator } from './simulator.ts'
import { site } from './site.ts'
import { spread } from './spread.ts'
import { startUp } from './start-up.ts'
import { supervisor } from './supervisor.ts'
import { time } from './time.ts'
import { viewers } from './viewers.ts'

/** This file runs as dist/server/bench.js. */
const root = fileURLToPath(new URL('../..', import.meta.url))

const GROUPS: Readonly<Record<string, (root: string) => Promise<readonly Measurement[]>>> = {
  'start-up': startUp,
  spread,
  'line-of-four': lineOfFour,
  'course-line': courseLine,
  burst,
  loss,
  challenge,
  simulator,
  memory,
  supervisor,
  gate,
  polling,
  growth,
  page,
  site,
  viewers,
  time,
}

/** Run only by name: they take an hour, and some minutes. */
const LONG: readonly string[] = ['growth', 'supervisor']

function optionsOf(argv: string[]) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { baseline: { type: 'string' } },
  })
  const unknown = positionals.filter((name) => !Object.hasOwn(GROUPS, name))
  if (unknown.length > 0)
    throw new Error(`no measurement ${unknown.join(', ')}; there are ${Object.keys(GROUPS).join(', ')}`)
  return { wanted: positionals, baseline: values.baseline === undefined ? undefined : openBaseline(values.baseline) }
}

async function run({ wanted, baseline }: ReturnType<typeof optionsOf>) {
  for (const [name, measure] of Object.entries(GROUPS)) {
    if (wanted.length > 0 ? !wanted.includes(name) : LONG.includes(name)) continue
    for (const measurement of await measure(root)) {
      console.log(JSON.stringify(measurement))
      for (const worse of baseline?.take(measurement) ?? []) console.error(worse)
    }
  }
}

let options: ReturnType<typeof optionsOf>
try {
  options = optionsOf(process.argv.slice(2))
} catch (error) {
  console.error((error as Error).message)
  process.exit(2)
}
await run(options)
