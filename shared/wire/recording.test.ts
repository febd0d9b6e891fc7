import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LabEvent } from '../model/event.ts'
import { EVENT_TYPES } from '../model/event-reader.ts'
import { fold } from '../model/fold.ts'
import { EMPTY_LAB, type LabState } from '../model/lab-state.ts'
import { UNKNOWN_PORT } from '../model/names.ts'
import { makeUpEvents } from '../sim/made-up.ts'
import { isRecording, RECORDING_VERSION, writeRecording } from './recording.ts'
import { readRecording } from './recording-reader.ts'

const header = { lab: 'a lab', beganAt: 1_700_000_000_000 }
const written = (count: number, seed = 1, from = 0) => {
  const events = makeUpEvents(count, seed)
  const base = fold(EMPTY_LAB, events.slice(0, from))
  return { base, events: events.slice(from), text: writeRecording(header, base, events.slice(from)) }
}

function open(text: string, maxEvents?: number) {
  const outcome = readRecording(text, maxEvents)
  if (!outcome.ok) throw new Error(outcome.error)
  return outcome.recording
}

test('a recording is read as it was written, from whichever event it begins', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 0, max: 400 }), (seed, from) => {
      const { base, events, text } = written(400, seed, from)
      expect(isRecording(text)).toBe(true)
      expect(open(text)).toEqual({
        header: { rumorscope: 'recording', version: RECORDING_VERSION, ...header },
        base,
        events,
        note: null,
      })
    }),
    { numRuns: 30 },
  )
})

test('a recording that is cut off anywhere behind its header opens up to there and says so', () => {
  const { events, text } = written(120)
  const behind = text.indexOf('\n') + 1
  fc.assert(
    fc.property(fc.integer({ min: behind, max: text.length - 1 }), (length) => {
      const cut = open(text.slice(0, length))
      const isClean = text[length - 1] === '\n' || text[length] === '\n'
      expect(cut.events).toEqual(events.slice(0, cut.events.length))
      const lines = text.slice(0, length).split('\n').length
      expect(cut.events.length).toBe(isClean && text[length - 1] !== '\n' ? lines - 1 : lines - 2)
      expect(cut.note === null).toBe(isClean)
    }),
  )
})

test('with any line damaged it never throws, and opens nothing false', () => {
  const { events, text } = written(200)
  const lines = text.split('\n')
  const damage = fc.oneof(
    fc.string(),
    fc.json(),
    // An `ending` has no further fields, so the damage would change nothing.
    fc
      .constantFrom(...EVENT_TYPES.filter((type) => type !== 'ending'))
      .map((type) => JSON.stringify({ n: 7, at: 1, node: 0, type })),
  )
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), damage, (at, line) => {
      const damaged = lines.with(at, line.replaceAll('\n', ' '))
      const { events: opened, note } = open(damaged.join('\n'))
      expect(opened).toEqual(events.slice(0, opened.length))
      expect(opened.length).toBe(at - 1)
      // A blank last line looks like the end of the recording.
      const isShorter = at === 200 && line.trim() === ''
      expect(note).toEqual(isShorter ? null : expect.stringContaining(`Opened up to event ${at - 1}: `))
    }),
  )
})

const line = (event: object) => JSON.stringify(event)
const events = makeUpEvents(3, 1)

test.each<readonly [string, readonly string[], RegExp]>([
  ['is not JSON', [line(events[0] ?? {}), '{"n":2'], /up to event 1: line 3 is cut off in the middle/],
  ['misses an event', [line(events[0] ?? {}), line(events[2] ?? {})], /line 3 has event 3, where event 2/],
  ['is of no known type', [line({ n: 1, at: 0, type: 'dance' })], /line 2 has an event of the unknown type 'dance'/],
  ['lacks something', [line({ n: 1, at: 0, type: 'lost', datagram: 1 })], /line 2 is not a valid 'lost' event: why/],
  ['is of a node that cannot be', [line({ n: 1, at: 0, type: 'sampling', node: 9_999, every: 1 })], /node/],
])('a line that %s is reported', (_, lines, note) => {
  const text = writeRecording(header, EMPTY_LAB, [])
  expect(open(text + lines.join('\n')).note).toMatch(note)
})

test('events beyond the bound of a page are left out, and the reader says so', () => {
  const { text } = written(50)
  expect(open(text, 20)).toMatchObject({ events: { length: 20 }, note: expect.stringContaining('up to event 20') })
})

