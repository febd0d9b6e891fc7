/** Tests held datagrams, on real processes and real UDP. */
import { describe, expect, test } from 'vitest'
import { Executor } from '../../shared/lab/executor.ts'
import { linkOf } from '../../shared/model/lab-state.ts'
import { previewDelivery } from '../../shared/model/preview.ts'
import { eventsOf, nextEvent } from '../test-support/lab.ts'
import { allHold, networkOf, type TestNetwork } from '../test-support/network.ts'
import { connectTo } from '../test-support/peers.ts'

/** Nothing moves by itself: only typed messages and deliveries cause datagrams. */
async function stillNetwork(n: number): Promise<TestNetwork> {
  const network = await networkOf(n)
  await network.when(({ nodes }) => nodes.every(({ heard }) => Object.keys(heard).length > 0))
  await network.run('hold timers on')
  // Datagrams in flight when they stopped have arrived, and have been answered.
  await network.lab.sequencer.flushed()
  // A greeting may have come before its receiver listened.
  await network.when(({ inFlight }) => Object.values(inFlight).every(({ why }) => why === 'hello'))
  await network.run('hold on')
  return network
}

const heldCount = (network: TestNetwork, count: number) =>
  network.when(({ held }) => Object.keys(held).length === count)

describe('delivered one at a time', () => {
  test.each([
    ['0>1', '2>1', ['from 0', 'from 2']],
    ['2>1', '0>1', ['from 2', 'from 0']],
  ])('first %s, then %s, messages are stored in that order', async (first, second, order) => {
    const network = await stillNetwork(3)
    const { lab, run, when } = network
    await run('0 msg 1 from 0', '2 msg 1 from 2')
    await heldCount(network, 2)
    await run(`deliver ${first}`)
    await when(({ nodes }) => nodes[1]?.messages === 1)
    await run(`deliver ${second}`)
    await when(({ nodes }) => nodes[1]?.messages === 2)
    const stored = eventsOf(lab).flatMap((event) => (event.type === 'stored' && event.node === 1 ? [event.text] : []))
    expect(stored).toEqual(order)
  })

  test('by number, a datagram is delivered, dropped or duplicated', async () => {
    const network = await stillNetwork(2)
    const { lab, rootId, run, when } = network
    await run('0 msg 1 hello')
    const { held } = await heldCount(network, 1)
    expect(held[1]).toMatchObject({ number: 1, from: rootId, to: rootId + 1, why: 'new', copyOf: null })
    expect(await run('duplicate 1')).toEqual(['#1: node 0 to node 1, rumor of message 0.0'])
    expect((await heldCount(network, 2)).held[2]).toMatchObject({ number: 2, copyOf: 1 })
    await run('drop 1')
    const dropped = await nextEvent(lab, 'sent', ({ held }) => held === 1)
    expect(dropped.fate).toBe('dropped')
    expect(lab.sequencer.state.nodes[1]?.messages).toBe(0)
    await run('deliver 2')
    await when(({ nodes }) => nodes[1]?.messages === 1)
    const delivered = await nextEvent(lab, 'sent', ({ held }) => held === 2)
    expect(delivered.fate).toBeUndefined()
    await nextEvent(lab, 'received', ({ datagram }) => datagram === delivered.n)
  })

  test('the oldest goes first, step by step', async () => {
    const network = await stillNetwork(2)
    const { run } = network
    await run('0 msg 1 a', '0 msg 1 b')
    await heldCount(network, 2)
    expect(await run('step')).toEqual(['#1: node 0 to node 1, rumor of message 0.0'])
    expect(await run('step')).toEqual(['#2: node 0 to node 1, rumor of message 0.1'])
  })

  test('the effect of a delivery is described before, and happens as described', async () => {
    const network = await stillNetwork(2)
    const { lab, run, when } = network
    const preview = (number: number) => previewDelivery(lab.sequencer.state, number)
    const first = '1.0'
    const second = '1.1'
    const does = 'delivered now, this makes'
    await run('1 msg 1 a', '1 msg 1 b')
    await heldCount(network, 2)
    expect(preview(1)).toEqual([`${does} node 0 store message ${first}, pass it on, and acknowledge to node 1`])
    expect(preview(2)).toEqual([
      `${does} node 0 keep message ${second} back until it has message ${first}, and acknowledge to node 1`,
    ])
    await run('deliver 2')
    // Its acknowledgement says that it lacks the first.
    await when(({ held }) => held[3] !== undefined)
    expect(preview(3)).toEqual([`${does} node 1 send messages ${first} and ${second} to node 0`])
    await run('deliver 1')
    // The two nodes report at their own pace: its departure may be known after its arrival.
    await when(({ nodes, held }) => nodes[0]?.messages === 2 && held[1] === undefined)
    expect(preview(1)).toEqual([])
  })
})

