/** Tests the output of our programs when they cannot do their task: one sentence, and an exit code. */
import type { StdioOptions } from 'node:child_process'
import { existsSync, openSync, readdirSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { freePorts } from '../test-support/ports.ts'
import { BIN, type Ended, environment, ROOT, start } from '../test-support/processes.ts'
import { runtimeOfTest } from '../test-support/runtime.ts'

const EXAMPLE = join(ROOT, 'examples/walkthrough.input')

const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  'the lab': [join(ROOT, 'dist/server/main.js'), '--port', '0'],
  'rumorscope run': [join(ROOT, 'dist/server/run.js'), EXAMPLE],
  stopall: [join(ROOT, 'dist/server/stopall.js')],
  process: [join(ROOT, 'dist/node/process.cjs'), '0', '1', '20000'],
}

const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  start(process.execPath, args, { env: { ...process.env, ...env } }).ended

/** One line for people, without control characters and without a stack. */
function isOneSentence(text: string) {
  expect(text).toMatch(/^[^\n]+\n$/)
  expect(text).not.toMatch(/[^\P{C}\n]/u)
  expect(text).not.toMatch(/^\s+at /m)
}

describe.each(Object.entries(PROGRAMS))('%s', (_, args) => {
  test.each<[what: string, runtime: (folder: string) => Promise<string> | string]>([
    [
      'a file',
      async (folder) => {
        await writeFile(join(folder, 'file'), '')
        return join(folder, 'file')
      },
    ],
    ['a device', () => '/dev/null'],
    ['a relative path', () => 'here'],
    ['a place where nothing can be made', () => '/proc/nothing'],
    ['a name that a terminal would obey', () => '/dev/null/\x1b[2J\x07\r\u202enothing'],
  ])('with %s as its runtime folder reports that in one sentence', async (_, runtime) => {
    const { code, stderr, stdout } = await run(args, { RUMORSCOPE_RUNTIME: await runtime(await runtimeOfTest()) })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    isOneSentence(stderr)
    expect(stderr).toMatch(
      /the runtime folder .*; set RUMORSCOPE_RUNTIME to a folder of your own|set it to \/.*here\n$/,
    )
  })
})

describe('text from outside is shown and not obeyed:', () => {
  test('an option', async () => {
    for (const program of ['the lab', 'rumorscope run']) {
      const { code, stderr } = await run([...(PROGRAMS[program] ?? []), '--\x1b]0;owned\x07\nsecond line'])
      expect(code).toBe(2)
      expect(stderr).toMatch(/^Unknown option '--\\x1b\]0;owned\\x07\\nsecond line'/)
      expect(stderr).not.toMatch(/[^\P{C}\n]/u)
    }
  })

  test('an argument of a node', async () => {
    const { code, stderr } = await run([join(ROOT, 'dist/node/process.cjs'), '0', '1', '\x1b[31m20000'])
    expect(code).toBe(2)
    isOneSentence(stderr)
  })

  test('a scenario file, its name, and the messages of its nodes', async () => {
    const folder = join(await runtimeOfTest(), '\x1b[31mred\nline')
    await mkdir(folder)
    const file = join(folder, 'x.scenario')
    await writeFile(file, '0 msg 1 hi\x1b[2J \u202eevil\x9b\nexpect 0 chatLog \x07bell\n0 get chatLog\n')
    const { code, stdout, stderr } = await run([join(ROOT, 'dist/server/run.js'), file, '--nodes', '1'])
    expect(code).toBe(1)
    // The node's own words, without characters that no terminal should get.
    expect(stdout).toBe('hi%1B[2J \\u202eevil%C2%9B\n')
    isOneSentence(stderr)
    expect(stderr).toContain('\\x1b[31mred\\nline/x.scenario:2: expect 0 chatLog \\x07bell: found: ')
  })
})

