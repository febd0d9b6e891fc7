import { randomUUID } from 'node:crypto'
import { chmodSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { folderOfTest } from '../test-support/runtime.ts'
import { forgetOldLabs, KEPT_LABS, savedLabPath, savedLabs, savedLabsFolder } from './saved-labs.ts'

const BEGAN = { id: '01234567-89ab-cdef-0123-456789abcdef', beganAt: Date.UTC(2026, 10, 30, 9, 5, 7) }

/** A process that has ended: no process has that id and start time. */
const ended = (path: string) => path.replace(/_\d+-\d*_/, '_4194304-1_')

/** A recording, last written so many seconds after 1970. */
function put(path: string, seconds: number, text = '{"rumorscope":"recording"}\n') {
  writeFileSync(path, text)
  utimesSync(path, seconds, seconds)
  return path
}

test('is a folder of the user’s own', () => {
  expect(savedLabsFolder({ XDG_STATE_HOME: '/state' })).toBe('/state/rumorscope')
  expect(savedLabsFolder({ XDG_STATE_HOME: 'here' })).toBe(join(homedir(), '.local/state/rumorscope'))
  expect(savedLabsFolder({})).toBe(join(homedir(), '.local/state/rumorscope'))
})

test('each lab has a file of its own, named by its beginning', () => {
  const one = savedLabPath('/f', BEGAN)
  expect(basename(one)).toMatch(/^2026-11-30T09-05-07_\d+-\d*_01234567-89ab-cdef-0123-456789abcdef\.jsonl$/)
  expect(savedLabPath('/f', { ...BEGAN, id: randomUUID() })).not.toBe(one)
})

test('ended labs are found with the latest first, both files of one together', async () => {
  const folder = await folderOfTest()
  const path = (id: string) => ended(savedLabPath(folder, { ...BEGAN, id }))
  const [old, late] = [randomUUID(), randomUUID()]
  put(path(old), 100)
  const files = [put(`${path(late)}.1`, 200, 'older\n'), put(path(late), 300, 'newer\n')]
  put(path(randomUUID()), 400, '')
  put(join(folder, 'thesis.jsonl'), 500)
  expect(await savedLabs(folder)).toEqual([
    { lab: late, endedAt: 300_000, bytes: 12, files },
    { lab: old, endedAt: 100_000, bytes: 27, files: [path(old)] },
  ])
})

test('a recording that a wrong clock wrote in the future is not the last one for ever', async () => {
  const folder = await folderOfTest()
  const path = () => ended(savedLabPath(folder, { ...BEGAN, id: randomUUID() }))
  const inSeconds = (seconds: number) => Date.now() / 1_000 + seconds
  const future = put(path(), inSeconds(1e8))
  const soon = put(path(), inSeconds(3_600))
  const past = put(path(), 100)
  expect((await savedLabs(folder)).map(({ files }) => files[0])).toEqual([soon, past, future])
})

test.runIf(process.platform === 'linux')('a running one is not taken for the last one', async () => {
  const folder = await folderOfTest()
  put(savedLabPath(folder, BEGAN), 100)
  expect(await savedLabs(folder)).toEqual([])
})

test('a missing folder has no labs', async () => {
  expect(await savedLabs('/nowhere/at/all')).toEqual([])
})

test.runIf(process.platform !== 'win32')('other users’ files, and the target of a link, are no labs', async () => {
  const folder = await folderOfTest()
  const path = () => ended(savedLabPath(folder, { ...BEGAN, id: randomUUID() }))
  symlinkSync(put(join(folder, 'mail'), 100), path())
  expect(await savedLabs(folder)).toEqual([])
  put(path(), 200)
  expect(await savedLabs(folder)).toHaveLength(1)
  chmodSync(folder, 0o777)
  expect(await savedLabs(folder)).toEqual([])
  chmodSync(folder, 0o700)
  symlinkSync(folder, `${folder}/link`)
  expect(await savedLabs(`${folder}/link`)).toEqual([])
})

test('few are kept, and no other file of the folder is touched', async () => {
  const folder = await folderOfTest()
  for (let age = 0; age < KEPT_LABS + 2; age += 1)
    put(ended(savedLabPath(folder, { ...BEGAN, id: randomUUID() })), 100 + age)
  put(join(folder, 'thesis.jsonl'), 1)
  const labs = await savedLabs(folder)
  await forgetOldLabs(labs)
  expect(await savedLabs(folder)).toEqual(labs.slice(0, KEPT_LABS))
  expect(await readdir(folder)).toContain('thesis.jsonl')
})
