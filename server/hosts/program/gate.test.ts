import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { findingsIn } from '../../../shared/findings/findings.ts'
import { originOf } from '../../../shared/gossip/origin.ts'
import { Executor } from '../../../shared/lab/executor.ts'
import type { Lab } from '../../../shared/lab/lab.ts'
import { EMPTY_LAB, holds, type LabState } from '../../../shared/model/lab-state.ts'
import { writeRecording } from '../../../shared/wire/recording.ts'
import { readRecording } from '../../../shared/wire/recording-reader.ts'
import { loadDecoder } from '../../cli/wire-option.ts'
import { all, GATE, gatePids, inC, inPython, labOfPrograms } from '../../test-support/foreign.ts'
import { eventsOf, nextEvent, stateWhere } from '../../test-support/lab.ts'
import { isAlive } from '../../test-support/processes.ts'
import { GateProcess, whyNoGate } from './gate-process.ts'
import type { Program } from './program.ts'
import { layerWords, remedyOf } from './program-words.ts'
import type { WireDecoder } from './wire-format.ts'

const isEverywhere = (text: string, ids: readonly number[]) => (state: LabState) =>
  state.messages.some((message) => message.text === text && ids.every((id) => holds(message, id)))

async function gated(n: number, program: Program, wire?: WireDecoder) {
  const bench = await labOfPrograms(n, all(program), GATE, wire)
  await bench.lab.startNetwork({})
  return bench
}

const pathOf = (name: string): string => execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim()

/** The file of Python: what is on the PATH may be a script that looks for it. */
function python(): string {
  return execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim()
}

const gateFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('rumorscope-gate-'))

test.each([
  ['understood', inPython('text')],
  ['in another format, with the text in them', inC()],
])('where datagrams are %s, a copy came from the sender of the first one that brought it', async (_, program) => {
  const { lab, settings } = await gated(3, program)
  await lab.msg(0, '1', 'hello')
  const { messages } = await stateWhere(lab, isEverywhere('hello', [0, 1, 2]))
  expect(messages[0]?.copies).toMatchObject({
    0: { from: null, hops: 0 },
    1: { from: settings.rootId, hops: 1, inferred: true },
    2: { from: settings.rootId + 1, hops: 2, inferred: true },
  })
})

test('a program from a fresh socket for each datagram is seen to send, and what it sends to arrive', async () => {
  const { lab, settings } = await gated(3, inPython('text'))
  const { rootId } = settings
  await lab.msg(0, '1', 'hello')
  await stateWhere(lab, isEverywhere('hello', [0, 1, 2]))
  const sent = await nextEvent(lab, 'sent', ({ node, content }) => node === 0 && content.kind === 'rumor')
  expect(sent).toMatchObject({
    to: rootId + 1,
    why: 'program',
    content: { kind: 'rumor', origin: rootId, seq: 0 },
    bytes: `rumor:${rootId}:{hello,${rootId},0}`.length,
    inferred: true,
  })
  const received = await nextEvent(lab, 'received', ({ datagram }) => datagram === sent.n)
  expect(received).toMatchObject({ node: 1, from: rootId, inferred: true })
  expect(received.at).toBeGreaterThanOrEqual(sent.at)
})

test('a datagram in another format is shown with its first bytes, and with the message that it contains', async () => {
  const { lab, settings } = await gated(2, inC())
  await lab.msg(0, '1', 'hello')
  await stateWhere(lab, isEverywhere('hello', [0, 1]))
  const sent = await nextEvent(lab, 'sent', ({ to }) => to === settings.rootId + 1)
  expect(sent).toMatchObject({ node: 0, bytes: 203, content: { kind: 'undecoded', carries: [[settings.rootId, 0]] } })
  const head = Buffer.from(sent.head ?? '', 'base64')
  expect(head).toHaveLength(203)
  expect(head.toString('latin1')).toContain('hello')
})

const decoders = join(import.meta.dirname, '../../../examples/decoders')

