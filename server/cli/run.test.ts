/** Tests the built `rumorscope run` on real processes. */
import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { LabEvent } from '../../shared/model/event.ts'
import { fold } from '../../shared/model/fold.ts'
import { EMPTY_LAB } from '../../shared/model/lab-state.ts'
import { RECORDING_VERSION, type RecordingHeader } from '../../shared/wire/recording.ts'
import { freePorts } from '../test-support/ports.ts'
import { type Ended, isAlive, ROOT, start, type TestProcess } from '../test-support/processes.ts'
import { runtimeOfTest } from '../test-support/runtime.ts'
import { parseRunOptions } from './run-options.ts'

const PROGRAM = join(ROOT, 'dist/server/run.js')
const EXAMPLES = join(ROOT, 'examples')

async function begin(args: readonly string[]): Promise<TestProcess> {
  const env = { ...process.env, RUMORSCOPE_RUNTIME: await runtimeOfTest() }
  return start(process.execPath, [PROGRAM, ...args], { env })
}

const run = async (...args: readonly string[]): Promise<Ended> => (await begin(args)).ended

/** Writes the lines into a file. */
async function fileOf(...lines: readonly string[]): Promise<string> {
  const path = join(await runtimeOfTest(), 'test.scenario')
  await writeFile(path, lines.join('\n'))
  return path
}

async function recordingOf(...lines: readonly string[]) {
  const path = join(await runtimeOfTest(), 'recording.jsonl')
  const ended = await run(await fileOf(...lines), '--record', path)
  const [header, ...events] = readFileSync(path, 'utf8').trimEnd().split('\n')
  return {
    ended,
    header: JSON.parse(header ?? '') as RecordingHeader,
    events: events.map((line) => JSON.parse(line) as LabEvent),
  }
}

const EIGHT = 'Lexi,Sophie,hello,bye,my528,sw2298,heyhey,farewell'
const NINE = `${EIGHT},network`

test('a file of the course prints what proxy.py prints', async () => {
  const { code, stdout, stderr } = await run(join(EXAMPLES, 'walkthrough.input'))
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.trimEnd().split('\n')).toEqual([EIGHT, EIGHT, EIGHT, EIGHT, NINE, EIGHT, EIGHT, NINE])
})

describe('an example succeeds:', () => {
  test.each(readdirSync(EXAMPLES).filter((name) => name.endsWith('.scenario')))('%s', async (name) => {
    const { code, stderr } = await run(join(EXAMPLES, name))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})

describe('an unmet expectation', () => {
  test('is reported with its line and the actual state, and the rest is carried out', async () => {
    const file = await fileOf(
      '0 msg 1 hello',
      'until agreed',
      'expect 1 chatLog bye',
      'expect 1 chatLog lacks hello',
      'expect held 1 = 2',
      '',
      '9 crash',
      '1 get chatLog',
    )
    const { code, stdout, stderr } = await run(file, '--nodes', '2')
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'hello\n' })
    expect(stderr.trimEnd().split('\n')).toEqual([
      `${file}:3: expect 1 chatLog bye: found: chatLog hello`,
      `${file}:4: expect 1 chatLog lacks hello: found: chatLog hello`,
      `${file}:5: expect held 1 = 2: found: node 1 has 1 message`,
      `${file}:7: 9 crash: there is no node 9: ids are 0 to 1`,
    ])
  })

  test('of a wait ends the run', async () => {
    const file = await fileOf('0 msg 1 hello', 'until held 1 = 2 within 200ms', '0 get chatLog')
    const { code, stdout, stderr } = await run(file, '--nodes', '2')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr.trim()).toBe(
      `${file}:2: until held 1 = 2 within 200ms: did not happen within 200 ms; node 1 has 1 message`,
    )
  })

  test('shows that nodes disagree', async () => {
    const { code, stderr } = await run(
      await fileOf('node 1 hoard on', '0 msg 1 hello', 'expect agreed'),
      '--nodes',
      '3',
    )
    expect(code).toBe(1)
    expect(stderr).toMatch('found: nodes 0 and 2 have different messages (1 and 0)')
  })
})

