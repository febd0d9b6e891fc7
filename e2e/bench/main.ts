/** `npm run bench [-- name ...]`: one JSON object per measurement. Figures, not assertions: the machine may be busy. */
import { fileURLToPath } from 'node:url'
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
  viewers,
  time,
}

/** Run only by name: they take an hour, and some minutes. */
const LONG: readonly string[] = ['growth', 'supervisor']

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(GROUPS, name))
if (unknown.length > 0) {
  console.error(`no measurement ${unknown.join(', ')}; there are ${Object.keys(GROUPS).join(', ')}`)
  process.exit(2)
}
for (const [name, measure] of Object.entries(GROUPS)) {
  if (wanted.length > 0 ? !wanted.includes(name) : LONG.includes(name)) continue
  for (const measurement of await measure(root)) console.log(JSON.stringify(measurement))
}
