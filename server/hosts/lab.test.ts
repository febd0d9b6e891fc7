import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { DEFAULTS } from '../../shared/gossip/settings.ts'
import { Executor, type Outcome } from '../../shared/lab/executor.ts'
import { Lab } from '../../shared/lab/lab.ts'
import type { NodeReport } from '../../shared/model/event.ts'
import { fold } from '../../shared/model/fold.ts'
import { EMPTY_LAB } from '../../shared/model/lab-state.ts'
import { labMachine } from '../platform/lab-machine.ts'
import { eventsOf, labOf, nextEvent, stateWhere, type TestLab } from '../test-support/lab.ts'
import { connectTo, peerOn } from '../test-support/peers.ts'
import { BUNDLE, isAlive } from '../test-support/processes.ts'
import { runtimeOfTest } from '../test-support/runtime.ts'
import { processHost } from './process-host.ts'

/** A running network and its command line. */
async function networkOf(n: number, changes: Parameters<typeof labOf>[1] = {}) {
  const { lab, settings, runtime }: TestLab = await labOf(n, changes)
  await lab.startNetwork(settings)
  const executor = new Executor(lab)
  const run = (line: string): Promise<Outcome> => executor.execute(line, 'rest')
  return { lab, settings, runtime, run }
}

const pidOf = async (lab: Lab, id: number) =>
  (await stateWhere(lab, ({ nodes }) => nodes[id]?.status === 'running')).nodes[id]?.pid ?? 0

/** Resolves when a node has this number of messages. */
const holds = (lab: Lab, id: number, count: number) => stateWhere(lab, ({ nodes }) => nodes[id]?.messages === count)

describe('a network', () => {
  test('starts every node as a process of its own, and a message reaches all', async () => {
    const { lab, run } = await networkOf(3)
    expect(await run('0 msg 1 hello')).toEqual({ ok: true, output: [] })
    for (const id of [0, 1, 2]) {
      await holds(lab, id, 1)
      expect(await run(`${id} get chatLog`)).toEqual({ ok: true, output: ['hello'] })
    }
    const pids = await Promise.all([0, 1, 2].map((id) => pidOf(lab, id)))
    expect(new Set(pids).size).toBe(3)
    expect(pids.every(isAlive)).toBe(true)
  })

  test('the state is the fold of all events', async () => {
    const { lab, run } = await networkOf(2)
    await run('0 msg 1 hello')
    await holds(lab, 1, 1)
    await run('1 crash')
    await lab.sequencer.flushed()
    expect(fold(EMPTY_LAB, eventsOf(lab))).toEqual(lab.sequencer.state)
  })

  test('replaces the previous one, whose messages and generations are gone', async () => {
    const { lab, run } = await networkOf(2)
    const before = await Promise.all([0, 1].map((id) => pidOf(lab, id)))
    await run('0 msg 1 old')
    await run('0 crash')
    expect((await run('network 3 ring fanout=1')).ok).toBe(true)
    expect(before.some(isAlive)).toBe(false)
    expect(lab.settings).toMatchObject({ n: 3, topology: 'ring', gossip: { fanout: 1 } })
    await lab.sequencer.flushed()
    const { nodes, messages } = lab.sequencer.state
    expect(nodes.map(({ status, generation }) => `${status} ${generation}`)).toEqual(Array(3).fill('running 0'))
    expect(messages).toEqual([])
  })

  test('requested twice at once, and with other commands between, ends as the last request says', async () => {
    const { lab, run } = await networkOf(2)
    const outcomes = await Promise.all([
      run('network 4 ring'),
      run('0 start 4 20000'),
      run('3 crash'),
      run('network 3 star'),
      run('2 msg 1 hello'),
      run('2 get chatLog'),
    ])
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true, true, true, true])
    expect(outcomes.at(-1)).toEqual({ ok: true, output: ['hello'] })
    await lab.sequencer.flushed()
    expect(lab.sequencer.state.nodes.map(({ status }) => status)).toEqual(['running', 'running', 'running'])
  })

  test('that needs ports past the last one is refused, and the running one continues', async () => {
    const { settings, runtime } = await labOf(1)
    const highest = new Lab({
      settings: { ...settings, basePort: 65_535 },
      host: processHost({ bundle: BUNDLE, runtime }),
      platform: labMachine,
    })
    onTestFinished(() => highest.close())
    await highest.start(0, settings.basePort)
    const { pid } = await nextEvent(highest, 'starting')
    const outcome = await new Executor(highest).execute('network 2 line', 'rest')
    expect(outcome).toMatchObject({ ok: false, error: expect.stringContaining('65536') })
    expect(isAlive(pid)).toBe(true)
  })

  test('does not start on ports in use: they are named, with a way out', async () => {
    const { lab, settings } = await labOf(2)
    const tcp = createServer().listen(settings.basePort + 1, '127.0.0.1')
    const udp = createSocket('udp4').bind(settings.rootId, '127.0.0.1')
    onTestFinished(() => {
      tcp.close()
      udp.close()
    })
    await Promise.all([once(tcp, 'listening'), once(udp, 'listening')])
    await expect(lab.startNetwork(settings)).rejects.toThrow(
      new RegExp(
        `TCP ${settings.basePort + 1} and UDP ${settings.rootId}\\. bin/stopall .* --base-port \\d+ --root-id \\d+`,
      ),
    )
    expect(eventsOf(lab).filter(({ type }) => type === 'starting')).toEqual([])
  })

  test('grows by the start of a node that it does not have, and the others learn their new neighbour', async () => {
    const { lab, settings, run } = await networkOf(2)
    await run('0 msg 1 hello')
    expect(await run(`2 start 3 ${settings.basePort + 2}`)).toEqual({
      ok: true,
      output: ['the network grows from 2 to 3 nodes'],
    })
    await holds(lab, 2, 1)
    expect(await run('2 get chatLog')).toEqual({ ok: true, output: ['hello'] })
    expect(lab.settings.n).toBe(3)
  })

  test('keeps its size when a node restarts with another n and another port, and says so', async () => {
    const { lab, settings, run } = await networkOf(3)
    await run('0 msg 1 hello')
    await run('1 crash')
    for (const n of [9, 2]) {
      const port = settings.basePort + 3 + n
      expect(await run(`1 start ${n} ${port}`)).toEqual({
        ok: true,
        output: [`the network has 3 nodes and keeps them: ${n} would count for a node that it does not have yet`],
      })
      await stateWhere(lab, ({ nodes }) => nodes[1]?.tcp.includes(port) === true && nodes[1].messages === 1)
    }
    expect(lab.settings.n).toBe(3)
    expect(lab.sequencer.state.nodes).toHaveLength(3)
    expect(eventsOf(lab).filter(({ type }) => type === 'settings')).toEqual([])
  })

  test('says which settings it keeps from the previous one and which not, except in the output of a scenario', async () => {
    const { lab, run } = await networkOf(3)
    await run('set antiEntropyMs=600000 coin=1')
    await run('link 0 1 loss 20')
    await run('node 1 hoard on')
    expect(await run('network 2 line coin=0')).toEqual({
      ok: true,
      output: [
        'kept settings: antiEntropyMs=600000; set defaults resets them',
        'cleared with the previous network: link faults, misbehaviour of node 1',
      ],
    })
    expect(lab.settings.gossip).toMatchObject({ antiEntropyMs: 600_000, coin: 0 })
    expect(await new Executor(lab).execute('network 2 line', 'scenario')).toEqual({ ok: true, output: [] })
    expect(await run('set defaults')).toEqual({ ok: true, output: [] })
    expect(lab.settings.gossip).toEqual(DEFAULTS)
    expect(await run('network 2 line')).toEqual({ ok: true, output: [] })
  })
})

