/** Tests faulty links, on real processes and real UDP. */
import { describe, expect, test } from 'vitest'
import { DEFAULTS } from '../../shared/gossip/settings.ts'
import { Executor } from '../../shared/lab/executor.ts'
import type { EventOf, LabEvent } from '../../shared/model/event.ts'
import { HEALTHY } from '../../shared/model/fault.ts'
import { linkOf } from '../../shared/model/lab-state.ts'
import { eventsOf, nextEvent } from '../test-support/lab.ts'
import { allHold, networkOf, type TestNetwork } from '../test-support/network.ts'

const isSent = (event: LabEvent): event is EventOf<'sent'> => event.type === 'sent'
const isReceived = (event: LabEvent): event is EventOf<'received'> => event.type === 'received'

/** Returns the datagrams from node `from` to node `to`, also those that the gate ended. */
const sentOn = ({ lab, rootId }: TestNetwork, from: number, to: number) =>
  eventsOf(lab)
    .filter(isSent)
    .filter((event) => event.node === from && event.to === rootId + to)

const receivedOn = ({ lab, rootId }: TestNetwork, from: number, to: number) =>
  eventsOf(lab)
    .filter(isReceived)
    .filter((event) => event.node === to && event.from === rootId + from)

/** Every datagram that the gate ended stays without another end. */
function expectEndedAtGate(network: TestNetwork, ended: readonly EventOf<'sent'>[]) {
  const numbers = new Set(ended.map(({ n }) => n))
  const ends = eventsOf(network.lab).filter(
    (event) =>
      (event.type === 'received' || event.type === 'lost') && event.datagram !== null && numbers.has(event.datagram),
  )
  expect(ends).toEqual([])
  expect(Object.keys(network.lab.sequencer.state.inFlight).filter((datagram) => numbers.has(Number(datagram)))).toEqual(
    [],
  )
}

describe('a link that is cut one way', () => {
  test('passes nothing in that direction and everything in the other, until it is healed', async () => {
    const network = await networkOf(2)
    const { lab, run, when } = network
    await run('link 0>1 cut', '1 msg 1 up')
    await when(({ nodes }) => nodes[0]?.messages === 1)
    await run('0 msg 1 down')
    await nextEvent(lab, 'sent', ({ fate, content }) => fate === 'cut' && content.kind === 'rumor')
    // In the other direction statuses of node 1 go on, and show that it lacks the message.
    const heardAfter = lab.sequencer.state.last
    await nextEvent(lab, 'received', ({ n, node }) => n > heardAfter && node === 0)
    expect(lab.sequencer.state.nodes[1]?.messages).toBe(1)
    expectEndedAtGate(
      network,
      sentOn(network, 0, 1).filter(({ fate }) => fate === 'cut'),
    )
    expect(lab.sequencer.state.links).toEqual({ '0>1': expect.objectContaining({ cut: true }) })
    await run('link 0>1 heal')
    await when(allHold(2))
    expect(lab.sequencer.state.links).toEqual({})
  })

  test('is still cut when its nodes have been restarted', async () => {
    const network = await networkOf(2)
    const { lab, run, when } = network
    const tcp = lab.settings.basePort
    await run('link 0 1 cut', '0 crash', '1 crash', `0 start 2 ${tcp}`, `1 start 2 ${tcp + 1}`, '0 msg 1 hello')
    await nextEvent(lab, 'sent', ({ fate, content }) => fate === 'cut' && content.kind === 'rumor')
    const { last } = lab.sequencer.state
    await nextEvent(lab, 'sent', ({ n, node, fate }) => n > last && node === 1 && fate === 'cut')
    expect(lab.sequencer.state.nodes[1]?.messages).toBe(0)
    await run('heal')
    await when(allHold(1))
  })

  test('counts the datagrams that ended at the gate', async () => {
    const { run, when } = await networkOf(2)
    await run('link 0>1 cut', '0 msg 1 hello')
    await when(({ nodes }) => (nodes[0]?.counters?.datagramsLostAtGate ?? 0) > 0)
  })
})

