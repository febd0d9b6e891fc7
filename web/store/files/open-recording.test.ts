import { expect, test } from 'vitest'
import { openRecording } from './open-recording.ts'

const HEADER = '{"rumorscope":"recording","version":1,"lab":"of the test","beganAt":0}\n'
const event = (n: number, line: string) =>
  `{"n":${n},"at":${n},"type":"command","by":"rest","line":"${line}","output":[]}\n`

const bytesOf = (text: string) => new TextEncoder().encode(text)
const opened = async (...parts: readonly (string | Uint8Array<ArrayBuffer>)[]) => {
  const outcome = await openRecording(new Blob([...parts]))
  return outcome.ok ? { lines: outcome.recording.events.length, note: outcome.recording.note } : outcome.technical
}

test('a recording is opened whole, with a byte order mark too, and with text of any script', async () => {
  expect(await opened('\ufeff', HEADER, event(1, 'größer 日本 👩‍🏫'), event(2, 'b'))).toEqual({ lines: 2, note: null })
})

test('a line that is not UTF-8 is refused with its number, and the part before it is opened', async () => {
  const [before, after] = event(2, '|').split('|')
  expect(await opened(HEADER, event(1, 'a'), before ?? '', Uint8Array.of(0xff), after ?? '', event(3, 'c'))).toEqual({
    lines: 1,
    note: 'Opened up to event 1: line 3 is not UTF-8.',
  })
  expect(await opened(Uint8Array.of(0xff, 0xfe), HEADER)).toBe('line 1 is not UTF-8')
})

test('a file that ends within a character counts as cut off, whatever its size', async () => {
  const long = event(1, 'x'.repeat(200_000))
  expect(await opened(HEADER, long, bytesOf(event(2, 'ü')).slice(0, -16))).toEqual({
    lines: 1,
    note: 'Opened up to event 1: line 3 is cut off in the middle.',
  })
})