test('a decoder teaches the lab a packed struct: its rumors are those of the lab, whatever their numbers', async () => {
  const { lab, settings } = await gated(2, inC(), await loadDecoder('packed.mjs', decoders))
  await lab.msg(0, '1', 'before')
  await stateWhere(lab, isEverywhere('before', [0, 1]))
  await lab.crash(0)
  await lab.start(0, settings.basePort)
  await stateWhere(lab, ({ nodes }) => nodes[0]?.status === 'running')
  await lab.msg(0, '1', 'after')
  const origin = originOf(settings.rootId, 1)
  await nextEvent(
    lab,
    'sent',
    ({ node, content }) => node === 0 && content.kind === 'rumor' && content.origin === origin,
  )
})

test('the lab reports a failing decoder at the terminal and on the page, once, and its datagrams stay undecoded', async () => {
  const { lab, told } = await gated(2, inC(), () => {
    throw new Error('no such field')
  })
  await lab.msg(0, '1', 'hello')
  const { why } = await nextEvent(lab, 'trouble', ({ why }) => why !== null)
  expect(why).toMatch(/^the decoder of --wire throws Error: no such field/)
  await nextEvent(lab, 'sent', ({ content }) => content.kind === 'undecoded')
  await lab.msg(1, '1', 'bye')
  await stateWhere(lab, isEverywhere('bye', [0, 1]))
  expect(told).toEqual([why])
})

test('a recording in which a program sends numbers below 0 reads back whole', async () => {
  const { lab } = await gated(2, inC(), () => ({ kind: 'status', pairs: [[0, -1]] }))
  await lab.msg(0, '1', 'hello')
  await nextEvent(lab, 'received', ({ datagram }) => datagram !== null)
  const { base } = lab.sequencer
  const events = eventsOf(lab)
  const read = readRecording(writeRecording({ lab: 'lab', beganAt: 0 }, base, events))
  expect(read).toMatchObject({ ok: true, recording: { note: null, events: { length: events.length } } })
  expect(events.some((event) => event.type === 'sent' && event.content.kind === 'malformed')).toBe(true)
})

/** Runs commands, which must succeed. */
async function run(lab: Lab, ...lines: readonly string[]) {
  const executor = new Executor(lab)
  for (const line of lines) expect(await executor.execute(line, 'rest')).toMatchObject({ ok: true })
}

test('a held datagram waits at the gate until a person delivers, duplicates or drops it', async () => {
  const { lab, settings } = await gated(2, inPython('text'))
  await run(lab, 'hold 0>1', '0 msg 1 hello')
  const rumor = await nextEvent(lab, 'held', ({ content }) => content.kind === 'rumor')
  expect(rumor).toMatchObject({ node: 0, to: settings.rootId + 1 })
  const { messages } = lab.sequencer.state
  expect(messages.some((message) => holds(message, 1))).toBe(false)
  await run(lab, `duplicate ${rumor.number}`)
  const copy = await nextEvent(lab, 'held', ({ copyOf }) => copyOf === rumor.number)
  await run(lab, `drop ${rumor.number}`, `deliver ${copy.number}`)
  expect((await nextEvent(lab, 'sent', ({ held }) => held === rumor.number)).fate).toBe('dropped')
  await stateWhere(lab, isEverywhere('hello', [0, 1]))
  const delivered = await nextEvent(lab, 'sent', ({ held }) => held === copy.number)
  await nextEvent(lab, 'received', ({ datagram }) => datagram === delivered.n)
})

test('a link that is cut one way carries datagrams the other way', async () => {
  const { lab, settings } = await gated(2, inPython('text'))
  await run(lab, 'link 0>1 cut on', '0 msg 1 lost', '1 msg 1 found')
  await stateWhere(lab, isEverywhere('found', [0, 1]))
  const cut = await nextEvent(lab, 'sent', ({ fate }) => fate === 'cut')
  expect(cut).toMatchObject({ node: 0, to: settings.rootId + 1 })
  expect(isEverywhere('lost', [0, 1])(lab.sequencer.state)).toBe(false)
  await run(lab, 'heal')
  await stateWhere(lab, isEverywhere('lost', [0, 1]))
})

