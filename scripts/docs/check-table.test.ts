import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { BROKEN_PROGRAMS } from '../../e2e/support/broken-programs.ts'
import { MUTANT_TABLE, SUITE_TABLE } from '../../e2e/support/check-table.ts'
import { OWN_MUTANTS } from '../../e2e/support/own-mutants.ts'
import { SUITE } from '../../server/check/suite/suite.ts'

const PAGE = readFileSync('docs/check.md', 'utf8')
const isMissing = (sentence = '') => /^(|passed|skipped.*)$/.test(sentence)

test('docs/check.md lists each built-in test with its rule, and a program that it catches', () => {
  const rows = SUITE_TABLE.read(PAGE)
  const does = new Map(BROKEN_PROGRAMS.map(({ test: name, does: words }) => [name, words]))
  expect(rows.map((cells) => cells.slice(0, -1))).toEqual(
    SUITE.map(({ name, rule, needs }) => [name, rule, needs === 2 ? 'yes' : 'no', does.get(name)]),
  )
  expect(rows.filter((cells) => isMissing(cells.at(-1)))).toEqual([])
})

test('docs/check.md lists at least ten mutants of our own node, and the sentence that each gets', () => {
  const rows = MUTANT_TABLE.read(PAGE)
  expect(rows.length).toBeGreaterThanOrEqual(10)
  expect(rows.map((cells) => cells.slice(0, -1))).toEqual(OWN_MUTANTS.map(({ does, test: name }) => [does, name]))
  expect(rows.filter((cells) => isMissing(cells.at(-1)))).toEqual([])
})
