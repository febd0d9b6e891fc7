/** Tests that a refused command changes nothing, whatever its source and interface. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Executor } from '../../shared/lab/executor.ts'
import type { Lab } from '../../shared/lab/lab.ts'
import { COMMAND_FORMS, nameOf } from '../../shared/language/command-forms.ts'
import { buildApp } from '../app.ts'
import { openHandoff } from '../cli/handoff-server.ts'
import { connectToSupervisor, type HandoffReply, readJsonLines } from '../platform/runtime/handoff.ts'
import { browserOf } from '../test-support/app.ts'
import { eventsOf, labOf } from '../test-support/lab.ts'
import { allHold, networkOf } from '../test-support/network.ts'
import { BUNDLE, isAlive } from '../test-support/processes.ts'
import { runtimeOfTest } from '../test-support/runtime.ts'
import { takeTcp, takeUdp } from '../test-support/taken-ports.ts'

/**
 * A lab with one of everything that a refusal could spoil: messages, a fault, a held datagram, a crashed node, and
 * strangers on the ports that larger networks and restarts need. Timers are paused, so that nothing changes by itself.
 */
async function busyLab() {
  const { lab, run, when, rootId } = await networkOf(4)
  const { basePort } = lab.settings
  await when(({ nodes }) => nodes.every(({ heard }) => Object.keys(heard).length > 0))
  await run('hold timers on', '0 msg 1 hello')
  await when(allHold(1))
  await run('link 2 3 loss 5', 'node 3 hoard on', 'viewers may chat', 'hold 0>1', '0 msg 1 waits')
  await when(({ held }) => Object.keys(held).length === 1)
  await run('2 crash')
  for (const port of [basePort + 2, basePort + 5]) await takeTcp(port)
  await takeUdp(rootId + 6)
  const { nodes } = await when((state) => state.nodes[2]?.status === 'crashed')
  return {
    lab,
    run,
    when,
    basePort,
    rootId,
    pids: nodes.flatMap(({ pid, status }) => (status === 'running' && pid) || []),
  }
}

/**
 * Returns all facts about a lab except commands, and values that change by themselves: counters, and the first
 * statuses, which may be sent before their receiver listens and are then lost.
 */
async function pictureOf(lab: Lab, pids: readonly number[]) {
  await lab.sequencer.flushed()
  const { commands: _, inFlight: __, last: ___, at: ____, nodes, ...rest } = lab.sequencer.state
  const news = eventsOf(lab).filter(({ type }) => !['command', 'counters', 'lost'].includes(type))
  return {
    ...rest,
    nodes: nodes.map(({ counters: _, ...node }) => node),
    inForce: lab.settings,
    events: news.length,
    alive: pids.map(isAlive),
  }
}

const refusedLines = (basePort: number, rootId: number): readonly (readonly [line: string, why: RegExp])[] => [
  ['network 6 ring', new RegExp(`TCP ${basePort + 2}, ${basePort + 5}`)],
  ['network 7 line fanout=1', new RegExp(`UDP ${rootId + 6}`)],
  ['network 4 line', new RegExp(`TCP ${basePort + 2}`)],
  ['network 65 line', /<n>/],
  ['network 2', /topology/],
  ['network 2 blob', /topology/],
  ['network 2 line fanout=0', /fanout/],
  ['network 2 line colour=1', /colour/],
  [`2 start 4 ${basePort + 2}`, new RegExp(`TCP port ${basePort + 2} is in use`)],
  [`2 start 4 ${basePort}`, new RegExp(`TCP port ${basePort} is in use`)],
  [`2 start 8 ${basePort + 5}`, new RegExp(`TCP port ${basePort + 5} is in use`)],
  [`6 start 7 ${basePort + 6}`, new RegExp(`UDP port ${rootId + 6} is in use`)],
  [`0 start 8 ${basePort + 5}`, new RegExp(`TCP port ${basePort + 5} is in use`)],
  [`0 start 4 ${basePort + 1}`, new RegExp(`TCP port ${basePort + 1} is in use`)],
  ['9 start 4 20000', /has ids 0 to 3/],
  ['0 start 65 20000', /<n>/],
  ['0 start 4 99999', /<port>/],
  ['2 msg 1 hello', /not running/],
  ['7 msg 1 hello', /no node 7/],
  ['0 msg 1', /msg <messageID> <text>/],
  [`0 msg 1 ${'x'.repeat(17_000)}`, /bytes/],
  ['0 msg 1 a\n0 crash', /one line/],
  ['2 get chatLog', /not running/],
  ['2 crash', /not running/],
  ['7 crash', /no node 7/],
  ['0 listen 20000', /listen/],
  ['exit now', /./],
  ['delay', /delay/],
  ['delay -1', /delay/],
  ['key maybe', /on or off/],
  ['set', /after set, write/],
  ['set fanout=1 coin=2', /coin/],
  ['link 0 2 cut', /no link/],
  ['link 0 9 cut', /no node 9/],
  ['link 0 1 loss 101', /loss/],
  ['link 0 1 loss 5 heal', /heal cannot be combined/],
  ['node 9 hoard on', /no node 9/],
  ['node 0 dance on', /after node 0, write/],
  ['hold 0 2', /no link/],
  ['hold timers', /hold timers/],
  ['heal all', /./],
  ['deliver 99', /no datagram .?99/],
  ['deliver 1>0', /no datagram on 1>0/],
  ['drop 99', /no datagram .?99/],
  ['duplicate all', /after duplicate, write/],
  ['step 2', /./],
  ['viewers may shout', /watch or chat/],
  ['0 signal HUP', /KILL, STOP or CONT/],
  ['9 signal KILL', /no node 9/],
  ['restart 2', /'2' is not expected/],
  ['help the weather', /./],
  ['dance', /dance/],
  ['', /the line is empty/],
]