test('a delay, duplicates and loss work on the links of a program', async () => {
  const { lab } = await gated(2, inPython('text'))
  await run(lab, 'link 0>1 delay 60 duplicate 100', '0 msg 1 hello')
  await stateWhere(lab, isEverywhere('hello', [0, 1]))
  const copy = await nextEvent(lab, 'sent', ({ copy, content }) => copy === true && content.kind === 'rumor')
  const received = await nextEvent(lab, 'received', ({ datagram }) => datagram === copy.n)
  expect(copy.delayMs).toBe(60)
  expect(received.at - copy.at).toBeGreaterThanOrEqual(60)
  await run(lab, 'link 0>1 loss 100')
  await nextEvent(lab, 'sent', ({ fate }) => fate === 'loss')
})

/** The same program over IPv6. */
const over6 = ({ argv, folder }: Program): Program => ({ argv: ['env', 'FAMILY=6', ...argv], folder })

test('over IPv6 datagrams are seen, held, cut and delayed as over IPv4', async () => {
  const { lab, settings } = await gated(2, over6(inPython('text')))
  await run(lab, 'hold 0>1', '0 msg 1 hello')
  const held = await nextEvent(lab, 'held', ({ content }) => content.kind === 'rumor')
  expect(held).toMatchObject({ node: 0, to: settings.rootId + 1 })
  await run(lab, 'hold 0>1 off', 'link 0>1 delay 60')
  await stateWhere(lab, isEverywhere('hello', [0, 1]))
  await run(lab, 'link 0>1 cut on', '0 msg 1 cut')
  await nextEvent(lab, 'sent', ({ fate }) => fate === 'cut')
  expect(isEverywhere('cut', [0, 1])(lab.sequencer.state)).toBe(false)
})

test.each([
  ['IPv4', inPython('text', 'unbound')],
  ['IPv6', over6(inPython('text', 'unbound'))],
])('a datagram over %s to a port on which no program listens is rejected by the system', async (_, program) => {
  const { lab } = await gated(2, program)
  expect(await nextEvent(lab, 'rejected')).toMatchObject({ why: 'no program listened on the port', inferred: true })
})

test('the gate ends with its network, and leaves nothing', async () => {
  vi.stubEnv('TMPDIR', mkdtempSync(join(tmpdir(), 'rs-gates-')))
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const { lab } = await gated(2, inPython('text'))
  const gates = gatePids()
  const folders = gateFolders()
  expect([gates.length, folders.length]).toEqual([2, 1])
  await lab.close()
  await expect.poll(gatePids).toEqual([])
  await expect.poll(gateFolders).toEqual([])
})

/** A folder of commands, each a script of one line. */
function commands(scripts: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'rs-path-'))
  for (const [name, script] of Object.entries(scripts))
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return folder
}

const REAL_UNSHARE = `exec ${pathOf('unshare')} "$@"`
const NONE_LEFT = 'unshare: unshare failed: No space left on device'
const REFUSED = 'unshare: unshare failed: Operation not permitted'

test.each<[string, Record<string, string>, string, RegExp]>([
  ['without unshare', {}, 'the command unshare is missing', /apt-get install util-linux$/],
  [
    'without python3',
    { unshare: REAL_UNSHARE },
    'unshare: failed to execute python3: No such file or directory',
    /apt-get install python3$/,
  ],
  [
    'when nft refuses',
    { unshare: REAL_UNSHARE, python3: `exec ${python()} "$@"`, nft: 'echo no rights >&2; exit 1' },
    'nft is refused: no rights',
    /^sudo sysctl/,
  ],
  ['when no namespaces are left', { unshare: `echo '${NONE_LEFT}' >&2; exit 1` }, NONE_LEFT, /user.max_user_names/],
  ['when namespaces are refused', { unshare: `echo '${REFUSED}' >&2; exit 1` }, REFUSED, /^sudo sysctl/],
])('%s there is no gate, and the lab says why and what would help', (_, scripts, why, help) => {
  expect(whyNoGate(GATE.file, { PATH: commands(scripts) })).toBe(why)
  expect(remedyOf(why, false)).toMatch(help)
  expect(layerWords(why)).toContain(`  To see them: ${remedyOf(why)}`)
})

