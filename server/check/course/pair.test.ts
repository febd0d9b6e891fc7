import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readTests } from './pair.ts'

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'rs-tests-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

test('pairs and scenarios of a folder are read in the order of their numbers', () => {
  const folder = folderOf({
    'test10.input': '0 start 1 20000\n0 msg 1 a b\n0 get chatLog\nexit\n',
    'test10.output': 'a b\n',
    'test2.input': '0 start 1 20000\n',
    'test2.output': '',
    'cut.scenario': 'network 2 line\nexpect agreed\n',
    'notes.txt': 'not a test',
  })
  const read = readTests(folder)
  expect(read.ok && read.tests.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    'cut scenario',
    'test2 pair',
    'test10 pair',
  ])
  const pair = read.ok && read.tests[2]
  expect(pair && pair.kind === 'pair' && pair.lines.map(({ words }) => words)).toEqual([
    'start 1 20000',
    'msg 1 a b',
    'get chatLog',
    'exit',
  ])
})

test('a file that has no end, or is too large, is refused at once', () => {
  const folder = folderOf({ 'large.scenario': '#'.repeat(1_048_577) })
  symlinkSync('/dev/zero', join(folder, 'endless.scenario'))
  expect(readTests(folder)).toEqual({
    ok: false,
    problems: [
      `${join(folder, 'endless.scenario')} cannot be read: it is no regular file`,
      `${join(folder, 'large.scenario')} cannot be read: it has more than 1 MiB`,
    ],
  })
})

test('each file with errors is named with line and column, and all of them at once', () => {
  const folder = folderOf({
    'a.input': '0 start 1 20000\n0 mgs 1 a\n',
    'a.output': '',
    'b.input': '0 start 1 20000\nlink 0 1 cut on\n1 msg 1 a\n',
    'b.output': '',
    'c.input': '0 start 1 20000\n0 get chatLog\n',
    'c.output': "a\n{'count': 2, 'mandatory': 'a'}\n",
    'd.input': '0 start 1 20000\n',
    'e.output': 'a\n',
    'f.scenario': 'expect something\n',
  })
  const read = readTests(folder)
  expect(read.ok ? [] : read.problems.map((words) => words.replaceAll(folder, 'DIR'))).toEqual([
    expect.stringMatching(/^DIR\/a.input:2:3: /),
    expect.stringMatching(/^DIR\/b.input:2:1: proxy.py knows start, msg, get chatLog, crash and exit/),
    'DIR/b.input:3:1: node 1 has not been started before this line',
    'DIR/c.output:2:1: the file describes 3 answers, and DIR/c.input asks for 1 chat log',
    expect.stringMatching(/^DIR\/d.output cannot be read: /),
    expect.stringMatching(/^DIR\/f.scenario:1:8: /),
    'DIR/e.output belongs to no .input file of that name',
  ])
})

test('a folder without tests says what belongs there', () => {
  const folder = folderOf({})
  expect(readTests(folder)).toEqual({
    ok: false,
    problems: [expect.stringContaining('put NAME.input with NAME.output')],
  })
  expect(readTests(join(folder, 'none'))).toMatchObject({ ok: false })
})
