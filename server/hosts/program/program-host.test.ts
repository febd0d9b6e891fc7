import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Executor } from '../../../shared/lab/executor.ts'
import { eventForViewers, stateForViewers } from '../../../shared/lab/for-viewers.ts'
import type { Lab } from '../../../shared/lab/lab.ts'
import { disagreement } from '../../../shared/model/agreement.ts'
import { holds, type LabState } from '../../../shared/model/lab-state.ts'
import { messageName } from '../../../shared/model/names.ts'
import { all, inC, inPython, labOfPrograms } from '../../test-support/foreign.ts'
import { eventsOf, nextEvent, stateWhere } from '../../test-support/lab.ts'
import { isAlive } from '../../test-support/processes.ts'
import { bindUdp } from '../ports.ts'
import type { Program } from './program.ts'

const FORMATS: Readonly<Record<string, () => Program>> = {
  'the report’s text over UDP, in Python': () => inPython('text'),
  'packed structs over UDP, in C': inC,
  'gossip over TCP, in Python': () => inPython('over_tcp'),
}

const isEverywhere = (text: string, ids: readonly number[]) => (state: LabState) =>
  state.messages.some((message) => message.text === text && ids.every((id) => holds(message, id)))

async function pidOf(lab: Lab, id: number): Promise<number> {
  const { nodes } = await stateWhere(lab, (state) => typeof state.nodes[id]?.pid === 'number')
  const pid = nodes[id]?.pid
  if (!pid) throw new Error('a node without a process')
  return pid
}

const started = async (n: number, program: Program) => {
  const bench = await labOfPrograms(n, all(program))
  await bench.lab.startNetwork({})
  return bench
}

describe.each(Object.entries(FORMATS))('nodes that speak %s', (_, program) => {
  test('show how a message spreads, a crash, and what a restarted node catches up with', async () => {
    const { lab, settings } = await started(3, program())
    await lab.msg(0, '1', 'hello')
    const state = await stateWhere(lab, isEverywhere('hello', [0, 1, 2]))
    expect(state.messages).toMatchObject([
      {
        origin: settings.rootId,
        seq: 0,
        traffic: null,
        copies: {
          0: { from: null, inferred: true },
          1: { from: 0, hops: null, inferred: true },
          2: { inferred: true },
        },
      },
    ])
    expect(state.nodes.map(({ counters, program }) => ({ counters, program }))).toEqual(
      Array(3).fill({ counters: null, program: true }),
    )
    await stateWhere(lab, (now) => disagreement(now) === undefined)
    await lab.crash(1)
    expect((await stateWhere(lab, ({ nodes }) => nodes[1]?.end != null)).nodes[1]?.end).toEqual({ how: 'crashed' })
    await lab.start(1, settings.basePort + 1)
    await stateWhere(lab, isEverywhere('hello', [0, 1, 2]))
    expect(await lab.chatLog(1)).toBe('chatLog hello')
  })
})

/** A client such as proxy.py. */
async function clientOf(port: number) {
  const socket = connect({ port, host: '127.0.0.1' })
  onTestFinished(() => {
    socket.destroy()
  })
  await once(socket, 'connect')
  let said = ''
  socket.on('data', (chunk) => {
    said += chunk
  })
  return {
    socket,
    line: async () => {
      while (!said.includes('\n')) await once(socket, 'data')
      const [first = '', ...rest] = said.split('\n')
      said = rest.join('\n')
      return first
    },
  }
}

const endOf = async (lab: Lab, id: number) =>
  (await stateWhere(lab, ({ nodes }) => nodes[id]?.end != null)).nodes[id]?.end

const troubleOf = async (lab: Lab, id: number) =>
  (await nextEvent(lab, 'trouble', ({ node, why }) => node === id && why !== null)).why

