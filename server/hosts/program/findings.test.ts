/** Tests that findings name the bugs of programs, and accuse no program without one: real processes behind the gate. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { FindingKind } from '../../../shared/findings/finding.ts'
import { findingsIn } from '../../../shared/findings/findings.ts'
import { Executor } from '../../../shared/lab/executor.ts'
import type { Lab } from '../../../shared/lab/lab.ts'
import { disagreement } from '../../../shared/model/agreement.ts'
import { EMPTY_LAB, holds, type LabState } from '../../../shared/model/lab-state.ts'
import { all, GATE, inC, inPython, labOfPrograms } from '../../test-support/foreign.ts'
import { eventsOf, nextEvent, stateWhere } from '../../test-support/lab.ts'
import type { Program } from './program.ts'

/** The test programs gossip every 300 ms at the latest. */
const OPTIONS = { programPeriodMs: 500 }

async function started(n: number, program: Program, ...others: readonly (readonly [id: number, program: Program])[]) {
  const bench = await labOfPrograms(n, { ...all(program), byId: new Map(others) }, GATE)
  await bench.lab.startNetwork({})
  return bench
}

const isEverywhere = (text: string) => (state: LabState) =>
  state.messages.some((message) => message.text === text && state.nodes.every(({ id }) => holds(message, id)))
const isAt = (id: number, text: string) => (state: LabState) =>
  state.messages.some((message) => message.text === text && holds(message, id))

const findingsOf = (lab: Lab) => findingsIn(EMPTY_LAB, eventsOf(lab), lab.now(), OPTIONS)
const wordsOf = (lab: Lab, kind: FindingKind) =>
  findingsOf(lab)
    .filter((finding) => finding.kind === kind)
    .map(({ words }) => words)

const containing = (words: string | RegExp) =>
  typeof words === 'string' ? expect.stringContaining(words) : expect.stringMatching(words)

/** Resolves when a finding of this kind is there, in these words. */
const found = (lab: Lab, kind: FindingKind, words: string | RegExp) =>
  expect.poll(() => wordsOf(lab, kind)).toContainEqual(containing(words))

const run = async (lab: Lab, line: string) =>
  expect(await new Executor(lab).execute(line, 'rest')).toMatchObject({ ok: true })

const OVER_UDP: Readonly<Record<string, () => Program>> = {
  'the report’s text, from a fresh socket for each datagram, in Python': () => inPython('text'),
  'the report’s text, from its own socket, in Python': () => inPython('text', '', 'SOCKET=own'),
  'packed structs, in C': () => inC(),
  'packed structs, from a fresh socket for each datagram, in C': () => inC('', 'SOCKET=fresh'),
}
const FORMATS = { ...OVER_UDP, 'gossip over TCP, in Python': () => inPython('over_tcp') }

describe.each(Object.entries(FORMATS))('a program with %s', (name, program) => {
  test('spreads, crashes, restarts, agrees, and gives no findings', async () => {
    const { lab, settings } = await started(3, program())
    await lab.msg(0, '1', 'hello')
    await stateWhere(lab, isEverywhere('hello'))
    await lab.crash(1)
    await lab.start(1, settings.basePort + 1)
    await stateWhere(lab, isEverywhere('hello'))
    await lab.msg(1, '1', 'again')
    await stateWhere(lab, (state) => isEverywhere('again')(state) && disagreement(state) === undefined)
    const until = lab.now() + 5 * OPTIONS.programPeriodMs
    await expect.poll(() => lab.now()).toBeGreaterThan(until)
    expect(findingsOf(lab)).toEqual([])
    const isSeen = eventsOf(lab).some(({ type }) => type === 'received')
    expect(isSeen).toBe(name in OVER_UDP)
  })
})

test('lines that a program takes as one are found', async () => {
  const { lab, settings } = await started(2, inPython('text', 'segment'))
  const client = connect(settings.basePort, '127.0.0.1')
  onTestFinished(() => {
    client.destroy()
  })
  await once(client, 'connect')
  client.write('msg 1 first\nmsg 2 second\n')
  await found(lab, 'lines as one', 'Node 0 was given “second” within')
})

describe.each([
  ['in Python', inPython('text', 'forget')],
  ['in C', inC('forget', 'SOCKET=fresh')],
])('a program that forgets to forward, %s,', (_, program) => {
  test('is found by what its neighbour lacks', async () => {
    const { lab } = await started(3, program)
    await lab.msg(0, '1', 'hello')
    await stateWhere(lab, isAt(1, 'hello'))
    await found(lab, 'not spread', /^Node 1 has “hello”, and .* s later node 2 beside it still lacks it\.$/)
  })
})

