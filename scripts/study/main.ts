/**
 * `npm run study`: measures gossip on a virtual clock for up to 100,000 nodes, and rewrites the figures, the pictures
 * and the tables of docs/study.md. Takes some minutes on one core.
 *
 *     npm run study -- --quick --out DIR    few nodes, some seconds, written elsewhere
 *     npm run study -- --draw               only the pictures and tables, from the figures that are there
 *     npm run -s study -- --sweep ...       ranges of parameters, as CSV (sweep-options.ts)
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Findings, findOut } from './experiments.ts'
import { drawAll } from './plots.ts'
import { sweepLines } from './sweep.ts'
import { parseSweep, SWEEP_USAGE, type Sweep } from './sweep-options.ts'
import { fillIn, tablesOf } from './tables.ts'

/** This file runs as dist/server/study.js. */
const docs = fileURLToPath(new URL('../../docs', import.meta.url))

const argv = process.argv.slice(2)
if (argv.includes('--sweep')) sweep()
else study()

function sweep() {
  let parsed: Sweep
  try {
    parsed = parseSweep(argv)
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${SWEEP_USAGE}`)
    process.exitCode = 2
    return
  }
  for (const line of sweepLines(parsed)) console.log(line)
}

function study() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      draw: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  })
  if (values.quick && values.out === undefined) {
    console.error('a quick study is not for docs/: say where to write it with --out DIR')
    process.exitCode = 2
    return
  }
  const out = values.out ?? join(docs, 'study')
  const figures = join(out, 'findings.json')
  const began = performance.now()
  const say = (what: string) =>
    console.log(`${((performance.now() - began) / 1_000).toFixed(0).padStart(4)} s  ${what}`)

  mkdirSync(out, { recursive: true })
  const findings = values.draw ? (JSON.parse(readFileSync(figures, 'utf8')) as Findings) : findOut(values.quick, say)
  if (!values.draw) writeFileSync(figures, `${JSON.stringify(findings, null, 1)}\n`)
  for (const [name, svg] of Object.entries(drawAll(findings))) writeFileSync(join(out, name), svg)
  const text = join(docs, 'study.md')
  if (values.out === undefined) writeFileSync(text, fillIn(readFileSync(text, 'utf8'), tablesOf(findings)))
  say(`written to ${out}`)
}