describe('a client of the TCP port', () => {
  test('is relayed segment by segment, and its messages are named like all others', async () => {
    const { lab, settings } = await started(2, inPython('text'))
    const client = await clientOf(settings.basePort)
    client.socket.write('msg 7 one\nmsg 8 t')
    // The lab wants to look at the chat log now, and never does so within the line.
    await nextEvent(lab, 'given')
    client.socket.write('wo\nget chatLog\n')
    expect(await client.line()).toBe('chatLog one,two')
    const { messages, commands } = await stateWhere(lab, isEverywhere('two', [0, 1]))
    expect(messages.map(({ origin, seq, text }) => [origin, seq, text])).toEqual([
      [settings.rootId, 0, 'one'],
      [settings.rootId, 1, 'two'],
    ])
    expect(commands.map(({ by, line }) => [by, line])).toEqual([
      ['proxy', '0 msg 7 one'],
      ['proxy', '0 msg 8 two'],
      ['proxy', '0 get chatLog'],
    ])
  })

  test('finds a program that takes two lines of one segment as one: the second message is on no node', async () => {
    const { lab, settings } = await started(2, inPython('text', 'segment'))
    const client = await clientOf(settings.basePort)
    client.socket.write('msg 1 first\nmsg 2 second\n')
    const state = await stateWhere(lab, isEverywhere('first', [0, 1]))
    expect(state.messages.map(({ text, copies }) => [text, Object.keys(copies)])).toEqual([
      ['first', ['0', '1']],
      ['second', []],
    ])
    expect(disagreement(state)).toBe('node 0 was given “second” and does not show it in its chat log')
  })

  test('crashes the program, and that is a crash', async () => {
    const { lab, settings } = await started(2, inPython('text'))
    const client = await clientOf(settings.basePort + 1)
    client.socket.write('crashXXX\n')
    expect(await endOf(lab, 1)).toEqual({ how: 'crashed' })
  })

  test('that leaves within a line leaves the others in peace', async () => {
    const { lab, settings } = await started(1, inPython('text'))
    const client = await clientOf(settings.basePort)
    client.socket.end('msg 1 half')
    await lab.msg(0, '1', 'whole')
    await stateWhere(lab, isEverywhere('whole', [0]))
  })
})

describe('names', () => {
  test('equal texts go by order and are marked; one that nobody gave is not from the lab', async () => {
    const { lab, settings } = await started(2, inPython('text'))
    await lab.msg(0, '1', 'same')
    await stateWhere(lab, isEverywhere('same', [0, 1]))
    await lab.msg(1, '1', 'same')
    const { messages } = await stateWhere(lab, ({ nodes }) => nodes.every(({ messages }) => messages === 2))
    expect(messages.map(({ origin, seq }) => [origin, seq])).toEqual([
      [settings.rootId, 0],
      [settings.rootId + 1, 0],
    ])
    expect(messages[1]?.copies).toMatchObject({ 0: { ambiguous: true }, 1: { ambiguous: true } })
    const stranger = createSocket('udp4').unref()
    stranger.send(`rumor:1:{made up,${settings.rootId + 9},0}`, settings.rootId + 1, '127.0.0.1')
    const state = await stateWhere(lab, isEverywhere('made up', [0, 1]))
    expect(state.messages[2]).toMatchObject({ origin: 0, seq: 0, copies: { 0: { from: 0 }, 1: { from: 0 } } })
    expect(messageName({ origin: 0, seq: 0 }, state)).toBe('message not from the lab')
    stranger.close()
  })

  test('a message of a later life is another one, though the program counts from 0 again', async () => {
    const { lab, settings } = await started(1, inPython('text'))
    await lab.msg(0, '1', 'before')
    await stateWhere(lab, isEverywhere('before', [0]))
    await lab.crash(0)
    await lab.start(0, settings.basePort)
    await lab.msg(0, '1', 'after')
    const { messages } = await stateWhere(lab, isEverywhere('after', [0]))
    expect(messages.map(({ key }) => key)).toEqual([`${settings.rootId}.0`, `${settings.rootId}+1.0`])
  })
})

