/** Tests programs of others in the lab: the built lab, processes in Python and C, and a real browser. */
import { copyFile, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { commandOf, inC, inPython } from '../server/test-support/foreign.ts'
import { startLab } from '../server/test-support/lab-process.ts'
import { freePorts } from '../server/test-support/ports.ts'
import { isAlive, ROOT, start as startProcess } from '../server/test-support/processes.ts'
import { runtimeOfTest } from '../server/test-support/runtime.ts'
import { disagreement } from '../shared/model/agreement.ts'
import type { LabEvent } from '../shared/model/event.ts'
import { fold } from '../shared/model/fold.ts'
import { holds, type LabState } from '../shared/model/lab-state.ts'
import { readRecording } from '../shared/wire/recording-reader.ts'
import { LabPage } from './support/lab-page.ts'
import { CourseProxy } from './support/proxy.ts'
import { sharedBrowser } from './support/shared-browser.ts'
import { expectNoViolation } from './support/violations.ts'

let browser: Browser
beforeAll(async () => {
  browser = await sharedBrowser()
})
afterAll(() => browser.close())

async function start(nodes: number, ...programs: string[]) {
  const lab = await startLab({ nodes, args: programs.flatMap((program) => ['--program', program]) })
  onTestFinished(() => lab.stop())
  return lab
}

const isEverywhere = (text: string) => (state: LabState) =>
  state.messages.some((message) => message.text === text && state.nodes.every(({ id }) => holds(message, id)))

test('three nodes of a program in C: a browser sees the spread, a crash, and what is only inferred', async () => {
  const lab = await start(3, commandOf(inC()))
  const page = await LabPage.open(browser, lab.url)
  onTestFinished(() => page.close())
  await page.say(0, 'hello')
  await lab.waitFor(isEverywhere('hello'))
  const spread = page.page.getByRole('region', { name: 'Spread of messages' })
  await expect.poll(() => spread.getByRole('row').nth(1).textContent()).toMatch(/hello.*inferred: in its chat log/s)
  await page.page.getByText('times inferred').waitFor()
  const panel = await page.select(1)
  await panel.getByText('The lab infers its messages from its chat log').waitFor()
  expect(await panel.getByText('Misbehaviour').count()).toBe(0)
  await page.press(1, 'Crash')
  await page.seesNode(1, /crashed/)
  await page.press(1, 'Restart')
  await lab.waitFor((state) => isEverywhere('hello')(state) && disagreement(state) === undefined)
  await page.page.getByText('programs do not say why they send').waitFor()
})

test('on an unmodified program, datagrams are held, delivered, dropped, cut and lost from the page', async () => {
  const lab = await start(2, commandOf(inPython('text')))
  const page = await LabPage.open(browser, lab.url)
  onTestFinished(() => page.close())
  await page.page.getByRole('button', { name: 'Hold', exact: true }).click()
  await lab.waitFor(({ links }) => links['*']?.hold === true)
  await page.say(0, 'hello')
  const isHello = ({ content, from }: LabState['held'][number]) => content.kind === 'rumor' && from === lab.rootId
  const { held } = await lab.waitFor((state) => Object.values(state.held).some(isHello))
  const number = Object.values(held).find(isHello)?.number
  await page.page.getByRole('button', { name: `Held #${number}: rumor “hello”, node 0 to node 1` }).press('Enter')
  const item = page.page.getByRole('listitem', { name: `Held #${number}` })
  // The bytes that the program sent are beside the fields that the lab reads from them.
  await item.getByRole('row', { name: '72 75 6d 6f 72 3a' }).waitFor()
  await item.getByText('message 0.0', { exact: true }).waitFor()
  await item.getByRole('button', { name: `Duplicate #${number}` }).click()
  await lab.waitFor((state) => Object.values(state.held).some(({ copyOf }) => copyOf === number))
  await item.getByRole('button', { name: /^Drop/ }).click()
  await lab.waitFor((state) => state.held[number ?? 0] === undefined)
  expect(isEverywhere('hello')(await lab.state())).toBe(false)
  await lab.command('deliver 0>1')
  await page.page.getByRole('button', { name: 'Hold', exact: true }).click()
  await lab.waitFor(isEverywhere('hello'))
  await page.type('link 0>1 cut on')
  await page.say(0, 'cut')
  await page.say(1, 'through')
  await lab.waitFor(isEverywhere('through'))
  expect(isEverywhere('cut')(await lab.state())).toBe(false)
  await page.type('link 0>1 cut off loss 20')
  await lab.waitFor(isEverywhere('cut'))
})

test('where the system refuses a namespace, the page says what it sees, why, and the one command that would help', async () => {
  const refusal = 'unshare: unshare failed: Operation not permitted'
  const folder = await mkdtemp(join(tmpdir(), 'rs-refusing-'))
  await writeFile(join(folder, 'unshare'), `#!/bin/sh\necho '${refusal}' >&2\nexit 1\n`, { mode: 0o755 })
  const lab = await startLab({
    nodes: 2,
    args: ['--program', commandOf(inPython('text'))],
    env: { PATH: `${folder}:${process.env.PATH}` },
  })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url)
  onTestFinished(() => page.close())
  const notice = page.page.getByRole('status').filter({ hasText: 'no datagrams' })
  await notice.getByText('The lab sees commands and chat logs, and no datagrams.').waitFor()
  expect(await notice.textContent()).toContain(`Reason: ${refusal}.`)
  expect(await notice.textContent()).toMatch(/To see them: (sudo sysctl|start the container with docker run) .*, then/)
  expect(lab.told()).toContain(`The reason: ${refusal}`)
  await page.say(0, 'hello')
  await lab.waitFor(isEverywhere('hello'))
  expect(await lab.command('link 0>1 cut on')).toMatchObject({ ok: false, error: expect.stringContaining(refusal) })
  expect(await page.page.getByRole('button', { name: 'Hold', exact: true }).isDisabled()).toBe(true)
  // The key that cannot work says so, too; a refusal that has nothing to do with the gate does not name it.
  await page.page.keyboard.press('Escape')
  await page.page.keyboard.press('Alt+h')
  await page.page.getByText(`need a gate, and ${refusal}`).first().waitFor()
  expect(await lab.command('set fanout=1')).toMatchObject({ ok: false, error: expect.not.stringContaining('gate') })
  await expectNoViolation(page)
})

