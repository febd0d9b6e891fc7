import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { LabEvent } from '../../../shared/model/event.ts'
import { readRecording } from '../../../shared/wire/recording-reader.ts'
import { type Evidence, evidenceOf } from './evidence.ts'
import { spaceTimePicture } from './space-time-picture.ts'
import { spreadPicture } from './spread-picture.ts'

const TEXT = readFileSync(join(import.meta.dirname, '../../../e2e/frozen/recordings/lab.jsonl'), 'utf8')
const read = readRecording(TEXT)
const events: readonly LabEvent[] = read.ok ? read.recording.events : []

function evidenceAt(event: LabEvent | undefined): Evidence {
  const evidence = evidenceOf(TEXT, { atMs: event?.at ?? 0, words: 'lost', ...(event ? { event: event.n } : {}) })
  if (typeof evidence === 'string') throw new Error(evidence)
  return evidence
}

const crash = events.find((event) => event.type === 'ended' && event.end.how === 'crashed')

test('the pictures show the lab at the failure, not at the end', () => {
  const { lab, at, moments } = evidenceAt(crash)
  expect([lab.last, at]).toEqual([crash?.n, crash?.at])
  expect(moments.length).toBeLessThanOrEqual(36)
  expect(moments.filter((moment) => moment.at > at)).toHaveLength(6)
})

test('a node that ends has a cross, a lost datagram too, and each line says what it is', () => {
  const { text } = spaceTimePicture(evidenceAt(events[events.indexOf(crash as LabEvent) + 40]))
  expect(text).toMatch(/<title>node \d crashes at [\d.]+ s<\/title><path/)
  expect(text).toMatch(
    /<title>rumor of message [\d.]+ from node \d to node \d, sent at [\d.]+ s, lost: node \d had ended/,
  )
  expect(text).toMatch(/<title>status from node \d to node \d, sent at [\d.]+ s, received at [\d.]+ s/)
  expect(text).toContain('s failure</text>')
})

test('the spread shows the messages that did not reach all, in their order', () => {
  const { lab } = evidenceAt(events.at(-1))
  const { text } = spreadPicture(lab)
  const rows = [...text.matchAll(/<g transform="translate\(0,\d+\)"><title>([^<]*)<\/title>/g)].map(([, row]) => row)
  expect(rows.length).toBeGreaterThan(0)
  expect(rows.length).toBeLessThanOrEqual(12)
  const places = rows.map((row) => lab.messages.findIndex((message) => message.text === row))
  expect(places).toEqual([...places].sort((a, b) => a - b))
})
