/** Tests a first run from bin/: there is no build yet, and proxy.py neither waits for one nor shows any output. */
import { once } from 'node:events'
import { closeSync, constants, mkdirSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { devNull } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { ensureRuntimeDirectory, runtimeDirectory } from '../server/platform/runtime/directory.ts'
import { handoffSocket } from '../server/platform/runtime/handoff.ts'
import { Checkout } from './support/checkout.ts'

const TRY_AGAIN = 75

let checkout: Checkout

beforeEach(() => {
  checkout = new Checkout()
})

afterEach(() => checkout.remove())

const bin = (program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  checkout.start(join(checkout.root, 'bin', program), args, { env: { ...noLab(), ...env } }).ended

/** As proxy.py starts it: output goes to a device that was opened for reading. */
function byProxy(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const readOnly = openSync(devNull, constants.O_RDONLY)
  const stdio = ['pipe', readOnly, readOnly] as const
  const cwd = join(checkout.root, 'bin')
  const { ended } = checkout.start(`./${program}`, args, { cwd, stdio: [...stdio], env: { ...noLab(), ...env } })
  closeSync(readOnly)
  return ended
}

const noLab = () => ({ RUMORSCOPE_RUNTIME: checkout.root })
const log = () => checkout.read('bin/process.log')

/** Returns one line of the log; `words` follow the name of the program. */
const entry = (program: string, words: string) =>
  new RegExp(`^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d ${program}: ${words}$`, 'm')

describe('a process without a build', () => {
  test('is built first and runs, if somebody reads its output', async () => {
    const { code, stdout, stderr } = await bin('process', ['0', '4', '20000'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'built 0 4 20000\n' })
    expect(stderr).toBe('rumorscope: installing packages from the npm registry\nrumorscope: building\n')
    expect(log()).toMatch(
      entry('process 0 4 20000', 'not ready: .*15 s, and proxy.py waits 1 s; run npm start once before'),
    )
    expect(log()).toMatch(entry('process 0 4 20000', 'ready after [\\d.]+ s'))
  })

  test('does not run late under proxy.py, and the log says so; the next run is ready', async () => {
    const ids = ['0', '1', '2', '3']
    const codes = await Promise.all(ids.map(async (id) => (await byProxy('process', [id, '4', `2000${id}`])).code))
    expect(codes).toEqual(Array(4).fill(TRY_AGAIN))
    expect(checkout.calls()).toEqual(['npm ci', 'vite build --app'])
    for (const id of ids) {
      expect(log()).toMatch(entry(`process ${id} 4 2000${id}`, 'not ready: .*'))
      expect(log()).toMatch(entry(`process ${id} 4 2000${id}`, 'not started: .*; run proxy.py again'))
    }
    const before = log()
    expect((await bin('process', ['0', '4', '20000'])).stdout).toBe('built 0 4 20000\n')
    expect(log()).toBe(before)
  })

  test('that cannot be built logs the reason', async () => {
    checkout.put('build-fails', '')
    expect((await byProxy('process', ['0', '4', '20000'])).code).toBe(1)
    expect(log()).toMatch(/process 0 4 20000: not ready: a syntax error\nvite build failed \(exit 1\)\n/)
  })

  test('under a Node that is too old, or without any, logs that', async () => {
    checkout.put('package.json', JSON.stringify({ engines: { node: '>=99.1.0' } }))
    expect((await byProxy('process', ['0', '4', '20000'])).code).toBe(1)
    expect(log()).toContain('not ready: Rumorscope needs Node 99.1 or later; this is Node')
    const PATH = join(checkout.root, 'path')
    mkdirSync(PATH)
    symlinkSync('/bin/date', join(PATH, 'date'))
    expect((await byProxy('process', ['1', '4', '20001'], { PATH })).code).toBe(1)
    expect(log()).toMatch(entry('process 1 4 20001', 'not ready: there is no node on the PATH; .*'))
    expect((await bin('process', ['1', '4', '20001'], { PATH })).stderr).toMatch(
      /^process: not ready: there is no node/,
    )
  })

  test.each(['rumorscope', 'stopall', 'process'])('%s without Node says so in one sentence', async (program) => {
    const { code, stderr } = await bin(program, [], { PATH: join(checkout.root, 'nowhere') })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^\w+: (not ready: )?there is no node on the PATH; install Node\.js from \S+\n$/)
  })

  test('is found by a shell that gets only its name', async () => {
    const cwd = join(checkout.root, 'bin')
    for (const program of ['process', 'stopall'])
      expect((await checkout.start('sh', [program, '0', '4', '20000'], { cwd, env: noLab() }).ended).code).toBe(0)
    expect(log()).toMatch(entry('process 0 4 20000', 'ready after .*'))
  })

  test('is built though NODE_OPTIONS has an option that Node refuses', async () => {
    expect(await bin('process', ['0', '4', '20000'], { NODE_OPTIONS: '--nonsense' })).toMatchObject({ code: 0 })
  })

  test('that is empty, as after a power failure, is built again', async () => {
    await bin('process', ['0', '4', '20000'])
    checkout.put('dist/node/process.cjs', '')
    expect((await bin('process', ['1', '4', '20001'])).stdout).toBe('built 1 4 20001\n')
  })

  test.each([
    ['in the middle of a line', "console.log('built', "],
    ['between two lines', 'process.argv.length'],
  ])('that was cut short %s says so in one sentence, on stderr, in the log and to a lab', async (_, text) => {
    const told = await labIn(noLab())
    await bin('process', ['0', '4', '20000'])
    checkout.put('dist/node/process.cjs', text)
    const { code, stdout, stderr } = await bin('process', ['1', '4', '20001'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    const why = 'the build in dist is damaged \\(.+\\); run npm run build to rebuild it'
    expect(stderr).toMatch(new RegExp(`^process: ${why}\n$`))
    expect(log()).toMatch(entry('process 1 4 20001', why))
    expect(told().at(-1)).toMatchObject({ line: '1 start 4 20001', why: expect.stringMatching(new RegExp(`^${why}$`)) })
  })

  test.each<[where: string, env: (folder: string) => NodeJS.ProcessEnv]>([
    ['RUMORSCOPE_RUNTIME', (folder) => ({ RUMORSCOPE_RUNTIME: folder })],
    ['XDG_RUNTIME_DIR', (folder) => ({ RUMORSCOPE_RUNTIME: undefined, XDG_RUNTIME_DIR: folder })],
    [
      'the folder for temporary files',
      (folder) => ({ RUMORSCOPE_RUNTIME: undefined, XDG_RUNTIME_DIR: undefined, TMPDIR: folder }),
    ],
  ])('reports to a running lab, found by %s', async (_, environmentIn) => {
    const env = environmentIn(checkout.root)
    const told = await labIn(env)
    checkout.put('build-fails', '')
    await byProxy('process', ['0', '4', '20000'], env)
    expect(told()).toMatchObject([
      { type: 'not-ready', line: '0 start 4 20000', why: expect.stringMatching(/^not ready: .* proxy\.py waits 1 s/) },
      { type: 'not-ready', line: '0 start 4 20000', why: expect.stringMatching(/^not ready: a syntax error/) },
    ])
  })
})

/** A link to a link, each of another kind, with names that a careless script would split or take for an option. */
function linkTo(program: string): string {
  const folder = join(checkout.root, 'Übung 1 -> $(two)', 'own')
  mkdirSync(folder, { recursive: true })
  symlinkSync(`../../bin/${program}`, join(folder, `${program}, relative`))
  symlinkSync(join(folder, `${program}, relative`), join(folder, `-${program} *`))
  return join(folder, `-${program} *`)
}

describe.each(['process', 'stopall', 'rumorscope'])('%s, through links in a folder with an odd name,', (program) => {
  test.each([
    ['without readlink -f', '#!/bin/sh\n[ "$1" = -f ] && exit 1\nexec /usr/bin/readlink "$@"\n'],
    ['without readlink', '#!/bin/sh\nexit 127\n'],
  ])('is found %s', async (_, readlink) => {
    const path = join(checkout.root, 'path')
    mkdirSync(path)
    writeFileSync(join(path, 'readlink'), readlink, { mode: 0o755 })
    const env = { ...noLab(), PATH: `${path}:${process.env.PATH}` }
    const link = linkTo(program)
    for (const [command, ...words] of [[link], ['sh', link], ['sh', `./${basename(link)}`]]) {
      const started = checkout.start(command ?? '', [...words, '0', '1', '20000'], { cwd: dirname(link), env })
      expect(await started.ended).toMatchObject({ code: 0, stdout: 'built 0 1 20000\n' })
    }
  })
})

test('stopall without a build says so in the log, and ends nodes late rather than never', async () => {
  expect((await byProxy('stopall', [])).code).toBe(0)
  expect(log()).toMatch(entry('stopall', 'not ready: .*'))
  expect(log()).toMatch(entry('stopall', 'ready after .*'))
})

test('the log starts again when it has become long', async () => {
  checkout.put('bin/process.log', 'x'.repeat(100_000))
  checkout.put('build-fails', '')
  await byProxy('process', ['0', '4', '20000'])
  expect(log()).not.toContain('x'.repeat(100))
  expect(log()).toMatch(entry('process 0 4 20000', 'not ready: .*'))
})

/** A listener in the place of a lab in this environment; returns the reports that it gets. */
async function labIn(env: NodeJS.ProcessEnv) {
  const before = process.env.TMPDIR
  if (env.TMPDIR !== undefined) process.env.TMPDIR = env.TMPDIR
  const path = handoffSocket(ensureRuntimeDirectory(runtimeDirectory(env)))
  if (before === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = before
  let text = ''
  const server = createServer((socket) => socket.on('data', (chunk) => (text += chunk)))
  server.listen(path)
  onTestFinished(() => {
    server.close()
    rmSync(path, { force: true })
  })
  await once(server, 'listening')
  return () =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
}