test('every command of the language is among them', () => {
  const tried = refusedLines(20_000, 40_000).map(([line]) => line.replace(/^\d+ /, '').split(' ')[0])
  expect(COMMAND_FORMS.map(nameOf).filter((name) => !tried.includes(name))).toEqual([])
})

/** The interfaces of a lab, and a client that has joined. */
async function pageOn(lab: Lab) {
  const app = await buildApp({ lab })
  onTestFinished(() => app.close())
  await app.ready()
  const browser = await browserOf(app)
  browser.join()
  await browser.next('snapshot')
  return { app, browser }
}

test('a refused line changes nothing, over REST, from the console, and in a scenario on the page', async () => {
  const { lab, run, when, basePort, rootId, pids } = await busyLab()
  const { app, browser } = await pageOn(lab)
  const before = await pictureOf(lab, pids)
  for (const [line, why] of refusedLines(basePort, rootId)) {
    const reply = await app.inject({ method: 'POST', url: '/api/commands', payload: { line } })
    const name = line.slice(0, 40)
    expect(reply.json(), name).toMatchObject({ ok: false, error: expect.stringMatching(why) })
    for (const by of ['console', 'scenario']) {
      browser.send({ type: 'command', id: 1, line, by })
      expect(await browser.next('reply'), name).toMatchObject({ ok: false, error: expect.stringMatching(why) })
    }
    expect(await pictureOf(lab, pids), name).toEqual(before)
  }
  // All of it works as before.
  await run('deliver 1')
  await when(({ nodes }) => nodes[1]?.messages === 2)
  expect(await run('0 get chatLog')).toEqual(['hello,waits'])
})

test('an invalid line changes nothing either', async () => {
  const { lab, pids } = await busyLab()
  const { app, browser } = await pageOn(lab)
  const before = await pictureOf(lab, pids)
  const json = { 'content-type': 'application/json' }
  for (const [payload, headers] of [
    ['{', json],
    ['["exit"]', json],
    ['{"line":5}', json],
    [`{"line":"0 msg 1 ${'x'.repeat(20_000)}"}`, json],
    ['{"line":"exit","by":"page"}', json],
    [`{"line":"${'x'.repeat(70_000)}"}`, json],
    ['exit', { 'content-type': 'text/plain' }],
    ['line=exit', { 'content-type': 'application/x-www-form-urlencoded' }],
  ] as const) {
    const reply = await app.inject({ method: 'POST', url: '/api/commands', payload, headers })
    expect(reply.json(), payload.slice(0, 40)).toMatchObject({ ok: false, error: expect.stringMatching(/./) })
  }
  for (const message of [
    'exit',
    { type: 'exit' },
    { type: 'command', id: 1, line: 'exit' },
    { type: 'command', id: -1, line: 'exit', by: 'page' },
    { type: 'command', id: 1, line: 'exit', by: 'rest' },
    { type: 'command', id: 1, line: `0 msg 1 ${'x'.repeat(20_000)}`, by: 'page' },
  ]) {
    browser.send(message)
    expect(await browser.next('refused')).toMatchObject({ error: expect.stringMatching(/./) })
  }
  expect(await pictureOf(lab, pids)).toEqual(before)
})

test('a refused bin/process changes nothing', async () => {
  const { lab, basePort, rootId, pids } = await busyLab()
  const runtime = await runtimeOfTest()
  const handoff = await openHandoff(lab, runtime)
  onTestFinished(() => void handoff?.close())
  const socket = await connectToSupervisor(runtime)
  if (!socket) throw new Error('there is a supervisor')
  onTestFinished(() => void socket.destroy())
  const replies: HandoffReply[] = []
  readJsonLines(socket, (message) => replies.push(message as HandoffReply))
  const before = await pictureOf(lab, pids)
  const asked = [
    { id: 2, n: 8, port: basePort + 5, rootId: null },
    { id: 9, n: 4, port: basePort + 7, rootId },
    { id: 0, n: 70, port: basePort + 7, rootId },
    { id: 2, n: 4, port: basePort + 7, rootId: rootId + 1 },
    { id: 2 },
  ]
  for (const request of asked) socket.write(`${JSON.stringify({ type: 'run', ...request })}\n`)
  await expect.poll(() => replies.map(({ type }) => type)).toHaveLength(asked.length)
  expect(new Set(replies.map(({ type }) => type))).toEqual(new Set(['refused', 'not-mine']))
  expect(await pictureOf(lab, pids)).toEqual(before)
})

