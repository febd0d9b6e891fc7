/**
 * Tests that recordings of version 1, made by the lab of 30 November 2026, open and show the same as then. A recording
 * never changes, and neither does a text beside it: a difference means that old files no longer open correctly.
 *
 *     lab.jsonl              from the start: two networks, every fault, five kinds of author, programs of others
 *     from-the-middle.jsonl  begins with a state, as the page saves it: events 613 to 762 of lab.jsonl
 *     scenario.jsonl         written by `rumorscope run examples/walkthrough.scenario --record`
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findingsIn } from '../../shared/findings/findings.ts'
import { fold } from '../../shared/model/fold.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import { type Recording, writeRecording } from '../../shared/wire/recording.ts'
import { readRecording } from '../../shared/wire/recording-reader.ts'
import { openRecording } from '../../web/store/files/open-recording.ts'
import { chatLog, stateText } from './state-text.ts'

const FOLDER = join(import.meta.dirname, 'recordings')

/** Each recording with the events at which its state is frozen, the last one included. */
const RECORDINGS: Readonly<Record<string, readonly number[]>> = {
  lab: [612, 1147, 1804],
  'from-the-middle': [700, 762],
  scenario: [343],
}

const textOf = (name: string) => readFileSync(join(FOLDER, `${name}.jsonl`), 'utf8')

function read(text: string): Recording {
  const outcome = readRecording(text)
  if (!outcome.ok) throw new Error(outcome.error)
  return outcome.recording
}

const stateAt = ({ base, events }: Recording, last: number): LabState =>
  fold(
    base,
    events.filter(({ n }) => n <= last),
  )

describe.each(Object.entries(RECORDINGS))('the recording %s', (name, positions) => {
  const text = textOf(name)

  test('is read whole', () => {
    const { base, events, note } = read(text)
    expect(note).toBeNull()
    expect(base.last + events.length).toBe(positions.at(-1))
    expect(events).toHaveLength(text.trimEnd().split('\n').length - 1)
  })

  test.each(positions)('gives the frozen state after event %d, and so does the page that opens it', async (last) => {
    const opened = await openRecording(new Blob([text]))
    if (!opened.ok) throw new Error(opened.technical)
    expect(opened.recording.note).toBeNull()
    const state = stateAt(read(text), last)
    expect(opened.past.history.stateAt(last)).toEqual(state)
    // The text as a file can contain it: a lone half of a surrogate pair is written as U+FFFD.
    const written = Buffer.from(stateText(state)).toString()
    await expect(written).toMatchFileSnapshot(join(FOLDER, `${name}-at-${last}.txt`))
  })

  test('is unchanged when it is written and read again', () => {
    const { header, base, events } = read(text)
    expect(read(writeRecording(header, base, events))).toMatchObject({ base, events, note: null })
  })

  test('gives no findings', () => {
    const { base, events } = read(text)
    expect(findingsIn(base, events, events.at(-1)?.at ?? 0)).toEqual([])
  })

  test('shows each chat log as the node printed it', () => {
    const recording = read(text)
    for (const event of recording.events) {
      if (event.type !== 'command' || event.output.length === 0) continue
      const [, id] = /^(\d+) get chatLog$/.exec(event.line) ?? []
      if (id === undefined) continue
      const lab = stateAt(recording, event.n)
      expect(event.output, `event ${event.n}`).toEqual([chatLog({ id: Number(id) }, lab)])
    }
  })
})

/** A state before version 2 does not say when nodes sent their last acknowledgements. */
const asThen = ({ nodes, ...state }: LabState) => ({
  ...state,
  nodes: nodes.map(({ acknowledged: _, ...node }) => node),
})

test('a recording that begins in the middle reaches the state of the one that it was cut from', () => {
  const { base, events } = read(textOf('from-the-middle'))
  const whole = read(textOf('lab'))
  for (const last of [base.last, ...(RECORDINGS['from-the-middle'] ?? [])])
    expect(asThen(stateAt({ base, events, header: whole.header, note: null }, last))).toEqual(
      asThen(stateAt(whole, last)),
    )
})
