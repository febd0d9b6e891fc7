/**
 * Tests the output and exit codes of the programs, frozen: each row of programs.txt is a command line, its exit code,
 * and every line that it wrote. Beside server/programs.test.ts, which tests failures of the machine, this is the
 * interface for people and scripts. After an intended change, write it again with
 *
 *     npx vitest run --project e2e e2e/frozen/programs -u
 *
 * and read the difference before you commit it.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePorts } from '../../server/test-support/ports.ts'

const ROOT = join(import.meta.dirname, '../..')
/** Number of simultaneous processes: their start takes most of the time. */
const AT_ONCE = 4

/** Files that the command lines name. */
const FILES: Readonly<Record<string, string>> = {
  'good.scenario': '0 msg 1 hello\nuntil agreed\n1 get chatLog\nexpect held 1 = 1\n',
  'course.input': '0 start 2 20000\n1 start 2 20001\n0 msg 1 hello\n1 get chatLog\nexit\n0 get chatLog\n',
  'untrue.scenario': '0 msg 1 hello\nuntil agreed\nexpect 1 chatLog bye\n9 crash\n0 get chatLog\n',
  'never.scenario': 'until held 1 = 1 within 50ms\n0 get chatLog\n',
  'senseless.scenario': '0 msg 1 hello\nlink 0 1 slow\nuntil dawn\n',
  'empty.scenario': '',
}

const COMMANDS: readonly string[] = [
  'rumorscope --help',
  'rumorscope --nods 4',
  'rumorscope --nodes 65',
  'rumorscope --port',
  'rumorscope --host 192.0.2.1 --port 0',
  'rumorscope --name localhost',
  'rumorscope --nodes 2 --nodes 3',
  'rumorscope --record=',
  'rumorscope --record .',
  'rumorscope run',
  'rumorscope run --help',
  'rumorscope run nowhere.scenario',
  'rumorscope run .',
  'rumorscope run good.scenario course.input',
  'rumorscope run good.scenario --speed 3',
  'rumorscope run good.scenario --seed -1',
  'rumorscope run good.scenario --record good.scenario',
  'rumorscope run senseless.scenario',
  'rumorscope run empty.scenario',
  'rumorscope run good.scenario --nodes 2',
  'rumorscope run course.input',
  'rumorscope run untrue.scenario --nodes 2',
  'rumorscope run never.scenario --nodes 2',
  'process',
  'process 0 1',
  'process zero 1 20000',
  'process 0 1 65536',
  'process 0 1 20000 more',
  'RUMORSCOPE_ROOT_ID=0 process 0 1 20000',
  'RUMORSCOPE_SEED=one process 0 1 20000',
  'stopall',
  'stopall --help',
  'npm run --silent bench -- speed',
  'npm run --silent fuzz -- --seeds 20 --seed 42',
  'npm run --silent soak -- --minutes none',
  'npm run --silent study -- --quick',
  'npm run --silent screenshots -- nothing',
]

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rs-'))
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('every program exits and prints as before', async () => {
  const rows: string[] = []
  const next = COMMANDS.entries()
  const worker = async () => {
    for (const [place, command] of next) rows[place] = await rowOf(command)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  await expect(rows.join('\n')).toMatchFileSnapshot('programs.txt')
})

test.each([
  ['rumorscope', ['--no-open', '--nodes', '1', '--port', '0']],
  ['rumorscope', ['--no-open', '--nodes', '1', '--port', '0', '--name', 'class.example']],
])('%s %j prints where the lab is, and a signal ends it', async (program, args) => {
  const { tcp, udp } = await freePorts(1)
  const child = await begin([program, ...args, '--base-port', `${tcp}`, '--root-id', `${udp}`])
  const { said, code } = await endedAfterItsFirstWords(child)
  expect(`$ ${program} ${args.join(' ')}\n  exit ${code}\n${linesOf(said).join('\n')}\n`).toMatchSnapshot()
})

test('a process prints where it is, and a signal ends it', async () => {
  const { tcp, udp } = await freePorts(1)
  const child = await begin(['RUMORSCOPE_SEED=7', `RUMORSCOPE_ROOT_ID=${udp}`, 'process', '0', '1', `${tcp}`])
  const { said, code } = await endedAfterItsFirstWords(child)
  expect({ said, code }).toEqual({ said: `node 0 of 1: TCP ${tcp}, UDP ${udp}, seed 7\n`, code: 0 })
})

async function begin(words: readonly string[]) {
  // Each has a runtime folder of its own, or stopall would end the nodes of others.
  const own = await mkdtemp(join(folder, 'runtime-'))
  const isSetting = (word: string) => /^[A-Z_]+=/.test(word)
  const [program = '', ...args] = words.filter((word) => !isSetting(word))
  const settings = Object.fromEntries(words.filter(isSetting).map((word) => word.split('=')))
  const runtime = { RUMORSCOPE_RUNTIME: own, XDG_STATE_HOME: own, NODE_ENV: 'production' }
  // The programs of the course are found in a folder, those of npm in the checkout.
  return spawn(program === 'npm' ? program : join(ROOT, 'bin', program), args, {
    cwd: program === 'npm' ? ROOT : folder,
    env: { ...process.env, ...runtime, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function endedAfterItsFirstWords(child: Awaited<ReturnType<typeof begin>>) {
  let said = ''
  const closed = once(child, 'close')
  const spoke = new Promise<void>((resolve) => {
    for (const output of [child.stdout, child.stderr])
      output.on('data', (text) => {
        said += text
        resolve()
      })
  })
  await Promise.race([spoke, closed])
  child.kill('SIGTERM')
  const [code] = await closed
  return { said, code }
}

async function rowOf(command: string): Promise<string> {
  const child = await begin(command.split(' '))
  const said: string[] = []
  for (const [name, output] of [
    ['  ', child.stdout],
    ['! ', child.stderr],
  ] as const) {
    let text = ''
    output.on('data', (chunk) => {
      text += chunk
    })
    output.on('end', () => said.push(...linesOf(text).map((line) => `  ${name}${line}`.trimEnd())))
  }
  const [code] = await once(child, 'close')
  // Keeps the lines of both outputs apart: their order is chance.
  return [
    `$ ${command}`,
    `  exit ${code}`,
    ...said.sort((a, b) => Number(a.startsWith('  !')) - Number(b.startsWith('  !'))),
    '',
  ].join('\n')
}

/** Without parts that differ from machine to machine and from run to run. */
function linesOf(text: string): readonly string[] {
  const same = text
    .replaceAll(folder, '<folder>')
    .replaceAll(ROOT, '<checkout>')
    .replace(/[\d.]+ s, \d+ scenarios\/s/g, '<time>')
    .replace(/it has .*?\. 0\.0\.0\.0/, 'it has <addresses>. 0.0.0.0')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
    .replace(/#key=[\w-]+/g, '#key=<key>')
  return same === '' ? [] : same.replace(/\n$/, '').split('\n')
}
