import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lineText, type StyledLine } from '../../platform/styled-line.ts'
import { anyResult, EXAMPLE, resultOf } from '../../test-support/check-results.ts'
import { marksTable } from './marks.ts'
import { marksLines, progressWords, submissionLine, summaryLines, testLines, widthOf } from './terminal.ts'

const textOf = (lines: readonly StyledLine[]) => lines.map((line) => lineText(line, false))

test('each test has a line, and a failed one its reasons', () => {
  expect(textOf(EXAMPLE.tests.flatMap(testLines))).toMatchInlineSnapshot(`
    [
      "pass  agreement after quiet                        4 of 4 runs · time to all nodes p50 2 ms, p95 9 ms, max 21 ms · 12 datagrams per message",
      "FAIL  restart catches up                           0 of 4 runs",
      "      run 1 at 3.033 s: node 2 has 0 of 5 messages",
      "        also runs 2, 3 and 4",
      "flaky crash in mid-message                         3 of 4 runs · time to all nodes p50 2 ms, p95 9 ms, max 21 ms · 12 datagrams per message",
      "      run 2 at 3.033 s: “Bob” reached 2 of 3 nodes; last seen at node 1 at 3.032 s; node 1 ended at 3.033 s by SIGABRT",
      "skip  cut and heal                                 neither passed nor failed: it needs a gate for datagrams, and this machine has no python3",
    ]
  `)
})

test('the summary counts, says how the runs were made, and how to look at the first failure', () => {
  expect(textOf(summaryLines(EXAMPLE))).toMatchInlineSnapshot(`
    [
      "",
      "4 tests: 1 failed, 1 flaky, 1 skipped, 1 passed, in 72 s",
      "2 runs at once, each run in a network of its own, on 2 cores (42 % busy). Each datagram was watched. Seed 7.",
      "See the first failure: rumorscope --recording runs/run-2.jsonl",
    ]
  `)
})

test('a check without tests says so', () => {
  expect(textOf(summaryLines(resultOf()))[1]).toBe('0 tests: nothing ran, in 72 s')
})

test('progress is one line, and says how long it will take once the rate shows it', () => {
  const progress = { done: 7, total: 160, failed: 1, elapsedMs: 12_345, now: 'cut and heal' }
  expect(progressWords({ ...progress, share: 7 / 160 })).toBe('7 of 160 runs done, 1 failed, 12 s · cut and heal')
  expect(progressWords({ ...progress, done: 40, share: 40 / 160 })).toBe(
    '40 of 160 runs done, 1 failed, 12 s, about 40 s left · cut and heal',
  )
})

test('many submissions are a table', () => {
  const submissions = [
    { name: 'ada/process', outcome: EXAMPLE },
    { name: 'bob/process', outcome: { whyNot: 'no such file' } },
  ]
  const table = marksTable(submissions)
  const width = widthOf(submissions.map(({ name }) => name))
  const lines = [...table.rows.map((row) => submissionLine(row, width)), ...marksLines(table)]
  expect(textOf(lines)).toMatchInlineSnapshot(`
    [
      "failed      ada/process  1 of 4 tests · restart catches up: run 1: at 3.033 s: node 2 has 0 of 5 messages",
      "not checked bob/process  no such file",
      "",
      "agreement after quiet  passed by 1 of 1",
      "restart catches up     passed by 0 of 1, 1 failed",
      "crash in mid-message   passed by 0 of 1, 1 flaky",
      "cut and heal           passed by 0 of 1, 1 skipped",
      "",
      "2 submissions: 1 failed, 1 not checked",
    ]
  `)
})

test('a terminal obeys no text of a program, with colours or without', () => {
  fc.assert(
    fc.property(anyResult, fc.boolean(), (result, hasColours) => {
      for (const line of [...result.tests.flatMap(testLines), ...summaryLines(result)]) {
        const text = hasColours ? stripVTControlCharacters(lineText(line, true)) : lineText(line, false)
        expect(text).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e]/u)
      }
    }),
  )
})