test('Node options that Node refuses are reported in one sentence, or do not matter', async () => {
  const env = { ...process.env, RUMORSCOPE_RUNTIME: await runtimeOfTest(), NODE_OPTIONS: '--require /nowhere.cjs' }
  const stopall = await start(join(ROOT, 'bin/stopall'), [], { env }).ended
  expect(stopall).toMatchObject({ code: 0, stdout: 'stopall: ended 0 nodes\n', stderr: '' })
  const lab = await start(join(ROOT, 'bin/rumorscope'), ['run', EXAMPLE], { env }).ended
  expect(lab).toMatchObject({ code: 1, stdout: '' })
  isOneSentence(lab.stderr)
})

/** The situation when its shell is a child of another program that uses Node. */
test.each([
  ['an IPC channel that is none', { NODE_CHANNEL_FD: 'none' }, []],
  ['an IPC channel that is not open', { NODE_CHANNEL_FD: '7' }, []],
  ['an IPC channel of another program', {}, ['ipc' as const]],
  ['a cluster of another program', { NODE_UNIQUE_ID: '1' }, []],
])(
  'a process that inherits %s is a standalone node, and takes no other program for its lab',
  async (_, inherited, channel) => {
    const runtime = await runtimeOfTest()
    const ports = await freePorts(2)
    const env = { ...environment(runtime, ports.udp), ...inherited }
    const stdio: StdioOptions = ['ignore', 'pipe', 'pipe', ...channel]
    const node = start(BIN, ['0', '1', `${ports.tcp}`], { env, stdio })
    expect(await node.firstLine).toMatch(/^node 0 of 1: /)
    const supervised = start(BIN, ['--supervised', '{}'], { env, stdio })
    expect(await supervised.ended).toMatchObject({ code: 2, stdout: '' })
    node.child.kill('SIGTERM')
    expect(await node.ended).toMatchObject({ code: 0, stderr: '' })
  },
)

test.runIf(process.platform === 'linux')(
  'a name that is not UTF-8 is refused: no file of another name is opened or made',
  async () => {
    const folder = await runtimeOfTest()
    for (const [program, words, code] of [
      ['run.js', '"$bad"', 2],
      ['run.js', `${EXAMPLE} --record "$bad"`, 2],
      ['main.js', '--record "$bad"', 2],
    ] as const) {
      const script = `bad="$(printf '%s' "${folder}/"; printf '\\377')"; exec "$0" "$1" ${words}`
      const ended = await start('sh', ['-c', script, process.execPath, join(ROOT, 'dist/server', program)]).ended
      expect(ended).toMatchObject({ code, stdout: '' })
      isOneSentence(ended.stderr)
      expect(ended.stderr).toMatch(/is not UTF-8/)
    }
    expect(readdirSync(folder)).toEqual([])
    const script = `RUMORSCOPE_RUNTIME="$(printf '\\377')" exec "$0" "$1"`
    const stopall = await start('sh', ['-c', script, process.execPath, join(ROOT, 'dist/server/stopall.js')]).ended
    expect(stopall).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^RUMORSCOPE_RUNTIME is not UTF-8; set .*\n$/),
    })
  },
)

describe('output', () => {
  test('that nobody reads any more is no error', async () => {
    const env = { ...process.env, RUMORSCOPE_RUNTIME: await runtimeOfTest() }
    const { child, ended, firstLine } = start(process.execPath, [join(ROOT, 'dist/server/run.js'), EXAMPLE], { env })
    await firstLine
    child.stdout?.destroy()
    expect(await ended).toMatchObject({ code: 0, stderr: '' })
  })

  test.runIf(existsSync('/dev/full'))('that cannot be written is reported, and counts as a failure', async () => {
    for (const args of [[join(ROOT, 'dist/server/run.js'), EXAMPLE], [join(ROOT, 'dist/server/stopall.js')]]) {
      const stdio = ['ignore', openSync('/dev/full', 'w'), 'pipe'] as const
      const env = { ...process.env, RUMORSCOPE_RUNTIME: await runtimeOfTest() }
      const { code, stderr } = await start(process.execPath, args, { stdio: [...stdio], env }).ended
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: 'not all of the output was written: the disk is full: free some space, or write elsewhere\n',
      })
    }
  })
})