describe('an invalid file', () => {
  test('that is not UTF-8 is reported with the place', async () => {
    const file = await fileOf('')
    await writeFile(file, Buffer.from('network 2 line\n0 msg 1 gr\xfc\xdfe\n', 'latin1'))
    expect(await run(file)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: `${file}:2:11: the byte \\xfc is not UTF-8: save the file as UTF-8\n`,
    })
  })

  test('does not run at all, and every error is reported with line and column', async () => {
    const file = await fileOf('0 msg 1 hello', 'link 0 1 slow', '0 get chatLog', 'until dawn')
    const { code, stdout, stderr } = await run(file)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/:2:10: after the link, write/),
      expect.stringMatching(/:4:7: after until, write/),
    ])
  })

  test.each([
    [['nowhere.scenario'], /nowhere\.scenario cannot be read: there is no such file or folder\n$/],
    [['package.json/x'], /package\.json\/x cannot be read: part of its path is not a folder\n$/],
    [[''], /name the file to run/],
    [[EXAMPLES], /examples cannot be read: it is a folder\n$/],
    [[], /name the file to run/],
    [['a', 'b'], /run takes one file/],
    [['a', '--nodes', '0'], /--nodes must be a whole number from 1 to 64/],
    [['a', '--speed', '3'], /Unknown option '--speed'/],
  ])('or a missing one: %j', async (args, why) => {
    const { code, stderr } = await run(...args)
    expect(code).toBe(2)
    expect(stderr).toMatch(why)
  })
})

test('lines after exit are ignored, and no process stays behind', async () => {
  const { ended, events } = await recordingOf('0 start 2 20000', '1 start 2 20001', 'exit', '0 get chatLog')
  expect(ended).toMatchObject({ code: 0, stdout: '', stderr: '' })
  const pids = events.flatMap((event) => (event.type === 'starting' ? [event.pid] : []))
  expect(pids).toHaveLength(2)
  expect(pids.some(isAlive)).toBe(false)
})

test('a run that is ended from outside leaves no process behind', async () => {
  const file = await fileOf('0 get chatLog', 'sleep 60s')
  const recording = join(await runtimeOfTest(), 'recording.jsonl')
  const process = await begin([file, '--nodes', '3', '--record', recording])
  expect(await process.firstLine).toBe('<empty>')
  process.child.kill('SIGTERM')
  expect(await process.ended).toMatchObject({ code: 1, stderr: 'ended by SIGTERM before the end of the file\n' })
  const pids = [...readFileSync(recording, 'utf8').matchAll(/"pid":(\d+)/g)].map(([, pid]) => Number(pid))
  expect(pids).toHaveLength(3)
  expect(pids.some(isAlive)).toBe(false)
  // The recording contains everything, also the end of the nodes.
  expect([...readFileSync(recording, 'utf8').matchAll(/"type":"ended"/g)]).toHaveLength(3)
})

