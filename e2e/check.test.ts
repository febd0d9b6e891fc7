/** Tests `rumorscope check` as a new user meets it: the built command, a program in C, and a real browser. */
import { execFile } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { checkReport } from '../server/check/report/json.ts'
import { SUITE } from '../server/check/suite/suite.ts'
import { startLab } from '../server/test-support/lab-process.ts'
import { freePorts } from '../server/test-support/ports.ts'
import { ROOT, start } from '../server/test-support/processes.ts'
import { runtimeOfTest } from '../server/test-support/runtime.ts'
import { LabPage } from './support/lab-page.ts'
import { sharedBrowser } from './support/shared-browser.ts'

const RUMORSCOPE = join(ROOT, 'bin/rumorscope')
const WIRE = ['--wire', join(ROOT, 'examples/decoders/packed.mjs')] as const

let browser: Browser
let ownFolder: string
/** The check of our own node, which mostly waits: it goes on while the other tests run. */
let ownCheck: Promise<{ readonly code: unknown; readonly stdout: string }>
const isOver = new AbortController()
beforeAll(async () => {
  browser = await sharedBrowser()
  ownFolder = await mkdtemp(join(tmpdir(), 'rs-own-'))
  const args = ['check', join(ROOT, 'bin/process'), '--strict', '--runs', '1', '--report', 'own.json'] as const
  const env = { ...process.env, RUMORSCOPE_RUNTIME: ownFolder, NO_COLOR: '1' }
  const checking = promisify(execFile)(RUMORSCOPE, args, { cwd: ownFolder, env, signal: isOver.signal })
  ownCheck = checking.then(({ stdout }) => ({ code: 0, stdout })).catch(({ code, stdout }) => ({ code, stdout }))
})
afterAll(async () => {
  isOver.abort()
  await browser.close()
  await rm(ownFolder, { recursive: true })
})

/** With BUG=renumber, packed.c counts from 0 again after a restart: a new message passes for one that it has. */
const RESTART = `0 start 3 20000
1 start 3 20001
1 msg 1 old
2 start 3 20002
1 crash
1 start 3 20001
1 msg 2 new
2 get chatLog
exit
`

async function folderOf(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'rs-student-'))
  await mkdir(join(folder, 'tests'))
  await copyFile(join(ROOT, 'server/test-support/foreign/packed.c'), join(folder, 'process.c'))
  await writeFile(join(folder, 'Makefile'), 'process: process.c\n\tcc -O1 -o process process.c\n')
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'tests', name), text)
  const runtime = await runtimeOfTest()
  const env = { ...process.env, BUG: 'renumber', RUMORSCOPE_RUNTIME: runtime, XDG_STATE_HOME: runtime, NO_COLOR: '1' }
  const run = (file: string, ...args: readonly string[]) => start(file, args, { cwd: folder, env }).ended
  return { folder, run }
}

test('a failure of a program in C opens on the page, paused at its instant, with the sentence beside it', async () => {
  const { folder, run: runIn } = await folderOf({ 'restart.input': RESTART, 'restart.output': 'old,new\n' })
  expect((await runIn('make')).code).toBe(0)
  const checked = await runIn(
    RUMORSCOPE,
    'check',
    './process',
    '--tests',
    'tests',
    '--runs',
    '2',
    '--record',
    'failed',
    ...WIRE,
  )
  expect({ code: checked.code, stderr: checked.stderr }).toEqual({ code: 1, stderr: '' })
  // A run on a machine that is too busy does not count: then only the other one is reported.
  expect(checked.stdout).toMatch(/^FAIL {2}restart +0 of [12] runs?/m)
  const [, run, words] = /run ([12]) at [\d.]+ s: (.*)$/m.exec(checked.stdout) ?? []
  // Both have one number, and the first one keeps it. On a busy machine node 2 may begin so late that “new” is the first.
  expect(words).toMatch(
    /^the chat log of node 2 lacks (?:“new”; a datagram with “new” reached node 2 at [\d.]+ s$|“old”; “old” reached 2 of 3 nodes; )/,
  )
  // The decoder of --wire shows why.
  expect(checked.stdout).toMatch(
    /^ +at [\d.]+ s: node 1 sent “new” under the number 40001\.0, which “old” has already\./m,
  )
  const lab = await startLab({ nodes: 2, args: ['--recording', join(folder, `failed/restart/run-${run}.jsonl`)] })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url)
  onTestFinished(() => page.close())
  const banner = page.page.getByRole('status').filter({ hasText: 'Recording of' })
  await banner.filter({ hasText: `run-${run}.jsonl. Run ${run}: ${words}.` }).waitFor()
  await page.page.getByRole('button', { name: 'Play', exact: true }).waitFor()
})

const HELLO = `0 start 2 20000
1 start 2 20001
0 msg 1 hi
1 get chatLog
exit
`

