/**
 * Tests the built-in suite: each test fails a program that breaks its rule, for that reason. docs/check.md lists them;
 * with WRITE_TABLE=1 this file writes its tables anew.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SUITE } from '../server/check/suite/suite.ts'
import { inPython } from '../server/test-support/foreign.ts'
import { ROOT } from '../server/test-support/processes.ts'
import { BROKEN_PROGRAMS } from './support/broken-programs.ts'
import { type CheckTable, MUTANT_TABLE, SUITE_TABLE, shapeOf } from './support/check-table.ts'
import { builtMutant, OWN_MUTANTS } from './support/own-mutants.ts'
import { sentenceFor, sentencesOf } from './support/suite-sentences.ts'

const PAGE = join(ROOT, 'docs/check.md')
const LIMIT_MS = 1_200_000
/** The programs mostly wait. */
const AT_ONCE = 4 * availableParallelism()

function expectTable(table: CheckTable, rows: readonly (readonly string[])[]) {
  const page = readFileSync(PAGE, 'utf8')
  if (process.env.WRITE_TABLE) writeFileSync(PAGE, table.written(page, rows))
  expect(rows.map((cells) => cells.map(shapeOf))).toEqual(
    table.read(readFileSync(PAGE, 'utf8')).map((cells) => cells.map(shapeOf)),
  )
}

test('each broken program is failed for the right reason, as docs/check.md says', { timeout: LIMIT_MS }, async () => {
  const sentences = await sentencesOf(BROKEN_PROGRAMS, AT_ONCE, ({ test: name, bug }) =>
    sentenceFor(name, inPython('sound', bug)),
  )
  const rows = SUITE.map(({ name, rule, needs }) => {
    const broken = BROKEN_PROGRAMS.find((one) => one.test === name)
    return [name, rule, needs === 2 ? 'yes' : 'no', broken?.does ?? '', (broken && sentences.get(broken)) ?? '']
  })
  expectTable(SUITE_TABLE, rows)
})

test('each mutant of our own node is failed for the right reason, as docs/check.md says', {
  timeout: LIMIT_MS,
}, async () => {
  const sentences = await sentencesOf(OWN_MUTANTS, AT_ONCE, async (mutant) =>
    sentenceFor(mutant.test, await builtMutant(mutant)),
  )
  expectTable(
    MUTANT_TABLE,
    OWN_MUTANTS.map((mutant) => [mutant.does, mutant.test, sentences.get(mutant) ?? '']),
  )
})
