import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EMPTY_LAB } from '../../shared/model/lab-state.ts'
import { writeRecording } from '../../shared/wire/recording.ts'
import { namedRecording } from './named-recording.ts'

test('a recording that a person names is served under its name; other files are refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rs-named-'))
  const [good, bad] = [join(folder, 'run-7.jsonl'), join(folder, 'notes.txt')]
  writeFileSync(good, writeRecording({ lab: 'abc', beganAt: 1 }, EMPTY_LAB, []))
  writeFileSync(bad, 'notes')
  expect(namedRecording(good)).toMatchObject({ lab: 'abc', files: [good], opens: 'run-7.jsonl' })
  expect(() => namedRecording(bad)).toThrow(`${bad} is no recording: recordings end in .jsonl`)
  expect(() => namedRecording(join(folder, 'none'))).toThrow(/cannot be opened: /)
  expect(() => namedRecording(folder)).toThrow(/cannot be opened: /)
})
