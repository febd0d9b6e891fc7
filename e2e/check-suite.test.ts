/**
 * Tests the built-in suite: each test fails the program that breaks its rule, for that reason. docs/check.md lists them; with WRITE_TABLE=1 this test writes the table anew.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type AttemptOptions, attempt } from '../server/check/attempt.ts'
import { LoadMeter } from '../server/check/load.ts'
import { PortBlocks } from '../server/check/port-blocks.ts'
import { SUITE } from '../server/check/suite/suite.ts'
import { processHost } from '../server/hosts/process-host.ts'
import { GATE, inPython } from '../server/test-support/foreign.ts'
import { BUNDLE, ROOT } from '../server/test-support/processes.ts'
import { BROKEN_PROGRAMS, type BrokenProgram } from './support/broken-programs.ts'
import { checkTable, clauseOf, rowsOf, shapeOf } from './support/check-table.ts'

const PAGE = join(ROOT, 'docs/check.md')
/** Chance decides whether a program without anti-entropy fails under loss. */
const MOST_RUNS = 3
const LIMIT_MS = 1_200_000

/** Resolves with the sentence that a broken program gets. */
async function sentenceFor({ test: name, bug }: BrokenProgram, options: AttemptOptions): Promise<string> {
  const found = SUITE.find((one) => one.name === name)
  if (!found) throw new Error(`there is no test ${name}`)
  for (let run = 1; run <= MOST_RUNS; run += 1) {
    const { result, skipped } = await attempt(found, run, { ...options, program: inPython('sound', bug) })
    if (skipped !== undefined) return `skipped: ${skipped}`
    const [reason] = result.reasons
    if (reason) return clauseOf(reason.words)
  }
  return 'passed'
}

const meter = new LoadMeter()
afterAll(() => meter.close())

const options: AttemptOptions = {
  program: inPython('sound'),
  rootId: 40_000,
  gate: GATE,
  own: processHost({ bundle: BUNDLE, runtime: '' }),
  env: process.env,
  ports: new PortBlocks(),
  meter,
  seed: 1,
  record: undefined,
  open: new Set(),
}

test('each broken program is failed for the right reason, as docs/check.md says', { timeout: LIMIT_MS }, async () => {
  const queue = [...BROKEN_PROGRAMS]
  const sentences = new Map<string, string>()
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift())
      sentences.set(next.test, await sentenceFor(next, options))
  }
  await Promise.all(Array.from({ length: 4 * availableParallelism() }, work))
  const page = readFileSync(PAGE, 'utf8')
  if (process.env.WRITE_TABLE) writeFileSync(PAGE, checkTable(page, sentences))
  const told = rowsOf(readFileSync(PAGE, 'utf8')).map(({ test: name, sentence }) => [name, shapeOf(sentence)])
  expect([...BROKEN_PROGRAMS].map(({ test: name }) => [name, shapeOf(sentences.get(name) ?? '')])).toEqual(told)
})