describe('a held datagram', () => {
  test('leaves when its link is held no longer, and other links stay held', async () => {
    const network = await stillNetwork(3)
    const { run, when } = network
    await run('1 msg 1 hello')
    await heldCount(network, 2)
    await run('hold 1>0 off')
    const { held } = await when(({ nodes }) => nodes[0]?.messages === 1)
    expect(Object.keys(held).length).toBeGreaterThan(0)
    await run('hold off', 'hold timers off')
    await when((state) => allHold(1)(state) && Object.keys(state.held).length === 0)
  })

  test('appears held no longer than it is, also while its node reports only samples', async () => {
    const { lab, run, when } = await networkOf(3)
    await run('hold 1>2 on')
    const client = await connectTo(lab.settings.basePort)
    client.send(Array.from({ length: 4_000 }, (_, message) => `msg 1 hello ${message}\n`).join(''))
    await when(({ nodes, held }) => (nodes[1]?.sampling ?? 1) > 1 && Object.keys(held).length >= 10)
    await run('hold 1>2 off')
    await when((state) => allHold(4_000)(state) && Object.keys(state.held).length === 0)
  })

  test('stays held when faults are cleared', async () => {
    const network = await stillNetwork(2)
    const { lab, run } = network
    await run('link 0>1 loss 5', '0 msg 1 hello')
    await run('heal')
    await lab.sequencer.flushed()
    expect(linkOf(lab.sequencer.state, 0, 1)).toMatchObject({ hold: true, loss: 0 })
  })

  test('is lost with its sender', async () => {
    const network = await stillNetwork(2)
    const { run, when } = network
    await run('0 msg 1 hello')
    await heldCount(network, 1)
    await run('0 crash')
    await when(({ held, nodes }) => nodes[0]?.status === 'crashed' && Object.keys(held).length === 0)
  })

  test.each([
    ['deliver 1', 'no datagrams are held; hold on holds them', []],
    ['step', 'no datagrams are held; hold on holds them', []],
    ['deliver 7', 'no datagram #7 is held; held datagrams are #1', ['0 msg 1 hello']],
    ['drop 1>0', 'no datagram on 1>0 is held; held datagrams are #1', ['0 msg 1 hello']],
  ])('%s is refused when it is not there: %s', async (line, error, before) => {
    const network = await stillNetwork(2)
    await network.run(...before)
    if (before.length > 0) await heldCount(network, 1)
    expect(await new Executor(network.lab).execute(line, 'rest')).toEqual({ ok: false, error })
  })
})

test('while timers are paused no rumor is repeated, and afterwards every node catches up', async () => {
  const network = await networkOf(2)
  const { lab, run, when } = network
  await run('hold timers on', 'link 0>1 cut', '0 msg 1 hello')
  await nextEvent(lab, 'sent', ({ fate, content }) => fate === 'cut' && content.kind === 'rumor')
  await run('link 0>1 heal')
  await lab.sequencer.flushed()
  expect(lab.sequencer.state.timersHeld).toBe(true)
  const { last } = lab.sequencer.state
  await run('hold timers off')
  await when(allHold(1))
  const early = eventsOf(lab).filter((event) => event.n <= last && event.type === 'sent' && event.why === 'repeat')
  expect(early).toEqual([])
})