describe('a program that', () => {
  test('ends at once has failed, with its exit code, and its last lines for the person at the terminal', async () => {
    const { lab, told } = await labOfPrograms(1, all(inPython('text', 'quit')))
    await expect(lab.startNetwork({})).rejects.toThrow('node 0 did not start: it ended by itself, with exit code 3')
    expect(told).toEqual(['node 0: it ended by itself, with exit code 3', '  no such thing as a gossip'])
  })

  test('aborts at a crash has crashed, and the lab reports the signal and its last words', async () => {
    const { lab } = await started(1, inPython('text', 'abort'))
    await lab.crash(0)
    const end = { how: 'crashed', why: 'ended by SIGABRT', lastWords: 'free(): invalid pointer' }
    expect(await endOf(lab, 0)).toEqual(end)
    const [node] = stateForViewers(lab.sequencer.state).nodes
    expect([node?.end, node?.stderr]).toEqual([{ how: 'crashed', why: 'ended by SIGABRT' }, []])
  })

  test('goes on after crash, or after SIGTERM, is ended', async () => {
    const { lab, settings } = await started(1, inPython('text', 'stubborn'))
    await lab.crash(0)
    expect(await endOf(lab, 0)).toEqual({ how: 'crashed', why: 'it went on after crash, so the lab ended it' })
    await lab.start(0, settings.basePort)
    const pid = await pidOf(lab, 0)
    await lab.stopAll()
    expect(isAlive(pid)).toBe(false)
  })

  test('leaves a process behind has failed, and the process is ended', async () => {
    const { lab, settings } = await labOfPrograms(1, all(inPython('text', 'daemon')))
    // The process may listen before the one that started it has ended.
    await lab.startNetwork({}).catch(() => {})
    const why = 'it ended by itself, without an error, and left 1 process behind, which the lab has ended'
    expect(await endOf(lab, 0)).toMatchObject({ how: 'failed', why })
    // Its ports are free again.
    await bindUdp(settings.rootId)
  })

  test('floods its stderr changes nothing: the last lines are shown, and viewers see none', async () => {
    const { lab } = await started(1, inPython('text', 'noisy'))
    const output = await nextEvent(lab, 'output')
    expect(output.lines).toHaveLength(20)
    expect(output.lines.at(0)).toBe('a line without any meaning')
    expect(eventForViewers(output)).toEqual({ ...output, lines: [] })
    await lab.msg(0, '1', 'hello')
    await stateWhere(lab, isEverywhere('hello', [0]))
    expect(stateForViewers(lab.sequencer.state).nodes[0]?.stderr).toEqual([])
  })

  test.each([
    ['silent', 'it has not answered get chatLog within'],
    ['garbage', 'it answers get chatLog with ‘what?’, which is no chat log'],
    ['endless', 'its answer to get chatLog has no end of line, so proxy.py would wait for ever'],
  ])('is %s is reported in words, and everything else still works', async (bug, words) => {
    const { lab } = await started(1, inPython('text', bug))
    const asked = expect(lab.chatLog(0)).rejects.toThrow(words)
    expect(await troubleOf(lab, 0)).toContain(words)
    await asked
    await lab.msg(0, '1', 'hello')
    await lab.crash(0)
    expect(await endOf(lab, 0)).toEqual({ how: 'crashed' })
  })

  test('a signal has suspended is shown as suspended, and takes nothing until it goes on', async () => {
    const { lab } = await started(1, inPython('text'))
    const pid = await pidOf(lab, 0)
    process.kill(pid, 'SIGSTOP')
    await nextEvent(lab, 'answering', ({ answers }) => !answers)
    expect(await troubleOf(lab, 0)).toBe(
      'a signal has suspended it: 0 signal CONT lets it go on, and so does kill -CONT',
    )
    await expect(lab.msg(0, '1', 'hello')).rejects.toThrow('node 0: a signal has suspended it')
    process.kill(pid, 'SIGCONT')
    await nextEvent(lab, 'answering', ({ answers }) => answers)
    await lab.msg(0, '1', 'hello')
    await stateWhere(lab, isEverywhere('hello', [0]))
  })

  test('is killed from outside was killed, and one that is killed while it is stopped leaves the lab alive', async () => {
    const { lab } = await started(2, inPython('text'))
    const [first, second] = [await pidOf(lab, 0), await pidOf(lab, 1)]
    process.kill(first, 'SIGKILL')
    expect(await endOf(lab, 0)).toEqual({ how: 'killed', signal: 'SIGKILL' })
    process.kill(second, 'SIGSTOP')
    await lab.stopAll()
    expect(isAlive(second)).toBe(false)
  })
})