test('a bug of a program is a finding: a click goes to its instant, another copies the scenario that leads there', async () => {
  const lab = await start(3, commandOf(inPython('text', 'segment')))
  const page = await LabPage.open(browser, lab.url)
  onTestFinished(() => page.close())
  const findings = page.page.getByRole('region', { name: 'Findings' })
  expect(await findings.count()).toBe(0)
  await page.say(1, 'fine')
  await lab.waitFor(isEverywhere('fine'))
  await page.type('1 get chatLog')
  const client = connect(lab.basePort, '127.0.0.1')
  onTestFinished(() => {
    client.destroy()
  })
  client.write('msg 1 first\nmsg 2 second\n')
  await findings.getByRole('button', { name: 'Node 0 was given “second” within' }).click()
  await page.page.getByRole('button', { name: 'Go live' }).waitFor()
  await page.page.getByRole('region', { name: 'Node 0', exact: true }).waitFor()
  await page.page.keyboard.press('Escape')
  await page.page.getByRole('button', { name: 'Projector mode' }).click()
  await findings.waitFor({ state: 'hidden' })
  await page.page.getByRole('button', { name: /^\d findings?$/ }).click()
  await page.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await findings.getByRole('button', { name: 'Copy scenario' }).click()
  await findings.getByRole('button', { name: 'Scenario copied' }).waitFor()
  const text = await page.page.evaluate(() => navigator.clipboard.readText())
  const lines = text.split('\n').filter((line) => !/^(#|sleep|$)/.test(line))
  expect(lines).toEqual(['network 3 line', 'delay 0', '1 msg 1 fine', '0 msg 1 first', '0 msg 2 second'])
  expect(text).toContain('# Left out: 1 look, everything after the finding.')
  await expectNoViolation(page)
})

test('programs on the even nodes and ours on the odd ones gossip with each other', async () => {
  const lab = await start(4, `0,2=${commandOf(inPython('text'))}`)
  for (const id of [0, 1, 2, 3]) await lab.command(`${id} msg 1 from${id}`)
  const state = await lab.waitFor((now) => [0, 1, 2, 3].every((id) => isEverywhere(`from${id}`)(now)))
  expect(state.messages).toHaveLength(4)
  expect(disagreement(state)).toBeUndefined()
})

test('a lab that is killed leaves no program behind', async () => {
  const lab = await start(2, commandOf(inPython('text', 'stubborn')))
  const { nodes } = await lab.waitFor((state) => state.nodes.every(({ pid }) => pid !== null))
  const pids = nodes.map(({ pid }) => pid)
  expect(pids.map(isAlive)).toEqual([true, true])
  lab.child.kill('SIGKILL')
  await expect.poll(() => pids.map(isAlive)).toEqual([false, false])
})

const EIGHT = ['Lexi', 'Sophie', 'bye', 'farewell', 'heyhey', 'hello', 'my528', 'sw2298'].sort()
const NINE = [...EIGHT, 'network'].sort()
const sorted = (log: string) => log.split(',').sort()

test('the course’s proxy walks through a program that the lab runs in the place of bin/process', async () => {
  const lab = await start(4, commandOf(inPython('text')))
  const env = { RUMORSCOPE_RUNTIME: lab.runtime, RUMORSCOPE_ROOT_ID: `${lab.rootId}` }
  const proxy = new CourseProxy({ directory: join(import.meta.dirname, '../bin'), env })
  onTestFinished(() => proxy.cleanUp())
  for (const id of [0, 1, 2, 3]) await proxy.type(`${id} start 4 ${lab.basePort + id}`)
  for (const line of ['0 msg 1 Lexi', '0 msg 2 my528', '1 msg 1 Sophie', '1 msg 2 sw2298']) await proxy.type(line)
  for (const line of ['2 msg 1 hello', '2 msg 2 heyhey', '3 msg 1 bye', '3 msg 2 farewell']) await proxy.type(line)
  for (const id of [3, 2, 1, 0]) expect(sorted(await proxy.chatLog(id))).toEqual(EIGHT)
  await proxy.type('1 crash')
  await lab.waitFor(({ nodes }) => nodes[1]?.status === 'crashed')
  await proxy.type('0 msg 3 network')
  expect(sorted(await proxy.chatLog(0))).toEqual(NINE)
  for (const id of [2, 3]) expect(sorted(await proxy.chatLog(id))).toEqual(EIGHT)
  await proxy.type(`1 start 4 ${lab.basePort + 1}`)
  const state = await lab.waitFor(isEverywhere('network'))
  expect(state.messages.map(({ text }) => text).sort()).toEqual(NINE)
  expect(state.nodes.map(({ program, generation }) => [program, generation])).toEqual(
    [0, 1, 0, 0].map((generation) => [true, generation]),
  )
  expect(state.commands.map(({ by, line }) => `${by}: ${line}`)).toContain('proxy: 0 msg 3 network')
  await proxy.type('exit')
  await lab.waitFor(({ nodes }) => nodes.every(({ status }) => status === 'stopped'))
})

/** Runs the built `rumorscope` in a folder of a student. */
async function inFolder(...args: readonly string[]) {
  const runtime = await runtimeOfTest()
  const folder = await mkdtemp(join(tmpdir(), 'rs-student-'))
  await copyFile(join(ROOT, 'server/test-support/foreign/text.py'), join(folder, 'process'))
  const { udp } = await freePorts(8)
  const env = { ...process.env, RUMORSCOPE_RUNTIME: runtime, FOREIGN_ROOT: `${udp}`, XDG_STATE_HOME: runtime }
  const words = args.map((word) => word.replace('ROOT', `${udp}`))
  return { folder, ended: startProcess(join(ROOT, 'bin/rumorscope'), words, { cwd: folder, env }).ended }
}

/** Pairs of neighbours, in both directions, between which datagrams have arrived. */
function arrowsIn(events: readonly LabEvent[], rootId: number): string[] {
  const arrived = new Set(events.flatMap((event) => (event.type === 'received' ? (event.datagram ?? []) : [])))
  const sent = events.flatMap((event) => (event.type === 'sent' && arrived.has(event.n) ? [event] : []))
  return [...new Set(sent.map(({ node, to }) => `${node}>${to - rootId}`))].sort()
}

test.each([
  ['on a program', './process'],
  ['on a mixed network', '0,2=./process'],
])('a file of the course runs %s, from the folder of the student, and is recorded', async (_, program) => {
  const file = join(ROOT, 'examples/walkthrough.input')
  const { folder, ended } = await inFolder(
    ...['run', file, '--program', program],
    ...['--root-id', 'ROOT', '--record', 'run.jsonl'],
  )
  const { code, stdout, stderr } = await ended
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const logs = stdout.trimEnd().split('\n').map(sorted)
  expect(logs).toEqual([EIGHT, EIGHT, EIGHT, EIGHT, NINE, EIGHT, EIGHT, NINE])
  const recording = readRecording(await readFile(join(folder, 'run.jsonl'), 'utf8'))
  if (!recording.ok) throw new Error(recording.error)
  const { base, events, note } = recording.recording
  const { settings } = fold(base, events)
  expect(note).toBeNull()
  expect(
    fold(base, events)
      .messages.map(({ text }) => text)
      .sort(),
  ).toEqual(NINE)
  expect(arrowsIn(events, settings?.rootId ?? 0)).toEqual(['0>1', '1>0', '1>2', '2>1', '2>3', '3>2'])
  // The folder of the student is in no event.
  expect(JSON.stringify(events)).not.toContain(folder)
})

test.each([
  [['--program', './nothing'], 'there is no such file'],
  [['--program', '9=./process'], 'names node 9, and ids are 0 to 3'],
  [['--program', './process', '--topology', 'ring'], 'it cannot be in a ring'],
  [['--program', './process', '--wire', './none.mjs'], '--wire ./none.mjs: there is no such file'],
  [['--program', './process', '--wire', './process'], '--wire ./process cannot be loaded as a JavaScript module'],
  [['--wire', './format.mjs'], '--wire decodes the datagrams of your program: name it with --program'],
])('%j is refused in one sentence, before anything starts', async (args, words) => {
  const { code, stdout, stderr } = await (await inFolder(...args)).ended
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr.trimEnd().split('\n')).toEqual([expect.stringContaining(words)])
})
