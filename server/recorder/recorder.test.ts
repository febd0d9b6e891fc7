import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { open, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Lab } from '../../shared/lab/lab.ts'
import { fold } from '../../shared/model/fold.ts'
import { readRecording } from '../../shared/wire/recording-reader.ts'
import { eventsOf, labOf, note } from '../test-support/lab.ts'
import { type RecordedFile, type Recorder, type RecorderOptions, record } from './recorder.ts'
import { KEPT_RECORDINGS, openRecording } from './recording-files.ts'

interface Recorded {
  readonly lab: Lab
  readonly path: string
  readonly complaints: string[]
  readonly recorder: Recorder
}

async function recorded(options: Partial<RecorderOptions> = {}): Promise<Recorded> {
  const { lab, settings, runtime } = await labOf(2)
  lab.sequencer.append({ type: 'network', settings })
  await lab.sequencer.flushed()
  const complaints: string[] = []
  const path = join(runtime, 'lab.jsonl')
  const recorder = await record(lab, path, { complain: (what) => complaints.push(what), ...options })
  return { lab, path, complaints, recorder }
}

/** Notes these lines one after the other, each in an event that is written by itself. */
async function noteEach(lab: Lab, count: number) {
  for (let line = 0; line < count; line += 1) {
    note(lab, `line ${line} ${'x'.repeat(80)}`)
    await lab.sequencer.flushed()
  }
}

async function opened(path: string) {
  const outcome = readRecording(await readFile(path, 'utf8'))
  if (!outcome.ok) throw new Error(outcome.error)
  return outcome.recording
}

test('every event is in the file, from the lab’s beginning on', async () => {
  const { lab, path, recorder, complaints } = await recorded()
  await noteEach(lab, 5)
  await recorder.close()
  const { header, events, note } = await opened(path)
  expect(header).toMatchObject({ lab: lab.id, beganAt: lab.beganAt })
  expect(events).toEqual(eventsOf(lab))
  expect([note, complaints]).toEqual([null, []])
})

