import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { BROKEN_PROGRAMS } from '../../e2e/support/broken-programs.ts'
import { rowsOf } from '../../e2e/support/check-table.ts'
import { SUITE } from '../../server/check/suite/suite.ts'

test('docs/check.md lists each built-in test with its rule, and a program that it catches', () => {
  const rows = rowsOf(readFileSync('docs/check.md', 'utf8'))
  expect(rows.map(({ test: name, rule, needs }) => [name, rule, needs])).toEqual(
    SUITE.map(({ name, rule, needs }) => [name, rule, needs === 2 ? 'yes' : 'no']),
  )
  const does = new Map(BROKEN_PROGRAMS.map(({ test: name, does: words }) => [name, words]))
  expect(rows.map((row) => row.does)).toEqual(SUITE.map(({ name }) => does.get(name)))
  expect(rows.filter(({ sentence }) => sentence === '')).toEqual([])
})