describe('a node', () => {
  test('that crashes loses everything, restarts in the next generation and catches up', async () => {
    const { lab, settings, run } = await networkOf(2)
    await run('0 msg 1 hello')
    await holds(lab, 1, 1)
    const pid = await pidOf(lab, 1)
    expect(await run('1 crash')).toEqual({ ok: true, output: [] })
    expect(isAlive(pid)).toBe(false)
    expect((await nextEvent(lab, 'ended')).end).toEqual({ how: 'crashed' })
    expect(await run('1 get chatLog')).toMatchObject({
      ok: false,
      error: `node 1 is not running; start it with: 1 start 2 ${settings.basePort + 1}`,
    })
    expect(await run(`1 start 2 ${settings.basePort + 1}`)).toEqual({ ok: true, output: [] })
    const { nodes } = await holds(lab, 1, 1)
    expect(nodes[1]).toMatchObject({ status: 'running', generation: 1 })
  })

  test('crashed, started and asked in one breath does so in that order', async () => {
    const { lab, settings, run } = await networkOf(1)
    const outcomes = await Promise.all([
      run('0 msg 1 first life'),
      run('0 crash'),
      run('0 get chatLog'),
      run(`0 start 1 ${settings.basePort}`),
      run('0 msg 1 second life'),
      run('0 get chatLog'),
    ])
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, false, true, true, true])
    expect(outcomes.at(-1)).toEqual({ ok: true, output: ['second life'] })
    await lab.sequencer.flushed()
    expect(lab.sequencer.state.nodes[0]?.generation).toBe(1)
  })

  test('that receives a crash over TCP, and is started at the same time, lives', async () => {
    const { lab, settings, run } = await networkOf(1)
    const client = await connectTo(settings.basePort)
    client.send('crash\n')
    await client.closed
    await lab.start(0, settings.basePort)
    expect((await run('0 get chatLog')).ok).toBe(true)
  })

  test('killed from outside is shown with the signal', async () => {
    const { lab } = await networkOf(2)
    process.kill(await pidOf(lab, 1), 'SIGKILL')
    expect((await nextEvent(lab, 'ended')).end).toEqual({ how: 'killed', signal: 'SIGKILL' })
    const { nodes } = await stateWhere(lab, (state) => state.nodes[1]?.status === 'killed')
    expect(nodes[0]?.status).toBe('running')
  })

  test('that is stopped crashes all the same', async () => {
    const { lab, run } = await networkOf(1)
    process.kill(await pidOf(lab, 0), 'SIGSTOP')
    expect(await run('0 crash')).toEqual({ ok: true, output: [] })
    expect((await nextEvent(lab, 'ended')).end).toEqual({ how: 'crashed' })
  })

  test('that fails to start says why in its last lines', async () => {
    const why = 'no room for this node'
    const program = join(await runtimeOfTest(), 'process.cjs')
    await writeFile(program, `console.error('process: ${why}'); process.exit(1)`)
    const { lab, settings } = await labOf(1, {}, program)
    await lab.openNetwork(settings)
    await expect(lab.start(0, settings.basePort)).rejects.toThrow(`node 0 did not start: ${why}`)
    const { end, stderr } = await nextEvent(lab, 'ended', (event) => event.end.how === 'failed')
    expect(end).toEqual({ how: 'failed', why })
    expect(stderr).toEqual([`process: ${why}`])
  })

  test('that runs listens on a further port when it is started there too', async () => {
    const { lab, settings, run } = await networkOf(1)
    expect(await run(`0 start 1 ${settings.basePort + 1}`)).toEqual({ ok: true, output: [] })
    const [first, second] = await Promise.all([connectTo(settings.basePort), connectTo(settings.basePort + 1)])
    first.send('msg 1 hello\n')
    expect(await first.chatLog()).toBe('hello')
    expect(await second.chatLog()).toBe('hello')
    const { nodes } = await stateWhere(lab, (state) => state.nodes[0]?.tcp.length === 2)
    expect(nodes[0]?.tcp).toEqual([settings.basePort, settings.basePort + 1])
  })

  test('counts and reports every datagram that it rejects, and lives', async () => {
    const { lab, settings, run } = await networkOf(1)
    const stranger = await peerOn()
    const junk = ['', 'junk', '__proto__', 'rumor:1:{}', 'x'.repeat(60_000)]
    for (const datagram of junk) await stranger.send(settings.rootId, datagram)
    await stranger.send(settings.rootId, `rumor:${stranger.port}:{forged,${settings.rootId},0}`)
    const refused = await nextEvent(lab, 'refused')
    expect(refused).toMatchObject({ node: 0, from: stranger.port, why: 'it claims to be from this node and is not' })
    const rejected = eventsOf(lab).filter((event) => event.type === 'rejected')
    expect(rejected.map(({ from, why }) => `${from === stranger.port} ${why.length > 0}`)).toEqual(
      junk.map(() => 'true true'),
    )
    const { nodes } = await stateWhere(lab, (state) => state.nodes[0]?.counters?.datagramsRejected === junk.length)
    expect(nodes[0]?.counters).toMatchObject({ datagramsRejected: junk.length, datagramsRefused: 1 })
    expect(await run('0 get chatLog')).toEqual({ ok: true, output: ['<empty>'] })
  })

  test('reports clients’ lines, and those that it refuses', async () => {
    const { lab, settings } = await networkOf(1)
    const client = await connectTo(settings.basePort)
    client.send('msg 1 hello\nfoo bar\n')
    expect(await nextEvent(lab, 'command')).toMatchObject({ by: 'proxy', line: '0 msg 1 hello' })
    expect(await nextEvent(lab, 'line-refused')).toMatchObject({ node: 0, line: 'foo bar' })
  })
})

