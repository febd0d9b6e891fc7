import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Lab } from '../../shared/lab/lab.ts'
import { readRecording } from '../../shared/wire/recording-reader.ts'
import { eventsOf, labOf, note } from '../test-support/lab.ts'
import { folderOfTest } from '../test-support/runtime.ts'
import { type AutosaveOptions, autosave, recordItself } from './autosave.ts'
import { recordingProblems } from './recording-problems.ts'

/** Checks so often that no test waits for it. */
const EVERY_MS = 5

async function saved(options: Partial<AutosaveOptions> = {}) {
  const { lab, settings } = await labOf(2)
  lab.sequencer.append({ type: 'network', settings })
  await lab.sequencer.flushed()
  const path = join(await folderOfTest(), 'lab.jsonl')
  const complaints: string[] = []
  const recorder = autosave(lab, path, { complain: (what) => complaints.push(what), everyMs: EVERY_MS, ...options })
  onTestFinished(() => void recorder.close())
  return { lab, path, complaints, recorder }
}

async function opened(path: string) {
  const outcome = readRecording(await readFile(path, 'utf8'))
  if (!outcome.ok) throw new Error(outcome.error)
  return outcome.recording
}

const isWritten = (path: string, text: string) =>
  expect.poll(async () => existsSync(path) && (await readFile(path, 'utf8')).includes(text)).toBe(true)

async function noteEach(lab: Lab, count: number) {
  for (let line = 0; line < count; line += 1) {
    note(lab, `line ${line} ${'x'.repeat(80)}`)
    await lab.sequencer.flushed()
  }
}

describe('a lab that records automatically', () => {
  test('writes from its beginning on as soon as somebody uses it, for its user only', async () => {
    const { lab, path, recorder, complaints } = await saved()
    note(lab, 'first')
    await isWritten(path, 'first')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    note(lab, 'second')
    await lab.sequencer.flushed()
    expect(await recorder.close()).toBe(true)
    const { header, events, note: problem } = await opened(path)
    expect(header).toMatchObject({ lab: lab.id, beganAt: lab.beganAt })
    expect(events).toEqual(eventsOf(lab))
    expect([problem, complaints]).toEqual([null, []])
  })

  test('leaves no file when nobody used it', async () => {
    const { path, recorder } = await saved()
    expect(await recorder.close()).toBe(true)
    expect(existsSync(path)).toBe(false)
  })

  test('keeps only the newest two files, each of which opens, and misses no removed one', async () => {
    const { lab, path, recorder, complaints } = await saved({ rotateBytes: 1_000 })
    for (let round = 0; round < 10; round += 1) {
      await noteEach(lab, 5)
      await isWritten(path, `"n":${lab.sequencer.last},`)
    }
    expect(await recorder.close()).toBe(true)
    const [older, newer] = await Promise.all([opened(`${path}.1`), opened(path)])
    expect(newer.events.at(-1)?.n).toBe(lab.sequencer.last)
    expect(newer.base.last).toBe(older.events.at(-1)?.n)
    expect(older.base.last).toBeGreaterThan(0)
    expect([existsSync(`${path}.2`), complaints]).toEqual([false, []])
  })

  test('reports a full disk, goes on, and writes the rest when there is room', async () => {
    let full = true
    const openFile = async (path: string) => {
      const file = await open(path, 'w')
      const { write } = file
      return Object.assign(file, {
        write: (...of: Parameters<typeof write>) =>
          full ? Promise.reject(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })) : write.apply(file, of),
      })
    }
    const { lab, path, recorder, complaints } = await saved({ openFile, retryMs: EVERY_MS })
    await noteEach(lab, 3)
    await expect.poll(() => lab.sequencer.state.recordingProblem).toMatch(/cannot be written: the disk is full/)
    full = false
    await expect.poll(() => complaints.at(-1)).toMatch(/is written again$/)
    expect(await recorder.close()).toBe(true)
    expect((await opened(path)).events).toEqual(eventsOf(lab))
    expect(lab.sequencer.state.recordingProblem).toBe('')
  })

  test('does not count as a watcher, for whom the events of a burst would be ordered sooner', async () => {
    const { lab } = await labOf(1)
    const listening = vi.spyOn(lab, 'onRelease')
    const path = join(await folderOfTest(), 'lab.jsonl')
    const recorder = autosave(lab, path, { complain: () => {}, everyMs: EVERY_MS })
    note(lab, 'first')
    await isWritten(path, 'first')
    await recorder.close()
    expect(listening).not.toHaveBeenCalled()
  })
})

describe.runIf(process.platform !== 'win32')('an unavailable folder', () => {
  test.each(['is open to other users', 'is not a folder'])('that %s is reported, and does no harm', async (why) => {
    const { lab } = await labOf(1)
    const around = await folderOfTest()
    const folder = join(around, 'labs')
    if (why === 'is not a folder') writeFileSync(folder, '')
    else mkdirSync(folder, { mode: 0o755 })
    const complaints: string[] = []
    const options = { complain: (what: string) => complaints.push(what), note: recordingProblems(lab)() }
    expect(recordItself(lab, folder, options)).toBeUndefined()
    expect(complaints).toEqual([
      expect.stringMatching(`^autosave is off for this lab: .* ${why}.*XDG_STATE_HOME.*--no-autosave$`),
    ])
    await lab.sequencer.flushed()
    expect(lab.sequencer.state.recordingProblem).toBe(complaints[0])
    expect(readdirSync(around, { recursive: true })).toEqual(['labs'])
  })
})

test('each of two recordings reports its own problem, and a recovered one does not hide the other’s', async () => {
  const { lab } = await labOf(1)
  const problems = recordingProblems(lab)
  const [one, other] = [problems(), problems()]
  const told = async () => {
    await lab.sequencer.flushed()
    return lab.sequencer.state.recordingProblem
  }
  one('one is full')
  other('the other is gone')
  expect(await told()).toBe('one is full; the other is gone')
  one(null)
  expect(await told()).toBe('the other is gone')
  other(null)
  expect(await told()).toBe('')
})

test('a removed file is written again, as far as the lab still knows', async () => {
  const { lab, path } = await saved({ lookMs: 0 })
  note(lab, 'first')
  await isWritten(path, 'first')
  await rm(path)
  note(lab, 'second')
  await isWritten(path, 'second')
  expect((await opened(path)).events[0]?.n).toBe(1)
})