test.each<readonly [string, string, string]>([
  ['nothing', '', 'the file is empty'],
  ['something else', 'hello\n', 'line 1 is not JSON'],
  ['JSON that is no header', '{"a":1}\n', 'line 1 is not the header of a recording'],
  [
    'a recording of later',
    '{"rumorscope":"recording","version":3,"lab":"x","beganAt":1}\n',
    'it is a recording of version 3; this page reads versions 1 and 2',
  ],
  ...['1e300', '-1', '"today"', 'null'].map(
    (beganAt) =>
      [
        `a lab that began at ${beganAt}`,
        `{"rumorscope":"recording","version":1,"lab":"x","beganAt":${beganAt}}\n`,
        'line 1 does not say when the lab began: beganAt must be in ms since 1970',
      ] as const,
  ),
])('%s is refused', (_, text, error) => {
  expect(readRecording(text)).toEqual({ ok: false, error })
})

test('an event at a time without a date is refused', () => {
  const { text } = written(1)
  const event = JSON.stringify({ n: 2, at: 1e300, type: 'timers', held: true })
  expect(open(`${text}${event}\n`)).toMatchObject({
    note: expect.stringMatching(/^Opened up to event 1: line 3 .* at /),
  })
})

test('an invalid state is refused', () => {
  const base = JSON.stringify({ ...EMPTY_LAB, last: 5, nodes: [{ id: 'zero' }] })
  const text = `{"rumorscope":"recording","version":1,"lab":"x","beganAt":1,"base":${base}}\n`
  expect(readRecording(text)).toEqual({
    ok: false,
    error: expect.stringMatching(/^line 1 has no valid state: nodes\.0\./),
  })
})

test('all content of version 2 is read back', () => {
  const from = UNKNOWN_PORT
  const events: LabEvent[] = [
    ...makeUpEvents(1, 1),
    { n: 2, at: 1, type: 'starting', node: 0, generation: 0, pid: null, seed: 1, host: 'lab-2' },
    { n: 3, at: 1, type: 'clock', rate: 0.5, uncertaintyMs: 2 },
    { n: 4, at: 1, type: 'stored', node: 0, origin: 40_001, seq: 0, text: 'x', from, inferred: true, uncertaintyMs: 2 },
    { n: 5, at: 2, type: 'received', node: 0, from, datagram: null, bytes: 3, inferred: true },
  ]
  const opened = open(writeRecording(header, EMPTY_LAB, events))
  expect(opened).toMatchObject({ header: { version: 2 }, events, note: null })
  // A recording that begins later has it in its state.
  const base = fold(EMPTY_LAB, events)
  expect(open(writeRecording(header, base, [])).base).toEqual(base)
})

test('a recording of version 1 is read as one', () => {
  const { text, events } = written(30)
  const opened = open(text.replace('"version":2', '"version":1'))
  expect(opened).toMatchObject({ header: { version: 1 }, events, note: null })
})

test('every type of event that the test generates can be read', () => {
  const types = new Set(makeUpEvents(3_000, 3).map(({ type }: LabEvent) => type))
  expect(EVENT_TYPES).toEqual(expect.arrayContaining([...types]))
  expect(types.size).toBeGreaterThan(8)
})

test('a text is read as recorded: an older lab recorded it decoded, and a foreign program may have written it', () => {
  const stored = { type: 'stored', node: 0, origin: 40_002, from: 40_001 } as const
  const events: LabEvent[] = [
    ...makeUpEvents(1, 1),
    { n: 2, at: 1, ...stored, seq: 0, text: '100%25 of %2C' },
    { n: 3, at: 1, ...stored, seq: 1, text: '5%FF', wire: '5\udcff' },
  ]
  const { base, events: read } = open(writeRecording(header, EMPTY_LAB, events))
  expect(read).toEqual(events)
  const texts = fold(base, read).messages.map(({ text, wire }) => ({ text, wire }))
  expect(texts).toEqual([
    { text: '100%25 of %2C', wire: undefined },
    { text: '5%FF', wire: '5\udcff' },
  ])
})

test('a recording whose state predates message costs opens, and invents no costs', () => {
  const { base, text } = written(400, 3, 200)
  const [head = '', ...lines] = text.split('\n')
  const header: { base: LabState } = JSON.parse(head)
  const old = {
    ...header,
    base: {
      ...header.base,
      comparisons: undefined,
      nodes: header.base.nodes.map((node) => ({ ...node, unanswered: undefined })),
      messages: header.base.messages.map((message) => ({ ...message, traffic: undefined })),
    },
  }
  const opened = open([JSON.stringify(old), ...lines].join('\n'))
  expect(opened.note).toBeNull()
  expect(opened.base.messages.length).toBe(base.messages.length)
  const after = fold(opened.base, opened.events)
  const known = new Set(base.messages.map(({ key }) => key))
  for (const { key, traffic } of after.messages) expect(traffic === null).toBe(known.has(key))
})

test('a recording that predates the grace period opens, and none of its nodes is ending', () => {
  const { base, events, text } = written(120, 1, 60)
  expect(text).toContain('"ending":false,')
  expect(open(text.replaceAll('"ending":false,', ''))).toMatchObject({ base, events })
})
