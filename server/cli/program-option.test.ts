import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildOf } from '../hosts/program/build-watch.ts'
import { BIN } from '../test-support/processes.ts'
import { parsePrograms, splitCommand } from './program-option.ts'

test.each([
  ['./process', ['./process']],
  ['  java  -jar gossip.jar ', ['java', '-jar', 'gossip.jar']],
  [`"my process" 'a "b"' c\\ d e"f"'g'`, ['my process', 'a "b"', 'c d', 'efg']],
  [`x "" 'a\\b' "a\\"b"`, ['x', '', 'a\\b', 'a"b']],
  ['a $HOME * ; rm', ['a', '$HOME', '*', ';', 'rm']],
  ['', []],
])('%j is split as %j, and nothing in it is special', (command, words) => {
  expect(splitCommand(command)).toEqual(words)
})

/** A folder with files that can and cannot be programs. */
function folderOfPrograms() {
  const folder = mkdtempSync(join(tmpdir(), 'rs-option-'))
  const file = (name: string, text: string | Buffer, mode = 0o755) => {
    writeFileSync(join(folder, name), text)
    chmodSync(join(folder, name), mode)
  }
  file('process', '#!/bin/sh\n')
  file('other', '#!/usr/bin/env sh\n')
  file('machine', Buffer.from('7f454c4602', 'hex'))
  file('no-run-bit', '#!/bin/sh\n', 0o644)
  file('gossip.py', 'print()', 0o644)
  file('bare.py', 'print()')
  file('text', 'hello')
  file('empty', '')
  file('from-windows', '#!/bin/sh\r\n')
  file('no-interpreter', '#!/no/such/interpreter\n')
  file('no-command', '#!/usr/bin/env nosuchthing\n')
  mkdirSync(join(folder, 'folder'))
  symlinkSync(BIN, join(folder, 'ours'))
  return folder
}

const parse = (...options: string[]) => {
  const folder = folderOfPrograms()
  return { folder, programs: parsePrograms(options, { folder, path: '/bin:/usr/bin', n: 4, ownProcess: BIN }) }
}

test('a program is for all nodes, or for those that are named', () => {
  const { folder, programs } = parse('./process', '0,2=./other', '3=./machine -v')
  expect(programs?.all).toEqual({ argv: [join(folder, 'process')], folder })
  expect([...(programs?.byId ?? [])]).toEqual([
    [0, { argv: [join(folder, 'other')], folder }],
    [2, { argv: [join(folder, 'other')], folder }],
    [3, { argv: [join(folder, 'machine'), '-v'], folder }],
  ])
  expect(parse().programs).toBeUndefined()
})

test('a command without a path is looked for on the PATH, and starts in the present folder', () => {
  const { folder, programs } = parse('sh -c "exit 1"')
  expect(programs?.all).toMatchObject({ argv: [expect.stringMatching(/\/sh$/), '-c', 'exit 1'], folder })
})

test('a folder of the PATH that is closed, or no folder, is passed over; so is a long word that names no file', () => {
  const folder = folderOfPrograms()
  const path = `${join(folder, 'process')}:/${'long'.repeat(100)}:/bin:/usr/bin`
  const { all } = parsePrograms([`sh -c '${':;'.repeat(200)}'`], { folder, path, n: 4, ownProcess: BIN }) ?? {}
  expect(all?.argv[0]).toMatch(/\/sh$/)
  expect(all && buildOf(all)).toMatch(/\/sh:\d+/)
})

test.each([
  ['', /needs a command/],
  ['0,2=', /needs a command/],
  ['process', /no command process on the PATH; a program in this folder is \.\/process/],
  ['./nothing', /^--program \.\/nothing: there is no such file/],
  ['./folder', /is a folder/],
  ['/dev/null', /is no file/],
  ['./no-run-bit', /may not be run: chmod \+x \.\/no-run-bit/],
  ['./gossip.py', /may not be run: write "python3 \.\/gossip\.py"/],
  ['./bare.py', /is no program: write "python3 \.\/bare\.py"/],
  ['./text', /is no program: it has no #! line/],
  ['./empty', /is no program/],
  ['./from-windows', /its first line ends in \\r/],
  ['./no-interpreter', /needs \/no\/such\/interpreter, which is not on this machine/],
  ['./no-command', /needs nosuchthing, which is not on the PATH/],
  ['./ours', /is Rumorscope’s own node: rename your program/],
  ['7=./process', /names node 7, and ids are 0 to 3/],
  ['0,=./process', /ids are numbers between commas/],
  ['"./process', /has a " that is not closed/],
  ['./process \\', /ends with a backslash/],
])('%j is refused with a sentence', (option, sentence) => {
  expect(() => parse(option)).toThrow(sentence)
})

test('two programs for the same nodes are refused', () => {
  expect(() => parse('./process', './other')).toThrow('two programs for all nodes')
  expect(() => parse('0=./process', '2,0=./other')).toThrow('two programs for node 0')
})

test('Windows refuses programs of others in one sentence', () => {
  const folder = folderOfPrograms()
  const context = { folder, path: '', n: 4, ownProcess: BIN, platform: 'win32' as const }
  const sentence = 'Windows cannot run your own program as a node: use Rumorscope and the program in WSL'
  for (const option of ['./process', '.\\process.exe', '0,2="java -jar gossip.jar"'])
    expect(() => parsePrograms([option], context)).toThrow(sentence)
  expect(parsePrograms([], context)).toBeUndefined()
})