/** A lab whose nodes start unless the file `fails` contains a number: then nodes from this id on do not start. */
async function labWithRefusingNodes() {
  const folder = await runtimeOfTest()
  const program = join(folder, 'process.cjs')
  const from = join(folder, 'from')
  await writeFile(
    program,
    `const id = JSON.parse(process.argv[3]).id
     if (id >= Number(require('node:fs').readFileSync(${JSON.stringify(from)}, 'utf8'))) {
       console.error('process: no room for node ' + id)
       process.exit(1)
     }
     require(${JSON.stringify(BUNDLE)})`,
  )
  const { lab, settings } = await labOf(3, {}, program)
  const startOnlyBelow = (id: number) => writeFile(from, `${id}`)
  await startOnlyBelow(3)
  await lab.startNetwork(settings)
  const executor = new Executor(lab)
  return { lab, settings, startOnlyBelow, run: (line: string) => executor.execute(line, 'rest') }
}

test('a network that fails to start leaves the previous one, running again with its faults, and says so', async () => {
  const { lab, settings, run } = await labWithRefusingNodes()
  for (const line of [
    'set fanout=1',
    'link 0>1 loss 5',
    'node 1 hoard on',
    'hold timers on',
    '0 msg 1 hello',
    '2 crash',
  ])
    expect(await run(line)).toMatchObject({ ok: true })
  expect(await run(`0 start 3 ${settings.basePort + 5}`)).toMatchObject({ ok: true })
  const before = lab.settings
  expect(await run('network 5 ring fanout=2')).toEqual({
    ok: false,
    error: expect.stringMatching(
      /^node [34] did not start: no room for node [34]\. The previous network runs again, without its messages$/,
    ),
  })
  expect(lab.settings).toEqual(before)
  await lab.sequencer.flushed()
  const { nodes, links, timersHeld, messages } = lab.sequencer.state
  expect(nodes.map(({ status, tcp, behaviours }) => ({ status, tcp, behaviours }))).toEqual([
    { status: 'running', tcp: [settings.basePort, settings.basePort + 5], behaviours: [] },
    { status: 'running', tcp: [settings.basePort + 1], behaviours: ['hoard'] },
    { status: 'absent', tcp: [], behaviours: [] },
  ])
  expect({ links, timersHeld, messages }).toMatchObject({
    links: { '0>1': { loss: 5 } },
    timersHeld: true,
    messages: [],
  })
  expect(await run(`2 start 3 ${settings.basePort + 2}`)).toMatchObject({ ok: true })
})

test('a network that would have grown for a node that does not start keeps its size', async () => {
  const { lab, settings, startOnlyBelow, run } = await labWithRefusingNodes()
  const before = lab.settings
  expect(await run(`4 start 5 ${settings.basePort + 4}`)).toEqual({
    ok: false,
    error: 'node 4 did not start: no room for node 4',
  })
  expect(lab.settings).toEqual(before)
  await lab.sequencer.flushed()
  expect(lab.sequencer.state.nodes.map(({ id }) => id)).toEqual([0, 1, 2])
  await startOnlyBelow(9)
  expect(await run(`4 start 5 ${settings.basePort + 4}`)).toMatchObject({ ok: true })
  expect(lab.settings.n).toBe(5)
})

test.each([
  ['in the middle of a line', (text: string) => text.slice(0, text.length / 2), 'SyntaxError: .+'],
  ['where it says nothing yet', () => '', 'it ended with exit code 0'],
])('a node whose program was cut short %s is refused in a sentence that says what to do', async (_, cut, why) => {
  const program = join(await runtimeOfTest(), 'process.cjs')
  await writeFile(program, cut(await readFile(BUNDLE, 'utf8')))
  const { lab, settings } = await labOf(1, {}, program)
  await expect(lab.startNetwork(settings)).rejects.toThrow(
    new RegExp(
      `^node 0 did not start: the build in dist is damaged \\(${why}\\); run npm run build to rebuild it, or install Rumorscope again$`,
    ),
  )
})

test('if the previous network does not start again either, the lab says so, and a smaller one can be started', async () => {
  const { startOnlyBelow, run } = await labWithRefusingNodes()
  await startOnlyBelow(1)
  expect(await run('network 4 line')).toEqual({
    ok: false,
    error: expect.stringMatching(
      /did not start: no room for node [123]\. The previous network did not start again either: node [12] did not start/,
    ),
  })
  expect(await run('network 1 line')).toEqual({ ok: true, output: [] })
})
