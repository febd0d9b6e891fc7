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
  const evidence = evidenceAt(events.at(-1))
  const { lab } = evidence
  const { text } = spreadPicture(evidence)
  const rows = [...text.matchAll(/<g transform="translate\(0,\d+\)"><title>([^<]*)<\/title>/g)].map(([, row]) => row)
  expect(rows.length).toBeGreaterThan(0)
  expect(rows.length).toBeLessThanOrEqual(12)
  const places = rows.map((row) => lab.messages.findIndex((message) => message.text === row))
  expect(places).toEqual([...places].sort((a, b) => a - b))
})

/** Two programs: node 0 is given a text, sends it to node 1, crashes and starts again. */
function programRecording(...more: readonly object[]): string {
  const settings = read.ok ? read.recording.events.find((event) => event.type === 'network')?.settings : undefined
  const start = (node: number, at: number) => [
    { at, type: 'starting', node, generation: 0, pid: 1, seed: 1, program: true },
    { at: at + 1, type: 'running', node, tcp: [20_000 + node] },
  ]
  const facts = [
    { at: 0, type: 'network', settings: { ...settings, n: 2, rootId: 40_000 } },
    ...start(0, 1),
    ...start(1, 1),
    { at: 10, type: 'given', node: 0, origin: 40_000, seq: 0, text: 'Ada' },
    {
      ...{ at: 11, type: 'sent', node: 0, to: 40_001, why: 'program', bytes: 9, delayMs: 0 },
      content: { kind: 'rumor', origin: 40_000, seq: 0 },
    },
    { at: 12, type: 'received', node: 1, from: 40_000, datagram: 7, bytes: 9 },
    { at: 20, type: 'ended', node: 0, end: { how: 'crashed' }, stderr: [] },
    ...start(0, 30),
    ...more,
  ]
  const header = { rumorscope: 'recording', version: 2, lab: 'x', beganAt: 0 }
  return [header, ...facts.map((fact, i) => ({ n: i + 1, ...fact }))]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('')
}

function programSpread(recording: string): string[] {
  const evidence = evidenceOf(recording, undefined)
  if (typeof evidence === 'string') throw new Error(evidence)
  return [...spreadPicture(evidence).text.matchAll(/<title>“Ada” at ([^<]*)</g)].map(([, words = '']) => words)
}

test('a program has a message if a datagram brought it, although nobody read its chat log', () => {
  expect(programSpread(programRecording())).toEqual(['node 0: lost copy', 'node 1: after 2 ms'])
})

test('a program that restarted has a message again only if it got it since', () => {
  const back = [
    {
      ...{ at: 40, type: 'sent', node: 1, to: 40_000, why: 'program', bytes: 9, delayMs: 0 },
      content: { kind: 'rumor', origin: 40_000, seq: 0 },
    },
    { at: 41, type: 'received', node: 0, from: 40_001, datagram: 12, bytes: 9 },
  ]
  expect(programSpread(programRecording(...back))[0]).toBe('node 0: after 31 ms')
})
