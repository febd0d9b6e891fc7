import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyResult, EXAMPLE, failedRun, passedRun, resultOf, testOf } from '../../test-support/check-results.ts'
import type { CheckResult, TestResult } from '../result.ts'
import { htmlReport } from './html.ts'

const RECORDING = readFileSync(join(import.meta.dirname, '../../../e2e/frozen/recordings/scenario.jsonl'), 'utf8')
const crash = testOf('crash in mid-message', [
  passedRun(1),
  failedRun(2, '“Bob” reached 2 of 3 nodes', { recording: 'runs/run 2.jsonl' }),
])

const countOf = (html: string, pattern: RegExp) => html.match(pattern)?.length ?? 0

test('a failed run has its reasons, both pictures, and a link that saves its recording', () => {
  const html = htmlReport(resultOf(crash), (path) => (path === 'runs/run 2.jsonl' ? RECORDING : null))
  expect(html).toContain('<li><bdi>At 3.033 s: “Bob” reached 2 of 3 nodes</bdi></li>')
  expect(countOf(html, /<svg /g)).toBe(2)
  const [, name, data = ''] = /download="([^"]+)" href="data:application\/jsonl;base64,([^"]+)"/.exec(html) ?? []
  expect(name).toBe('crash-in-mid-message-run-2.jsonl')
  expect(Buffer.from(data, 'base64').toString()).toBe(RECORDING)
  expect(html).toContain('rumorscope --recording crash-in-mid-message-run-2.jsonl')
})

test('a report has no script, loads nothing, and allows only its own style sheet', () => {
  const html = htmlReport(EXAMPLE, () => RECORDING)
  expect(html).toMatch(/content="default-src &#39;none&#39;; style-src &#39;sha256-[\w+/]{43}=&#39;; base-uri/)
  expect(html).not.toMatch(/<script|<img|<link|<iframe|\son\w+=|url\(|@import/)
  expect([...html.matchAll(/ (?:href|src)="([^"]{5})/g)].map(([, start]) => start)).toContain('data:')
  expect(html.replace(/ href="(#|data:application\/jsonl;base64,)[^"]*"/g, '')).not.toMatch(/ (href|src)=/)
})

/** Replaces everything but numbers, by which failures are grouped, with plain letters; different texts stay different. */
const harmless = (text: string): string =>
  text.replace(
    /[^\d.,]/g,
    (unit) =>
      `x${[...unit.charCodeAt(0).toString(16)].map((d) => 'ghijklmnopqrstuv'[Number.parseInt(d, 16)]).join('')}`,
  )

function withHarmlessTexts(result: CheckResult): CheckResult {
  const harmlessTest = (one: TestResult): TestResult => ({
    ...one,
    name: harmless(one.name),
    rule: harmless(one.rule),
    ...(one.why === undefined ? {} : { why: harmless(one.why) }),
    runs: one.runs.map((run) => ({
      ...run,
      reasons: run.reasons.map((reason) => ({ ...reason, words: harmless(reason.words) })),
    })),
  })
  return { ...result, program: harmless(result.program), tests: result.tests.map(harmlessTest) }
}

/** The tags of a document with the names of their attributes. */
const tagsOf = (html: string): string[] =>
  [...html.replace(/<style>[^<]*<\/style>/, '').matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/"[^"]*"/g, '""'))

test('no text of a program becomes markup', () => {
  fc.assert(
    fc.property(anyResult, (result) => {
      const html = htmlReport(result, (path) => (path.length % 2 === 0 ? null : path))
      expect(html.isWellFormed()).toBe(true)
      expect(html).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e]/u)
      const plain = htmlReport(withHarmlessTexts(result), (path) => (path.length % 2 === 0 ? null : path))
      expect(tagsOf(html)).toEqual(tagsOf(plain))
    }),
  )
})

test('texts within a recording do not become markup either', () => {
  const evil = '</title></svg><script>alert(1)</script>'
  const recording = RECORDING.replaceAll(/"text":"[^"]*"/g, `"text":${JSON.stringify(evil)}`)
  const html = htmlReport(resultOf(crash), () => recording)
  expect(countOf(html, /<svg /g)).toBe(2)
  expect(html).not.toContain('<script')
  expect(html).toContain('&lt;/title&gt;&lt;/svg&gt;')
})

test('many failures are bounded, and the report says what it leaves out', () => {
  const runs = Array.from({ length: 100 }, (_, i) => failedRun(i + 1, 'lost', { recording: 'a' }))
  const html = htmlReport(resultOf(...['a', 'b', 'c', 'd'].map((name) => testOf(name, runs))), () => RECORDING)
  expect(countOf(html, /80 further failed runs left out here/g)).toBe(4)
  expect(countOf(html, /<svg /g)).toBe(2 * 60)
  expect(countOf(html, /Only the first 60 runs are drawn/g)).toBe(20)
})

test('a recording that is too large is not embedded', () => {
  const html = htmlReport(resultOf(crash), () => RECORDING + '\n'.repeat(4_000_000))
  expect(html).toContain('The recording (4.04 MB) is too large for this file: keep it with --record.')
  expect(html.length).toBeLessThan(200_000)
})

test.each([
  [null, 'The recording could not be read. It was in <code>runs/run 2.jsonl</code>.'],
  ['{"a":1}\n', 'The recording cannot be drawn: line 1 is not the header of a recording.'],
  [RECORDING.split('\n')[0] ?? '', 'Nothing was recorded.'],
])('a recording without pictures says why', (text, why) => {
  expect(htmlReport(resultOf(crash), () => text)).toContain(why)
})

test('a test that was not run says so, and one that passed has only its line in the table', () => {
  const html = htmlReport(EXAMPLE, () => null)
  expect(html).toContain(
    'Neither passed nor failed: it needs a gate for datagrams, and this machine has no python3. Rule:',
  )
  expect(countOf(html, /agreement after quiet/g)).toBe(1)
})