test('a link loses the chosen share of datagrams, both ways, and the message arrives all the same', async () => {
  const network = await networkOf(2)
  const { run, when } = network
  await run('link 0 1 loss 40')
  for (let round = 0; round < 10; round += 1) {
    for (let message = 0; message < 15; message += 1) await run(`0 msg 1 a${round}.${message}`, `1 msg 1 b`)
    await when(allHold(30 * (round + 1)))
  }
  for (const [from, to] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const sent = sentOn(network, from, to)
    const lost = sent.filter(({ fate }) => fate === 'loss')
    expect(sent.length).toBeGreaterThan(150)
    expect(lost.length / sent.length).toBeGreaterThan(0.25)
    expect(lost.length / sent.length).toBeLessThan(0.55)
    expectEndedAtGate(network, lost)
  }
})

test('a link that duplicates delivers twice, and each of the two is a separate datagram', async () => {
  const network = await networkOf(2)
  const { lab, run } = network
  await run('link 0>1 duplicate 100', '0 msg 1 hello')
  const copy = await nextEvent(lab, 'sent', ({ copy, content }) => copy === true && content.kind === 'rumor')
  const original = sentOn(network, 0, 1).findLast(({ n, content }) => n < copy.n && content.kind === 'rumor')
  expect(original).toMatchObject({ content: copy.content })
  for (const sent of [original, copy]) await nextEvent(lab, 'received', ({ datagram }) => datagram === sent?.n)
})

test.each(['link 0 1 delay 200', 'delay 200'])('after %s no rumor is repeated: none is lost', async (line) => {
  const network = await networkOf(2, { gossip: DEFAULTS })
  const { run, when } = network
  const say = async (from: number, count: number) => {
    for (let held = from + 1; held <= from + count; held += 1) {
      await run('0 msg 1 hello')
      await when(allHold(held))
    }
  }
  await say(0, 10)
  await run(line)
  const before = sentOn(network, 0, 1).length
  await say(10, 5)
  const rumors = sentOn(network, 0, 1)
    .slice(before)
    .filter(({ content }) => content.kind === 'rumor')
  expect(rumors.map(({ why }) => why)).toEqual(Array(5).fill('new'))
})

test('a link has a random delay within its jitter, and the receiver reports it', async () => {
  const network = await networkOf(3)
  const { lab, run, when } = network
  await run('link 0>1 delay 80 jitter 60', '0 msg 1 hello')
  const rumor = await nextEvent(lab, 'sent', ({ node, content }) => node === 0 && content.kind === 'rumor')
  const airborne = await nextEvent(lab, 'airborne', ({ datagram }) => datagram === rumor.n)
  expect(rumor.delayMs).toBe(80)
  expect(airborne.delayMs).toBeGreaterThanOrEqual(80)
  expect(airborne.delayMs).toBeLessThanOrEqual(140)
  const received = await nextEvent(lab, 'received', ({ datagram }) => datagram === rumor.n)
  expect(received.at - rumor.at).toBeGreaterThan(78)
  await when(allHold(1))
  // The other links have the lab's delay.
  expect(sentOn(network, 1, 2).every(({ delayMs }) => delayMs === 0)).toBe(true)
  await run('delay 20')
  await when(({ links }) => links['0>1']?.delayMs === null)
})

test('a link that reorders lets later datagrams overtake, and the nodes agree nevertheless', async () => {
  const network = await networkOf(2)
  const { run, when } = network
  await run('link 0>1 reorder 50')
  for (let message = 0; message < 30; message += 1) await run(`0 msg 1 m${message}`)
  await when(allHold(30))
  const sent = sentOn(network, 0, 1)
  const arrived = receivedOn(network, 0, 1).map(({ datagram }) => sent.findIndex(({ n }) => n === datagram))
  expect(arrived).not.toEqual([...arrived].sort((a, b) => a - b))
  const [first, second] = await Promise.all(['0 get chatLog', '1 get chatLog'].map((line) => run(line)))
  expect(first).toEqual(second)
})

