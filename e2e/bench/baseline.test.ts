import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openBaseline, worseThan } from './baseline.ts'
import type { Measurement } from './measurement.ts'

const measurement = (figures: Record<string, number>): Measurement => ({
  name: 'burst',
  what: 'a burst',
  figures,
  target: 'fast',
  met: true,
})

function fileIn(text?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'rs-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'baseline.jsonl')
  if (text !== undefined) writeFileSync(file, text)
  return file
}

test.each([
  ['a time', { ms: 100 }, { ms: 110 }, true],
  ['a time, by less than a tenth', { ms: 100 }, { ms: 109 }, false],
  ['a time that has become shorter', { ms: 100 }, { ms: 50 }, false],
  ['a rate that has become lower', { messagesPerSecond: 110 }, { messagesPerSecond: 100 }, true],
  ['a rate that has become higher', { messagesPerSecond: 100 }, { messagesPerSecond: 200 }, false],
  ['a loss where there was none', { lost: 0 }, { lost: 1 }, true],
  ['nothing, as before', { lost: 0 }, { lost: 0 }, false],
  ['a figure of the peer', { bareP50Ms: 1 }, { bareP50Ms: 9 }, false],
  ['a figure that is new', {}, { ms: 100 }, false],
  ['a figure that was not a number', { ms: null }, { ms: 100 }, false],
])('%s', (_what, before, after, isWorse) => {
  expect(worseThan(before, measurement(after))).toHaveLength(isWorse ? 1 : 0)
})

test('a run without the file makes it, and the next one says what has become worse', () => {
  const file = fileIn()
  const first = openBaseline(file)
  expect(first.take(measurement({ ms: 100 }))).toEqual([])
  expect(first.take({ ...measurement({ ms: 100 }), name: 'spread' })).toEqual([])
  const next = openBaseline(file)
  expect(next.take(measurement({ ms: 250 }))).toEqual(['burst: ms is 250, and was 100'])
  expect(next.take({ ...measurement({ ms: 250 }), name: 'new' })).toEqual([])
})

test.each(['nonsense\n', '{"name":"burst"}\n'])('another file is refused: %j', (text) => {
  expect(() => openBaseline(fileIn(text))).toThrow('is not a baseline')
})