describe('a link with a delay', () => {
  test('is never crossed faster', async () => {
    const { lab, run } = await networkOf(2, { linkDelayMs: 200 })
    await run('0 msg 1 hello')
    const isRumor = (event: { why: string }) => event.why === 'new'
    const sent = await nextEvent(lab, 'sent', isRumor)
    const received = await nextEvent(lab, 'received', ({ datagram }) => datagram === sent.n)
    expect(sent.delayMs).toBe(200)
    // Timers and their clock are of whole ms.
    expect(received.at - sent.at).toBeGreaterThan(198)
  })

  test('keeps datagrams in the air when its sender crashes, and loses them when its receiver does', async () => {
    const { lab, run } = await networkOf(3, { linkDelayMs: 600 })
    await run('1 msg 1 last words')
    await run('1 crash')
    await run('2 crash')
    const toZero = await nextEvent(lab, 'sent', ({ why, to }) => why === 'new' && to === lab.settings.rootId)
    const toTwo = await nextEvent(lab, 'sent', ({ why, to }) => why === 'new' && to === lab.settings.rootId + 2)
    expect(await nextEvent(lab, 'lost', ({ datagram }) => datagram === toTwo.n)).toMatchObject({ why: 'gone' })
    expect(await nextEvent(lab, 'received', ({ datagram }) => datagram === toZero.n)).toMatchObject({ node: 0 })
    await holds(lab, 0, 1)
    expect(await run('0 get chatLog')).toEqual({ ok: true, output: ['last words'] })
  })

  test('may change while the nodes run', async () => {
    const { lab, run } = await networkOf(2, { linkDelayMs: 50 })
    expect(await run('delay 0')).toEqual({ ok: true, output: [] })
    expect(await run('set fanout=1 coin=0')).toEqual({ ok: true, output: [] })
    await run('0 msg 1 hello')
    expect((await nextEvent(lab, 'sent', ({ why }) => why === 'new')).delayMs).toBe(0)
    expect(lab.settings).toMatchObject({ linkDelayMs: 0, gossip: { fanout: 1, coin: 0 } })
  })
})

