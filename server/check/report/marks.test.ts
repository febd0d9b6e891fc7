import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyResult, anyText, EXAMPLE, passedRun, resultOf, testOf } from '../../test-support/check-results.ts'
import { marksCsv, marksTable, type Submission } from './marks.ts'
import { readPoints } from './points.ts'

const passed = resultOf(...EXAMPLE.tests.map(({ name }) => testOf(name, [passedRun(1)])))
const SUBMISSIONS: readonly Submission[] = [
  { name: 'ada/process', outcome: passed },
  { name: 'bob/process', outcome: EXAMPLE },
  { name: 'eve/process', outcome: { whyNot: 'the program ended before it listened: exit code 1' } },
]
const POINTS = readPoints(
  '{"partialCredit": "share", "others": 0.1}',
  EXAMPLE.tests.map(({ name }) => name),
)
/** A field of CSV, quoted or plain, and the comma or line end after it. */
const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy

function rowsOf(csv: string): string[][] {
  const text = csv.replace('\ufeff', '')
  const fields = [...text.matchAll(FIELD)]
  expect(fields.map(([whole]) => whole).join('')).toBe(text)
  const rows: string[][] = [[]]
  for (const [, quoted, plain = '', end] of fields) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end !== ',') rows.push([])
  }
  return rows.slice(0, -1)
}

test('a row is a submission, and a column is a test', () => {
  expect(rowsOf(marksCsv(SUBMISSIONS, POINTS))).toEqual([
    [
      ...['submission', 'outcome', 'points', 'of', 'passed', 'flaky', 'failed', 'skipped', 'first failure'],
      ...['agreement after quiet', 'restart catches up', 'crash in mid-message', 'cut and heal'],
    ],
    ['ada/process', 'passed', '0.4', '0.4', '4', '0', '0', '0', '', 'passed', 'passed', 'passed', 'passed'],
    [
      ...['bob/process', 'failed', '0.17', '0.4', '1', '1', '1', '1'],
      ...['restart catches up: run 1: at 3.033 s: node 2 has 0 of 5 messages', 'passed', '0 of 4', '3 of 4', 'skipped'],
    ],
    [
      ...['eve/process', 'not checked', '0', '0.4', '', '', '', ''],
      ...['the program ended before it listened: exit code 1', '', '', '', ''],
    ],
  ])
})

test('no cell is a formula, and each row has all columns, whatever texts submissions have', () => {
  const anySubmission = fc.record({ name: anyText, outcome: fc.oneof(anyResult, fc.record({ whyNot: anyText })) })
  fc.assert(
    fc.property(fc.array(anySubmission, { maxLength: 4 }), (submissions) => {
      const csv = marksCsv(submissions)
      expect(csv.isWellFormed()).toBe(true)
      const [head, ...rows] = rowsOf(csv)
      expect(rows).toHaveLength(submissions.length)
      for (const row of rows) expect(row).toHaveLength(head?.length ?? 0)
      for (const cell of [head ?? [], ...rows].flat()) expect(cell).not.toMatch(/^[\s]*[=+\-@\t\r＝＋－＠]/)
    }),
  )
})

test('the table names each submission, and how many pass each test', () => {
  const { rows, tests, sum } = marksTable(SUBMISSIONS)
  expect(rows).toEqual([
    ['passed', 'ada/process', '4 of 4 tests'],
    ['failed', 'bob/process', '1 of 4 tests · restart catches up: run 1: at 3.033 s: node 2 has 0 of 5 messages'],
    ['not checked', 'eve/process', 'the program ended before it listened: exit code 1'],
  ])
  expect(tests[2]).toEqual(['crash in mid-message', 'passed by 1 of 2, 1 flaky'])
  expect(sum).toBe('3 submissions: 1 passed, 1 failed, 1 not checked')
})

test('a submission of which a test was skipped has not passed', () => {
  const skipped = resultOf(testOf('a', [passedRun(1)]), testOf('b', [], { why: 'no gate' }))
  expect(marksTable([{ name: 'x', outcome: skipped }]).rows[0]?.[0]).toBe('incomplete')
})