test('a command that a program cannot carry out is refused with the reason, before anything changes', async () => {
  const { lab } = await started(2, inPython('text'))
  const executor = new Executor(lab)
  const why = 'it runs your own program, and the lab reaches only its commands and its chat log'
  await lab.sequencer.flushed()
  const before = lab.sequencer.last
  for (const [line, what] of [
    ['link 0 1 cut', 'cut'],
    ['hold on', 'hold'],
    ['hold timers on', 'held timers'],
    ['delay 50', 'delay'],
    ['node 1 hoard on', 'hoard'],
    ['set fanout=1', 'the settings of the protocol'],
    ['key on', 'a key'],
  ] as const)
    expect(await executor.execute(line, 'rest')).toMatchObject({
      ok: false,
      error: expect.stringMatching(new RegExp(`^node [01] does not support ${what}: ${why}$`)),
    })
  await lab.crash(1)
  await lab.crash(0)
  expect(await executor.execute('link 0 1 cut', 'rest')).toMatchObject({ ok: false })
  expect(await executor.execute('network 3 ring', 'rest')).toMatchObject({
    ok: false,
    error: expect.stringContaining('gossips on a line: it cannot be in a ring'),
  })
  await lab.sequencer.flushed()
  expect(eventsOf(lab).filter(({ n, type }) => n > before && type !== 'command' && type !== 'ended')).toEqual([])
})

test('programs and our own nodes gossip with each other', async () => {
  const programs = { byId: new Map([0, 2].map((id) => [id, inPython('text')])) }
  const { lab, settings } = await labOfPrograms(4, programs)
  await lab.startNetwork({})
  await lab.msg(0, '1', 'from a program')
  await lab.msg(3, '1', 'from ours')
  const state = await stateWhere(
    lab,
    (now) => isEverywhere('from a program', [0, 1, 2, 3])(now) && isEverywhere('from ours', [0, 1, 2, 3])(now),
  )
  expect(state.messages.map(({ origin, seq }) => origin - settings.rootId + seq).sort()).toEqual([0, 3])
  expect(state.messages.find(({ text }) => text === 'from ours')?.copies).toMatchObject({
    1: { from: settings.rootId + 2 },
    2: { inferred: true },
  })
  expect(state.nodes.map(({ program }) => program === true)).toEqual([true, false, true, false])
  await nextEvent(lab, 'lost', ({ why }) => why === 'unreported')
  expect(
    eventsOf(lab).flatMap((event) => (event.type === 'lost' && event.why !== 'unreported' ? [event] : [])),
  ).toEqual([])
})

test('our own nodes send one another batches, and a program only single rumors', async () => {
  const { lab, settings } = await labOfPrograms(4, { byId: new Map([[3, inPython('text')]]) })
  await lab.startNetwork({ gossip: { ...settings.gossip, batchMs: 30 } })
  const texts = Array.from({ length: 40 }, (_, place) => `text${place}`)
  await Promise.all(texts.map((text) => lab.msg(0, '1', text)))
  await stateWhere(lab, (now) => texts.every((text) => isEverywhere(text, [0, 1, 2, 3])(now)))
  const batches = eventsOf(lab).flatMap((event) =>
    event.type === 'sent' && event.content.kind === 'rumor' && event.content.more ? [event.to - settings.rootId] : [],
  )
  expect(batches).toEqual(expect.arrayContaining([1, 2]))
  expect(batches).not.toContain(3)
})