test('a large one continues in a new file that opens by itself; few are kept, and an existing file is not lost', async () => {
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
    expect(base).toEqual(fold(lab.sequencer.base, all.slice(0, base.last)))
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
  const rest = { truncate: (size: number) => file.truncate(size), stat: () => file.stat(), close: () => file.close() }
  return { write, ...rest } as RecordedFile
}

test('a full disk is reported once and survived, and events of the meantime are written when there is room again', async () => {
  let full = false
  const { lab, path, recorder, complaints } = await recorded({ openFile: fullDisk(() => full), retryMs: 20 })
  await noteEach(lab, 2)
  full = true
  await noteEach(lab, 5)
  const words = expect.stringMatching(/cannot be written: the disk is full.*The lab keeps running and tries again$/)
  await expect.poll(() => complaints).toEqual([words])
  await expect.poll(() => lab.sequencer.state.recordingProblem).toEqual(words)
  // The part before the incomplete line can be read.
  const meanwhile = await opened(path)
  expect(meanwhile.events).toEqual(eventsOf(lab).slice(0, meanwhile.events.length))
  full = false
  await expect.poll(() => complaints.at(-1)).toMatch(/is written again/)
  await noteEach(lab, 2)
  expect(await recorder.close()).toBe(true)
  const { events, note } = await opened(path)
  expect(note).toBeNull()
  expect(events).toEqual(eventsOf(lab))
  expect(lab.sequencer.state.recordingProblem).toBe('')
})

test('a disk that stays full delays nothing, also at the end, and the recording is reported as incomplete', async () => {
  let full = false
  const { lab, recorder, complaints } = await recorded({ openFile: fullDisk(() => full) })
  full = true
  await noteEach(lab, 6)
  expect(await recorder.close()).toBe(false)
  expect(complaints).toEqual([
    expect.stringMatching(/cannot be written/),
    expect.stringMatching(/is incomplete: the events \d+ to \d+ are missing$/),
  ])
})

test('a disk that does not respond does not keep the lab from ending', async () => {
  const openFile = async (path: string) => {
    const file = await open(path, 'w')
    onTestFinished(() => file.close())
    return Object.assign(file, { write: () => new Promise<never>(() => {}) })
  }
  const { lab, complaints, recorder } = await recorded({ closeMs: 50, openFile })
  expect(await recorder.close()).toBe(false)
  expect(complaints).toEqual([
    expect.stringMatching(`is incomplete: the events 1 to ${lab.sequencer.last} are missing`),
  ])
})

test.each<[what: string, spoil: (path: string) => Promise<void>]>([
  ['removed', (path) => rm(path)],
  ['emptied', (path) => truncate(path)],
])('a file that somebody %s is written again, whole, and that is reported', async (what, spoil) => {
  const { lab, path, recorder, complaints } = await recorded({ lookMs: 0 })
  await noteEach(lab, 3)
  await expect.poll(async () => (await readFile(path, 'utf8')).includes('line 2')).toBe(true)
  await spoil(path)
  await noteEach(lab, 2)
  expect(await recorder.close()).toBe(true)
  expect((await opened(path)).events).toEqual(eventsOf(lab))
  expect(complaints).toEqual([expect.stringMatching(`was ${what}: it is written again from event 1`)])
})

/** A recording whose file became a pipe after three lines, and its complaints. */
async function replacedByPipe() {
  const made = await recorded({ lookMs: 0, retryMs: 20, closeMs: 2_000 })
  await noteEach(made.lab, 3)
  await rm(made.path)
  execFileSync('sh', ['-c', 'mkfifo "$0"', made.path])
  await noteEach(made.lab, 2)
  await expect
    .poll(() => made.complaints.at(-1))
    .toBe(`${made.path} is a pipe or a device: a recording needs a file. The lab keeps running and tries again`)
  return made
}

test.runIf(process.platform !== 'win32')(
  'a file that somebody replaced by a pipe is refused, keeps nothing from ending, and is reported as incomplete',
  async () => {
    const { recorder, complaints } = await replacedByPipe()
    expect(await recorder.close()).toBe(false)
    expect(complaints.at(-1)).toMatch(/is incomplete: the events 1 to \d+ are missing$/)
  },
)

test.runIf(process.platform !== 'win32')(
  'a file that was replaced by a pipe is written again, whole, when the pipe is gone',
  async () => {
    const { lab, path, recorder, complaints } = await replacedByPipe()
    await rm(path)
    await expect.poll(() => complaints.at(-1)).toMatch(/is written again$/)
    expect(await recorder.close()).toBe(true)
    expect((await opened(path)).events).toEqual(eventsOf(lab))
  },
)

test('a file that somebody moved is written on in its new place', async () => {
  const { lab, path, recorder, complaints } = await recorded({ lookMs: 0 })
  await noteEach(lab, 2)
  await rename(path, `${path}.moved`)
  await noteEach(lab, 2)
  expect(await recorder.close()).toBe(true)
  expect((await opened(`${path}.moved`)).events).toEqual(eventsOf(lab))
  expect([existsSync(path), complaints]).toEqual([false, []])
})

test('an existing file of that name is kept, and that is reported', async () => {
  const { lab, runtime } = await labOf(1)
  const path = join(runtime, 'lab.jsonl')
  await writeFile(path, 'years of work')
  await writeFile(`${path}.${KEPT_RECORDINGS}`, 'the oldest')
  await writeFile(`${path}.${KEPT_RECORDINGS - 1}`, 'the second oldest')
  const complaints: string[] = []
  const recorder = await record(lab, path, { complain: (what) => complaints.push(what) })
  await recorder.close()
  expect(await readFile(`${path}.1`, 'utf8')).toBe('years of work')
  expect(complaints).toEqual([
    `${path} already existed; it was renamed to ${path}.1, and the oldest one, ${path}.${KEPT_RECORDINGS}, was deleted`,
  ])
})

test.runIf(process.platform !== 'win32')('a path that is no file, or cannot be one, is refused at once', async () => {
  const { lab, runtime } = await labOf(1)
  const place = (name: string) => join(runtime, name)
  execFileSync('sh', ['-c', 'mkfifo "$0"', place('pipe')])
  await writeFile(place('file'), '')
  await symlink(place('file'), place('link'))
  await symlink(place('nothing'), place('dangling'))
  execFileSync('sh', ['-c', 'mkfifo "$0"', place('file.3')])
  const before = readdirSync(runtime)
  for (const [path, why] of [
    [place('pipe'), /is a pipe or a device: a recording needs a file$/],
    ['/dev/full', /is a pipe or a device/],
    ['/dev/null', /is a pipe or a device/],
    [runtime, /is a folder: name a file in it$/],
    [place('link'), /is a symbolic link: name the file itself/],
    [place('dangling'), /is a symbolic link: name the file itself/],
    [place('file'), /file\.3 is not a file, but older parts of the recording go there: remove it/],
    [place('new/'), /is a folder: name a file in it$/],
    [place('file/'), /is a folder: name a file in it$/],
    [place('no/where.jsonl'), /cannot be written: there is no folder .*no$/],
    [place('file/x.jsonl'), /cannot be written: there is no folder .*file$/],
    [place('x'.repeat(300)), /x cannot be written: its name is too long$/],
    ...(existsSync('/proc/version')
      ? ([
          ['/proc/version', /^\/proc\/version cannot be written: files cannot be created there: choose another/],
        ] as const)
      : []),
    ['', /name a file for the recording$/],
  ] as const)
    await expect(record(lab, path, { complain: () => {} }), path).rejects.toThrow(why)
  expect(readdirSync(runtime)).toEqual(before)
})

test('a file that somebody puts in the place of a recording at the last moment is not opened', async () => {
  const { runtime } = await labOf(1)
  const path = join(runtime, 'lab.jsonl')
  await writeFile(path, 'years of work')
  await expect(openRecording(path)).rejects.toThrow(/EEXIST/)
  expect(await readFile(path, 'utf8')).toBe('years of work')
})
