import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { folderOfTest } from '../test-support/runtime.ts'
import { findSubmissions } from './submissions.ts'

async function folderOf(...files: readonly string[]): Promise<string> {
  const folder = await folderOfTest()
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), '')
  }
  return folder
}

test('a submission has the name of the folder or file that a part with * finds', async () => {
  const folder = await folderOf('in/eve/process', 'in/ada/process', 'in/bob/README', 'in/list.txt', 'in/.git/process')
  expect(findSubmissions('in/*/process', folder)).toEqual([
    { name: 'ada', path: 'in/ada/process', fileName: 'ada' },
    { name: 'eve', path: 'in/eve/process', fileName: 'eve' },
  ])
  const all = findSubmissions(`${folder}/*/*/pro*`, '/')
  expect(all.map(({ name, fileName }) => [name, fileName])).toEqual([
    ['in/ada/process', 'in-ada-process'],
    ['in/eve/process', 'in-eve-process'],
  ])
})

test('no two submissions share a file, and no name leads out of the folder', async () => {
  const folder = await folderOf('a b/p', 'a-b/p', 'A b/p', '..x/p', '$(x)/p', '日本/p')
  const files = findSubmissions('*/p', folder).map(({ fileName }) => fileName)
  expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(files.length)
  for (const file of files) expect(file).toMatch(/^(?![-.])[\w.-]+$/)
})

test('a program without a folder is still a path, and a pattern is no regular expression', async () => {
  const folder = await folderOf('p1', 'p.2', 'pX2')
  expect(findSubmissions('p.*', folder)).toEqual([{ name: 'p.2', path: './p.2', fileName: 'p.2' }])
  expect(findSubmissions('p1', folder)).toEqual([{ name: 'p1', path: './p1', fileName: 'p1' }])
})

test('a pattern that names no file is refused', async () => {
  expect(() => findSubmissions('in/*/process', '/nowhere')).toThrow('--submissions: no file is named in/*/process')
})