test('where the gate takes too long to start there is none, and no advice about rights', () => {
  const slow = { PATH: `${commands({ unshare: 'exec sleep 20' })}:${process.env.PATH}` }
  const why = whyNoGate(GATE.file, slow, 300)
  expect(why).toMatch(/^the gate did not start within .*: the machine is too busy$/)
  expect(remedyOf(why ?? '', false)).toBe('end some other programs')
})

test('where all is allowed there is a gate', () => {
  expect(whyNoGate(GATE.file, process.env)).toBeUndefined()
})

test('without a gate a fault of a link is refused with the reason, and changes nothing', async () => {
  const { lab } = await labOfPrograms(2, all(inPython('text')), { whyNot: 'the command nft is missing' })
  await lab.startNetwork({})
  expect(await new Executor(lab).execute('link 0>1 cut on', 'rest')).toMatchObject({
    ok: false,
    error: expect.stringContaining('need a gate, and the command nft is missing'),
  })
  expect(lab.sequencer.state.links).toEqual({})
})

test('signals reach a program behind the gate: stopped is shown, continued goes on, killed is an end', async () => {
  const { lab } = await gated(2, inPython('text'))
  const { nodes } = await stateWhere(lab, (state) => typeof state.nodes[1]?.pid === 'number')
  const pid = nodes[1]?.pid ?? 0
  process.kill(pid, 'SIGSTOP')
  await stateWhere(lab, (state) => state.nodes[1]?.trouble?.startsWith('a signal has suspended it') === true)
  process.kill(pid, 'SIGCONT')
  await stateWhere(lab, (state) => state.nodes[1]?.trouble === undefined)
  process.kill(pid, 'SIGKILL')
  const { end } = (await stateWhere(lab, (state) => state.nodes[1]?.end != null)).nodes[1] ?? {}
  expect(end).toEqual({ how: 'killed', signal: 'SIGKILL' })
})

test('the nodes of a gate that is killed end with it, in words that accuse no program, and nothing is left', async () => {
  vi.stubEnv('TMPDIR', mkdtempSync(join(tmpdir(), 'rs-gates-')))
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const { lab, told } = await labOfPrograms(2, { byId: new Map([[0, inPython('text')]]) }, GATE)
  await lab.startNetwork({})
  const { nodes } = await stateWhere(lab, (state) => state.nodes.every(({ pid }) => pid !== null))
  const gates = gatePids()
  for (const pid of gates) process.kill(pid, 'SIGKILL')
  const why = 'the gate of the lab has ended (SIGKILL), and with it the network of the programs'
  const { nodes: ended } = await stateWhere(lab, (state) => state.nodes.every(({ end }) => end !== null))
  expect(ended.map(({ end }) => end)).toEqual(Array(2).fill({ how: 'failed', why, ofLab: true }))
  expect(told).toEqual([`${why}: restart starts all nodes again`])
  await expect.poll(() => nodes.map(({ pid }) => isAlive(pid))).toEqual([false, false])
  expect(findingsIn(EMPTY_LAB, eventsOf(lab), lab.now())).toEqual([])
  await expect.poll(gateFolders).toEqual([])
  await lab.startNetwork({})
  await lab.msg(0, '1', 'again')
  await stateWhere(lab, isEverywhere('again', [0, 1]))
})

test('a gate that is killed in the middle of a line ends with its reason, and that line counts as nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rs-half-'))
  const file = join(folder, 'gate.py')
  const seen = '["seen",1,2.5,40000,40001,"aGk=",3.5,false]'
  writeFileSync(file, `print('["ready",""]\\n${seen}\\n["seen",2,2.5,400', end='', flush=True)\nraise SystemExit(1)\n`)
  const ids: number[] = []
  const ended = new Promise<string>((onEnd) => {
    const quiet = { onSent() {}, onUnseen() {} }
    const options = { file, firstPort: 40_000, own: [], env: process.env }
    new GateProcess(options, { ...quiet, onSeen: ({ id }) => ids.push(id), onEnd })
  })
  expect(await ended).toBe('it ended by itself')
  expect(ids).toEqual([1])
})