describe('commands', () => {
  test.each([
    ['7 msg 1 hello', 'there is no node 7: ids are 0 to 0'],
    ['9 start 65 20000', '<n>'],
    ['0 start 1 99999', '<port>'],
    ['dance', "Unknown command 'dance'"],
    ['', 'the line is empty'],
  ])('%j is refused with the reason', async (line, why) => {
    const { run } = await networkOf(1)
    expect(await run(line)).toMatchObject({ ok: false, error: expect.stringContaining(why) })
  })

  test('that fail are in the event stream like those that succeed', async () => {
    const { lab, run } = await networkOf(1)
    await run('help')
    await run('dance')
    expect((await nextEvent(lab, 'command', ({ line }) => line === 'help')).output.length).toBeGreaterThan(4)
    expect((await nextEvent(lab, 'command', ({ line }) => line === 'dance')).error).toContain('Unknown command')
  })

  test('exit ends every node, and the lab can start them again', async () => {
    const { lab, settings, run } = await networkOf(2)
    const pids = await Promise.all([0, 1].map((id) => pidOf(lab, id)))
    expect(await run('exit')).toEqual({ ok: true, output: [] })
    expect(pids.some(isAlive)).toBe(false)
    expect((await nextEvent(lab, 'ended')).end).toEqual({ how: 'stopped' })
    expect((await run(`1 start 2 ${settings.basePort + 1}`)).ok).toBe(true)
  })

  test('exit while a network starts ends all of it', async () => {
    const { lab, run } = await networkOf(1)
    await Promise.all([run('network 5 mesh'), run('exit')])
    await lab.sequencer.flushed()
    expect(lab.sequencer.state.nodes.map(({ status }) => status)).toEqual(Array(5).fill('stopped'))
  })
})

test('a lab that closes while a network starts leaves no process', async () => {
  const { lab, settings } = await labOf(4)
  const starting = lab.startNetwork(settings)
  const { pid } = await nextEvent(lab, 'starting')
  await lab.close()
  await expect(starting).rejects.toThrow()
  expect(isAlive(pid)).toBe(false)
  await expect(lab.start(0, settings.basePort)).rejects.toThrow('the lab is shutting down')
})

test('a lab without its node program says so, and lives', async () => {
  const { settings, runtime } = await labOf(1)
  const broken = new Lab({
    settings,
    host: processHost({ bundle: join(runtime, 'missing.cjs'), runtime }),
    platform: labMachine,
  })
  onTestFinished(() => broken.close())
  const outcome = await new Executor(broken).execute('network 1 line', 'rest')
  expect(outcome).toMatchObject({ ok: false, error: expect.stringContaining('did not start') })
})

test('a burst waits while nobody listens to the lab, and not while somebody does', async () => {
  const { settings, runtime } = await labOf(1)
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const lab = new Lab({ settings, host: processHost({ bundle: BUNDLE, runtime }), platform: labMachine })
  const burst = Array.from({ length: 2_000 }, (_, seq): NodeReport => {
    return { type: 'stored', at: lab.now(), origin: settings.rootId, seq, text: 'hi', from: null }
  })
  lab.sequencer.appendReports(0, burst)
  vi.advanceTimersByTime(1_000)
  expect(lab.sequencer.last).toBe(0)
  const listener = vi.fn()
  const stop = lab.onRelease(listener)
  vi.advanceTimersByTime(200)
  expect(listener).toHaveBeenCalled()
  expect(lab.sequencer.last).toBe(burst.length)
  stop()
})
