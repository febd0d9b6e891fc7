import { existsSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fold } from '../../shared/lab-state.ts'
import { KEPT_RECORDINGS } from '../../shared/limits.ts'
import { readRecording } from '../../shared/recording-reader.ts'
import { eventsOf, labOf, note } from '../test-support/lab.ts'
import type { Lab } from './lab.ts'
import { type RecordedFile, type Recorder, type RecorderOptions, record } from './recorder.ts'

interface Recorded {
  readonly lab: Lab
  readonly path: string
  readonly complaints: string[]
  readonly recorder: Recorder
}

async function recorded(options: Partial<RecorderOptions> = {}): Promise<Recorded> {
  const { lab, settings, runtime } = await labOf(2)
  lab.journal.append({ type: 'network', settings })
  await lab.journal.settled()
  const complaints: string[] = []
  const path = join(runtime, 'lab.jsonl')
  const recorder = await record(lab, path, { complain: (what) => complaints.push(what), ...options })
  return { lab, path, complaints, recorder }
}

/** Notes these lines one after the other, each in an event that is written by itself. */
async function noteEach(lab: Lab, count: number) {
  for (let line = 0; line < count; line += 1) {
    note(lab, `line ${line} ${'x'.repeat(80)}`)
    await lab.journal.settled()
  }
}

async function opened(path: string) {
  const outcome = readRecording(await readFile(path, 'utf8'))
  if (!outcome.ok) throw new Error(outcome.error)
  return outcome.recording
}

test('everything that happens is in the file, from the lab’s beginning on', async () => {
  const { lab, path, recorder, complaints } = await recorded()
  await noteEach(lab, 5)
  await recorder.close()
  const { header, events, note } = await opened(path)
  expect(header).toMatchObject({ lab: lab.id, beganAt: lab.beganAt })
  expect(events).toEqual(eventsOf(lab))
  expect([note, complaints]).toEqual([null, []])
})

test('a large one goes on in a new file that opens by itself; few are kept, and one that was there is not lost', async () => {
  const { lab, path, recorder } = await recorded({ rotateBytes: 400 })
  await noteEach(lab, 40)
  await recorder.close()
  const all = eventsOf(lab)
  const parts = [...Array.from({ length: KEPT_RECORDINGS }, (_, age) => `${path}.${KEPT_RECORDINGS - age}`), path]
  let last: number | null = null
  for (const part of parts) {
    const { base, events, note } = await opened(part)
    expect(note).toBeNull()
    expect(base.last).toBe(last ?? base.last)
    expect(base).toEqual(fold(lab.journal.base, all.slice(0, base.last)))
    expect(events).toEqual(all.slice(base.last, base.last + events.length))
    last = base.last + events.length
  }
  expect(last).toBe(all.length)
  expect(existsSync(`${path}.${KEPT_RECORDINGS + 1}`)).toBe(false)
  const again = await record(lab, path, { complain: () => {} })
  await again.close()
  expect((await opened(`${path}.1`)).events.at(-1)?.n).toBe(all.length)
})

/** A disk that is full while `full` says so: half of a line still fits on it. */
const fullDisk = (full: () => boolean) => async (path: string) => {
  const file = await open(path, 'w')
  const write = async (bytes: Buffer, offset: number, length: number, position: number) => {
    if (!full()) return file.write(bytes, offset, length, position)
    await file.write(bytes, offset, length >> 1, position)
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  }
  return { write, truncate: (size) => file.truncate(size), close: () => file.close() } as RecordedFile
}

test('a full disk is told once and survived, and what came meanwhile is written when there is room again', async () => {
  let full = false
  const { lab, path, recorder, complaints } = await recorded({ openFile: fullDisk(() => full), retryMs: 20 })
  await noteEach(lab, 2)
  full = true
  await noteEach(lab, 5)
  await expect.poll(() => complaints).toEqual([expect.stringMatching(/cannot be written: ENOSPC.*The lab goes on/)])
  // What is before the piece that stands there can be read.
  const meanwhile = await opened(path)
  expect(meanwhile.events).toEqual(eventsOf(lab).slice(0, meanwhile.events.length))
  full = false
  await expect.poll(() => complaints.at(-1)).toMatch(/is written again/)
  await noteEach(lab, 2)
  await recorder.close()
  const { events, note } = await opened(path)
  expect(note).toBeNull()
  expect(events).toEqual(eventsOf(lab))
})

test('a disk that stays full holds nobody up, also at the end', async () => {
  let full = false
  const { lab, recorder, complaints } = await recorded({ openFile: fullDisk(() => full) })
  full = true
  await noteEach(lab, 6)
  await recorder.close()
  expect(complaints).toHaveLength(1)
})

test('a file that cannot be written at all is refused at once', async () => {
  const { lab } = await labOf(1)
  await expect(record(lab, '/nowhere/at/all.jsonl', { complain: () => {} })).rejects.toThrow(/ENOENT/)
})