describe('a missing link', () => {
  test.each([
    ['link 0 2 cut', 'there is no link between node 0 and node 2; node 0 has links to node 1'],
    ['link 0>7 cut', 'there is no node 7: ids are 0 to 2'],
    ['hold 0 2', 'there is no link between node 0 and node 2; node 0 has links to node 1'],
    ['node 3 hoard on', 'there is no node 3: ids are 0 to 2'],
  ])('%s', async (line, error) => {
    const { lab } = await networkOf(3)
    expect(await new Executor(lab).execute(line, 'rest')).toEqual({ ok: false, error })
  })
})

test('all links at once fail and are healed, and a new network has no faults', async () => {
  const { lab, run, when } = await networkOf(4, { topology: 'ring' })
  await run('link * loss 10 delay 5', 'node 2 hoard on')
  const { links, nodes } = await when((state) => state.nodes[2]?.behaviours.length === 1)
  expect(linkOf({ links }, 3, 0)).toMatchObject({ loss: 10, delayMs: 5, cut: false })
  expect(nodes[2]?.behaviours).toEqual(['hoard'])
  await run('heal')
  await when((state) => Object.keys(state.links).length === 0 && state.nodes[2]?.behaviours.length === 0)
  await run('link * cut', 'node 1 flood on', 'hold timers on', 'network 2 line')
  await lab.sequencer.flushed()
  expect(lab.sequencer.state).toMatchObject({ links: {}, timersHeld: false, held: {} })
  await run('0 msg 1 hello')
  await when(allHold(1))
})

test('after any fault of all links is healed, the nodes agree', async () => {
  const { run, when } = await networkOf(5, { topology: 'ring' })
  await run('link * loss 30 duplicate 30 reorder 30 jitter 20', 'link 1 2 cut', 'link 4>0 cut', 'node 3 replay on')
  for (let message = 0; message < 10; message += 1)
    for (let id = 0; id < 5; id += 1) await run(`${id} msg 1 ${id}.${message}`)
  await run('heal')
  await when(allHold(50))
  const logs = new Set<string | undefined>()
  for (let id = 0; id < 5; id += 1) logs.add((await run(`${id} get chatLog`))[0])
  expect(logs.size).toBe(1)
})

test('a slow link does not make its neighbours seem dead', async () => {
  const { lab, run, when } = await networkOf(2)
  await run('link 0 1 delay 300', '0 msg 1 hello')
  await when(allHold(1))
  await nextEvent(lab, 'received', ({ node, n }) => node === 0 && n > 0)
  const { messages } = lab.sequencer.state
  expect(messages).toHaveLength(1)
  expect(eventsOf(lab).filter(({ type }) => type === 'silent')).toEqual([])
})

test('a change of all links is one short event, and a separately set link stays so', async () => {
  const { lab, run } = await networkOf(4, { topology: 'mesh' })
  await run('link 1>2 jitter 5', 'link * loss 10', 'link 0 3 loss 0')
  await lab.sequencer.flushed()
  const { state } = lab.sequencer
  expect(linkOf(state, 2, 1)).toMatchObject({ loss: 10, jitterMs: 0 })
  expect(linkOf(state, 1, 2)).toMatchObject({ loss: 10, jitterMs: 5 })
  expect([linkOf(state, 0, 3), linkOf(state, 3, 0)]).toEqual([HEALTHY, HEALTHY])
  const [, all] = eventsOf(lab).filter(({ type }) => type === 'links')
  expect(all).toMatchObject({ links: { '*': { loss: 10 }, '1>2': { loss: 10, jitterMs: 5 } } })
  await run('heal')
  await lab.sequencer.flushed()
  expect(lab.sequencer.state.links).toEqual({})
})
