/** Tests that the files named in CONTRIBUTING.md exist, because its readers do not know the code yet. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const TEXT = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8')
const TASKS = ['a command', 'an event', 'a fault', 'a topology', 'a view', 'a host of nodes']

const there = (path: string) => existsSync(join(ROOT, path))
const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found)

/** Returns each numbered list as its lines. */
const lists = matches(TEXT, /((?:^\d\. .*\n)+)/gm).map((list) => list.trimEnd().split('\n'))

test('each of the six tasks has lists of at most four files', () => {
  expect(matches(TEXT, /^\*\*Add (.+?)(?:\*\*|\.)/gm)).toEqual(TASKS)
  // A fault of a link and one of a node have a list each.
  expect(lists).toHaveLength(TASKS.length + 1)
  for (const list of lists) expect(list.length).toBeLessThanOrEqual(4)
})

test('every line of a task names an existing file, or a new one in an existing folder', () => {
  for (const line of lists.flat()) {
    const files = matches(line, /`([\w.-]+(?:\/[\w<>.-]+)+)`/g)
    expect(files, line).not.toEqual([])
    for (const file of files) expect(file, line).toSatisfy(file.includes('<') ? (it) => there(dirname(it)) : there)
  }
})

test('every file, link and script that the rest names exists', () => {
  const named = matches(TEXT, /(?<![\w/<])((?:bin|docs|e2e|scripts|server|shared|web)\/[\w./-]+\.\w+)(?![\w<>])/g)
  const links = matches(TEXT, /\]\((?!https:)([^)#]+)/g)
  expect([...named, ...links].filter((path) => !there(path))).toEqual([])
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object }
  expect(matches(TEXT, /npm (?:run )?([a-z:]+)/g).filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
})

test('it is short', () => {
  expect(TEXT.split('\n').length - 1).toBeLessThanOrEqual(90)
})