test('submissions become a table for a spreadsheet, with a report for each, also of one that does not start', async () => {
  const { folder, run } = await folderOf({
    'hello.input': HELLO,
    'hello.output': 'hi\n',
    'wrong.input': HELLO,
    'wrong.output': 'ho\n',
  })
  await writeFile(join(folder, 'points.json'), '{"partialCredit": "none", "tests": {"hello": 3}, "others": 1}')
  expect((await run('make')).code).toBe(0)
  for (const name of ['ada', '=eve']) await mkdir(join(folder, 'in', name), { recursive: true })
  await copyFile(join(folder, 'process'), join(folder, 'in/ada/process'))
  await writeFile(join(folder, 'in/=eve/process'), '#!/bin/sh\necho no luck >&2\nexit 3\n')
  await chmod(join(folder, 'in/=eve/process'), 0o755)
  const checked = await run(
    ...([RUMORSCOPE, 'check', '--submissions', 'in/*/process', '--tests', 'tests', '--runs', '1'] as const),
    ...['--csv', 'marks.csv', '--html', 'reports', '--gradescope', 'grades', '--points', 'points.json'],
  )
  expect({ code: checked.code, stderr: checked.stderr }).toEqual({ code: 1, stderr: '' })
  expect(checked.stdout).toContain('2 submissions: 1 failed, 1 not checked')
  const [head, eve, ada] = (await readFile(join(folder, 'marks.csv'), 'utf8')).split('\r\n')
  expect(head).toBe('\ufeffsubmission,outcome,points,of,passed,flaky,failed,skipped,first failure,hello,wrong')
  expect(eve).toMatch(/^"'=eve",not checked,0,4,,,,,.*exit code 3 · no luck.*,,$/)
  expect(ada).toMatch(/^ada,failed,3,4,1,0,1,0,.*,passed,0 of 1$/)
  expect(await readdir(join(folder, 'reports'))).toEqual(['ada.html', 'eve.html', 'index.html'])
  // Nobody keeps the recordings: they are in the report.
  expect(await readFile(join(folder, 'reports/ada.html'), 'utf8')).toMatch(/<svg .*download="wrong-run-1.jsonl"/s)
  const grades = JSON.parse(await readFile(join(folder, 'grades/eve.json'), 'utf8'))
  expect(grades.tests[0]).toMatchObject({ name: 'hello', score: 0, max_score: 3 })
  expect(grades.tests[0].output).toContain('the program does not start')
})

test('tests with errors, and a program that does not start, are named before anything runs', async () => {
  const { folder, run } = await folderOf({ 'a.input': '0 start 1 20000\n0 mgs 1 a\n', 'a.output': '' })
  await writeFile(join(folder, 'process'), '#!/bin/sh\necho no luck >&2\nexit 3\n', { mode: 0o755 })
  const check = (...args: readonly string[]) => run(RUMORSCOPE, 'check', './process', ...args)
  expect(await check('--tests', 'tests')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^tests\/a.input:2:3: /),
  })
  expect(await check()).toMatchObject({
    code: 3,
    stdout: '',
    stderr: expect.stringMatching(/it ended by itself, with exit code 3\n {2}no luck\n$/),
  })
})

test('without namespaces one run goes on at a time, and tests that need a gate are skipped aloud', async () => {
  const { folder, run } = await folderOf({})
  await mkdir(join(folder, 'bin'))
  const refusal = '#!/bin/sh\necho unshare: unshare failed: Operation not permitted >&2\nexit 1\n'
  await writeFile(join(folder, 'bin/unshare'), refusal, { mode: 0o755 })
  const { udp } = await freePorts(8)
  const sound = join(ROOT, 'server/test-support/foreign/sound.py')
  const args = [sound, '--only', 'no duplicates', '--only', 'cut and heal', '--runs', '2', '--root-id', `${udp}`]
  const env = [`PATH=${join(folder, 'bin')}:${process.env.PATH}`, `FOREIGN_ROOT=${udp}`]
  const { code, stdout, stderr } = await run('/usr/bin/env', ...env, RUMORSCOPE, 'check', ...args)
  expect(stderr).toMatch(/unshare failed: Operation not permitted[\s\S]*one run goes on at a time/)
  expect(stdout).toMatch(/^pass {2}no duplicates +2 of 2 runs/m)
  expect(stdout).toMatch(/^skip {2}cut and heal .*it needs a gate for datagrams, and unshare: unshare failed/m)
  expect(stdout).toMatch(/1 run at once/)
  expect(code).toBe(0)
})

/** Returns the processes whose environment names a folder. */
async function processesIn(folder: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = pids.map(async (pid) => {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
    return environment.includes(`TMPDIR=${folder}`)
      ? [await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')]
      : []
  })
  return (await Promise.all(found)).flat()
}

test.runIf(process.platform === 'linux')(
  'Ctrl-C ends a check with all its programs, and leaves neither folders nor a report of what was cut off',
  async () => {
    const { folder } = await folderOf({})
    const temporary = join(folder, 'temporary')
    await mkdir(temporary)
    const env = { ...process.env, BUG: '', TMPDIR: temporary, RUMORSCOPE_RUNTIME: folder, NO_COLOR: '1' }
    const sound = join(ROOT, 'server/test-support/foreign/sound.py')
    const args = ['check', sound, '--runs', '5', '--html', 'report.html', '--record', 'failed'] as const
    const { pid, ended } = start(RUMORSCOPE, args, { cwd: folder, env, detached: true })
    const isUp = async () => (await processesIn(temporary)).filter((line) => line.includes('sound.py')).length >= 3
    await expect.poll(isUp, { timeout: 60_000 }).toBe(true)
    // A terminal sends it to all processes of the group.
    process.kill(-pid, 'SIGINT')
    expect(await ended).toMatchObject({ code: 130, stderr: 'ended by SIGINT\n' })
    await expect.poll(() => processesIn(temporary)).toEqual([])
    expect(await readdir(temporary)).toEqual([])
    expect((await readdir(folder)).filter((name) => ['report.html', 'failed'].includes(name))).toEqual([])
  },
)

test('our own node passes every test of the built-in suite, also those that go beyond the course', async () => {
  const { code, stdout } = await ownCheck
  expect({ code, last: /^\d+ tests: .*?(?=, in)/m.exec(stdout)?.[0] }).toEqual({
    code: 0,
    last: `${SUITE.length} tests: ${SUITE.length} passed`,
  })
  const report = checkReport.parse(JSON.parse(await readFile(join(ownFolder, 'own.json'), 'utf8')))
  expect(report.tests.map(({ name, runs }) => [name, runs.length])).toEqual(SUITE.map(({ name }) => [name, 1]))
})