/** Gives node 0 a message in each of two lives. */
async function restarted(program: Program) {
  const { lab, settings } = await started(2, program)
  await lab.msg(0, '1', 'before')
  await stateWhere(lab, isEverywhere('before'))
  await lab.crash(0)
  await lab.start(0, settings.basePort)
  await lab.msg(0, '1', 'after')
  await stateWhere(lab, isAt(0, 'after'))
  return lab
}

test('numbers that begin again after a restart are two texts under one number, where datagrams are understood', async () => {
  const lab = await restarted(inPython('text', 'renumber'))
  await found(lab, 'two texts', 'which “before” has already.')
})

test('and in another format a message that stays where it is, with that hint', async () => {
  const lab = await restarted(inC('renumber'))
  await found(lab, 'not spread', 'Node 0 has “after”')
  const hints = findingsOf(lab).map(({ lookAt }) => lookAt)
  expect(hints).toContainEqual(expect.stringContaining('from 0 again after a restart'))
})

test('a program that blocks on a slow reader no longer serves its TCP port', async () => {
  const { lab } = await started(2, inPython('over_tcp', 'block'))
  await lab.msg(0, '1', 'hello')
  const { nodes } = await stateWhere(lab, isEverywhere('hello'))
  process.kill(nodes[1]?.pid ?? 0, 'SIGSTOP')
  await found(lab, 'TCP gone', 'Node 0 does not serve its TCP port: it has not answered get chatLog')
  // The neighbour is stopped, and that is no fault of its program.
  expect(findingsOf(lab).filter(({ nodes: [id] }) => id === 1)).toEqual([])
})

test('a program that sends no status, one that repeats, and one that stores twice are found', async () => {
  const mute = await started(2, { ...inPython('text', 'mute') })
  await mute.lab.msg(0, '1', 'hello')
  await found(mute.lab, 'silent', /^No node has sent a status for .* s\.$/)
  await mute.lab.close()
  const repeat = await started(2, inPython('text', 'repeat'))
  await repeat.lab.msg(0, '1', 'hello')
  await found(repeat.lab, 'repeated', 'Node 0 sent “hello” to node 1 10 times')
  await repeat.lab.close()
  const twice = await started(2, inPython('text', 'twice'))
  await run(twice.lab, 'link 0>1 duplicate 100')
  await twice.lab.msg(0, '1', 'hello')
  await found(twice.lab, 'stored twice', 'Node 1 shows “hello” 2 times')
})

test('a program that does not acknowledge is found beside one that does', async () => {
  const { lab } = await started(2, inPython('text'), [1, inPython('text', 'mute')])
  await lab.msg(0, '1', 'hello')
  await found(lab, 'never acknowledged', 'Node 1 got “hello” from node 0 and sent no status back within')
  expect(wordsOf(lab, 'silent')).toEqual([expect.stringMatching(/^Node 1 has sent no status for .* s\.$/)])
  expect(findingsOf(lab).filter(({ nodes: [id] }) => id === 0)).toEqual([])
})

test('a program that stores the later of two messages first breaks their order', async () => {
  const { lab } = await started(2, inPython('text', 'gap'))
  await run(lab, 'hold 0>1')
  await lab.msg(0, '1', 'first')
  const first = await nextEvent(lab, 'held', ({ content }) => content.kind === 'rumor')
  await lab.msg(0, '2', 'second')
  const second = await nextEvent(
    lab,
    'held',
    ({ content, number }) => content.kind === 'rumor' && number > first.number,
  )
  await run(lab, `deliver ${second.number}`)
  await stateWhere(lab, isAt(1, 'second'))
  await run(lab, `deliver ${first.number}`)
  await found(lab, 'order broken', 'Node 1 stored “second” before “first”')
})

test('a crash that is an abort is found with the last words of the program', async () => {
  const { lab } = await started(1, inPython('text', 'abort'))
  await lab.crash(0)
  await nextEvent(lab, 'ended')
  await found(lab, 'ended', 'ended by SIGABRT. Its last words: “free(): invalid pointer”.')
})

test('programs and our own nodes that gossip with each other give no findings', async () => {
  const programs = { byId: new Map([0, 2].map((id) => [id, inPython('text')])) }
  const { lab } = await labOfPrograms(4, programs, GATE)
  await lab.startNetwork({})
  await lab.msg(0, '1', 'theirs')
  await lab.msg(3, '1', 'ours')
  await stateWhere(lab, (state) => isEverywhere('theirs')(state) && isEverywhere('ours')(state))
  const until = lab.now() + 5 * OPTIONS.programPeriodMs
  await expect.poll(() => lab.now()).toBeGreaterThan(until)
  expect(findingsOf(lab)).toEqual([])
})