describe('a recording', () => {
  test('is a header and every event, and folds into the final state', async () => {
    const { header, events } = await recordingOf(
      'network 2 line',
      'link 0>1 loss 5',
      '0 msg 1 hello',
      'until held 1 = 1',
    )
    expect(header).toMatchObject({ rumorscope: 'recording', version: RECORDING_VERSION })
    expect(header.beganAt).toBeGreaterThan(0)
    expect(events.map(({ n }) => n)).toEqual(events.map((_, index) => index + 1))
    const state = fold(EMPTY_LAB, events)
    expect(state.messages).toMatchObject([{ text: 'hello', copies: { 0: {}, 1: {} } }])
    expect(state.links).toMatchObject({ '0>1': { loss: 5 } })
    expect(state.nodes.map(({ status }) => status)).toEqual(['stopped', 'stopped'])
    expect(state.commands.map(({ by }) => by)).toEqual(['scenario', 'scenario', 'scenario'])
  })

  test.each([
    ['/dev/full', /^\/dev\/full is a pipe or a device: a recording needs a file\n$/],
    ['/dev', /^\/dev is a folder: name a file in it\n$/],
    ['', /^name a file for the recording\n$/],
  ])('to %j, which is no file, ends the run before it begins', async (path, why) => {
    const { code, stderr, stdout } = await run(await fileOf('0 get chatLog'), '--record', path)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(why)
  })

  test('that is incomplete, because the disk was full, makes the run fail, after it has been carried out', async () => {
    const path = join(await runtimeOfTest(), 'recording.jsonl')
    const lines = Array.from({ length: 60 }, (_, index) => `0 msg ${index} ${'x'.repeat(1_000)}`)
    const file = await fileOf(...lines, 'until agreed', '1 crash', 'expect crashed 1')
    // In blocks of 512 bytes: there is room for some of these messages.
    const words = ['ulimit -f 64; exec "$@"', 'sh', process.execPath, PROGRAM, file, '--nodes', '2', '--record', path]
    const env = { ...process.env, RUMORSCOPE_RUNTIME: await runtimeOfTest() }
    const { code, stderr } = await start('sh', ['-c', ...words], { env }).ended
    expect(code).toBe(1)
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/recording\.jsonl cannot be written: the file would exceed the size limit.*tries again$/),
      expect.stringMatching(/recording\.jsonl is incomplete: the events \d+ to \d+ are missing$/),
    ])
    expect(readFileSync(path, 'utf8')).toMatch(/^{"rumorscope":"recording"/)
  })

  test('that exists already is kept under another name, and the output says so', async () => {
    const path = join(await runtimeOfTest(), 'recording.jsonl')
    const file = await fileOf('0 get chatLog')
    expect((await run(file, '--record', path)).stderr).toBe('')
    const first = readFileSync(path, 'utf8')
    expect(await run(file, '--record', path)).toMatchObject({
      code: 0,
      stderr: `${path} already existed; it was renamed to ${path}.1\n`,
    })
    expect(readFileSync(`${path}.1`, 'utf8')).toBe(first)
  })

  test('onto the scenario itself is refused, and leaves it unchanged', async () => {
    const file = await fileOf('0 get chatLog')
    expect(await run(file, '--record', file)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: `${file} is the scenario itself: record to another file\n`,
    })
    expect(readFileSync(file, 'utf8')).toBe('0 get chatLog')
  })

  test.runIf(process.platform === 'linux')('in a folder that only looks writable ends the run, too', async () => {
    const { code, stdout, stderr } = await run(await fileOf('0 get chatLog'), '--record', '/proc/recording.jsonl')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^\/proc\/recording\.jsonl cannot be written: .*\n$/)
  })

  test('that cannot be written ends the run before it begins', async () => {
    const { code, stderr } = await run(await fileOf('0 msg 1 hello'), '--record', '/dev/null/recording.jsonl')
    expect(code).toBe(2)
    expect(stderr).toMatch('/dev/null/recording.jsonl cannot be written')
  })
})

test('a seed gives every life of every node its own seed, the same in every run', async () => {
  const seeds = async () => {
    const path = join(await runtimeOfTest(), 'recording.jsonl')
    await run(await fileOf('0 crash', '0 start 2 20000'), '--nodes', '2', '--seed', '7', '--record', path)
    const events = readFileSync(path, 'utf8').matchAll(/"node":(\d+),"generation":(\d+).*?"seed":(\d+)/g)
    return Object.fromEntries([...events].map(([, node, generation, seed]) => [`${node}+${generation}`, Number(seed)]))
  }
  const first = await seeds()
  expect(Object.keys(first).sort()).toEqual(['0+0', '0+1', '1+0'])
  expect(new Set(Object.values(first)).size).toBe(3)
  expect(await seeds()).toEqual(first)
})

test('named ports are used, and those in the file count', async () => {
  const { tcp, udp } = await freePorts(3)
  const file = await fileOf(`0 start 2 ${tcp + 2}`)
  const path = join(await runtimeOfTest(), 'recording.jsonl')
  const { code } = await run(file, '--base-port', `${tcp}`, '--root-id', `${udp}`, '--record', path)
  expect(code).toBe(0)
  const running = readFileSync(path, 'utf8')
    .split('\n')
    .find((line) => line.includes('"running"'))
  expect(JSON.parse(running ?? '')).toMatchObject({ node: 0, tcp: [tcp + 2] })
})

test('the options are those of the lab, with no delay and free ports by default', () => {
  expect(parseRunOptions(['file'])).toMatchObject({
    file: 'file',
    ownPorts: false,
    repeatable: false,
    settings: { n: 4, topology: 'line', linkDelayMs: 0, seed: 1 },
  })
  expect(parseRunOptions(['--nodes', '8', '--topology', 'ring', '--seed', '3', 'file'])).toMatchObject({
    repeatable: true,
    settings: { n: 8, topology: 'ring', seed: 3 },
  })
  expect(parseRunOptions(['--help'])).toBeNull()
})
