/**
 * Tests the built-in suite: each test fails a program that breaks its rule, for that reason. docs/check.md lists them;
 * with WRITE_TABLE=1 this file writes its tables anew.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SUITE } from '../server/check/suite/suite.ts'
import { inPython } from '../server/test-support/foreign.ts'
import { ROOT } from '../server/test-support/processes.ts'
import { BROKEN_PROGRAMS } from './support/broken-programs.ts'
import { type CheckTable, MUTANT_TABLE, SUITE_TABLE, shapeOf } from './support/check-table.ts'
import { builtMutants, OWN_MUTANTS } from './support/own-mutants.ts'
import { sentencesFor } from './support/suite-sentences.ts'

const PAGE = join(ROOT, 'docs/check.md')
const LIMIT_MS = 1_200_000

/** The sentences of a table, by the cell that names their test. */
const sentencesIn = (table: CheckTable, named: number) =>
  new Map(table.read(readFileSync(PAGE, 'utf8')).map((cells) => [cells[named] ?? '', cells.at(-1) ?? '']))

function expectTable(table: CheckTable, rows: readonly (readonly string[])[]) {
  const page = readFileSync(PAGE, 'utf8')
  if (process.env.WRITE_TABLE) writeFileSync(PAGE, table.written(page, rows))
  expect(rows.map((cells) => cells.map(shapeOf))).toEqual(
    table.read(readFileSync(PAGE, 'utf8')).map((cells) => cells.map(shapeOf)),
  )
}

test('each broken program is failed for the right reason, as docs/check.md says', { timeout: LIMIT_MS }, async () => {
  const broken = BROKEN_PROGRAMS.map(({ test: name, bug }) => [name, inPython('sound', bug)] as const)
  const sentences = await sentencesFor(new Map(broken), sentencesIn(SUITE_TABLE, 0))
  const rows = SUITE.map(({ name, rule, needs }) => {
    const does = BROKEN_PROGRAMS.find((one) => one.test === name)?.does ?? ''
    return [name, rule, needs === 2 ? 'yes' : 'no', does, sentences.get(name) ?? '']
  })
  expectTable(SUITE_TABLE, rows)
})

test('each mutant of our own node is failed for the right reason, as docs/check.md says', {
  timeout: LIMIT_MS,
}, async () => {
  const sentences = await sentencesFor(await builtMutants(OWN_MUTANTS), sentencesIn(MUTANT_TABLE, 1))
  expectTable(
    MUTANT_TABLE,
    OWN_MUTANTS.map((mutant) => [mutant.does, mutant.test, sentences.get(mutant.test) ?? '']),
  )
})
