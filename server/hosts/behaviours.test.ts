/** Tests misbehaving nodes, on real processes and real UDP. */
import { describe, expect, test } from 'vitest'
import { originOf } from '../../shared/gossip/origin.ts'
import type { LabEvent } from '../../shared/model/event.ts'
import { eventsOf, nextEvent } from '../test-support/lab.ts'
import { allHold, networkOf } from '../test-support/network.ts'
import { peerOn } from '../test-support/peers.ts'

describe('a node that hoards', () => {
  test('splits the line: it stores and answers, and forwards nothing, until the fault is cleared', async () => {
    const { lab, rootId, run, when } = await networkOf(3)
    await run('node 1 hoard on', '0 msg 1 hello')
    await when(({ nodes }) => nodes[1]?.messages === 1)
    const { last } = lab.sequencer.state
    // It answers 0, and its anti-entropy shows 2 which messages 2 lacks.
    const isFrom1To = (to: number) => (event: LabEvent & { type: 'received' }) =>
      event.node === to && event.from === rootId + 1 && event.n > last
    await nextEvent(lab, 'received', isFrom1To(0))
    for (let round = 0, after = last; round < 3; round += 1)
      after = (await nextEvent(lab, 'received', (event) => isFrom1To(2)(event) && event.n > after)).n
    expect(lab.sequencer.state.nodes.map(({ messages }) => messages)).toEqual([1, 1, 0])
    await run('node 1 hoard off')
    await when(allHold(1))
  })

  test('does no harm in a ring', async () => {
    const { lab, rootId, run, when } = await networkOf(4, { topology: 'ring' })
    await run('node 1 hoard on', '0 msg 1 hello')
    const { messages } = await when(allHold(1))
    expect(messages[0]?.copies[2]?.from).toBe(rootId + 3)
    const rumorsOf1 = eventsOf(lab).filter(
      (event) => event.type === 'sent' && event.node === 1 && event.content.kind === 'rumor',
    )
    expect(rumorsOf1).toEqual([])
  })

  test('stays a hoarder after its restart', async () => {
    const { lab, run, when } = await networkOf(3)
    await run('node 1 hoard on', '1 crash', `1 start 3 ${lab.settings.basePort + 1}`, '0 msg 1 hello')
    const { nodes } = await when((state) => state.nodes[1]?.messages === 1)
    expect(nodes[1]?.behaviours).toEqual(['hoard'])
    const { last } = lab.sequencer.state
    await nextEvent(lab, 'sent', ({ n, node, why }) => n > last && node === 1 && why === 'anti-entropy')
    expect(lab.sequencer.state.nodes[2]?.messages).toBe(0)
  })
})

test('a node refuses a message that falsely claims to be its own, and counts it', async () => {
  const { lab, rootId, run, when } = await networkOf(2)
  await run('node 0 forge on')
  const forged = await nextEvent(lab, 'sent', ({ why }) => why === 'forged')
  expect(forged.content).toMatchObject({ kind: 'rumor', origin: rootId + 1, seq: 0 })
  const refused = await nextEvent(lab, 'refused', ({ node }) => node === 1)
  expect(refused).toMatchObject({ from: rootId, why: 'it claims to be from this node and is not' })
  await when(({ nodes }) => (nodes[1]?.counters?.datagramsRefused ?? 0) > 0)
  expect(lab.sequencer.state.nodes[1]?.messages).toBe(0)
  await run('1 msg 1 mine')
  expect(await run('1 get chatLog')).toEqual(['mine'])
})

test('a node believes no neighbour that claims to know more of its life: the lab counts its lives', async () => {
  const { lab, rootId, run, when } = await networkOf(2)
  await run('1 crash')
  await when(({ nodes }) => nodes[1]?.status === 'crashed')
  const forger = await peerOn(rootId + 1)
  const later = originOf(rootId, 4)
  for (const claim of [`status:${forger.port}:{${rootId}:3,${later}:1}`, `rumor:${forger.port}:{forged,${later},0}`])
    await forger.send(rootId, claim)
  const refused = await nextEvent(lab, 'refused', ({ node }) => node === 0)
  expect(refused).toMatchObject({ from: forger.port, why: 'it claims to be from this node and is not' })
  await run('0 msg 1 mine')
  expect(await nextEvent(lab, 'stored', ({ node }) => node === 0)).toMatchObject({
    origin: rootId,
    seq: 0,
    text: 'mine',
  })
})

test('others believe a forged message, because nothing in the report’s datagrams proves its origin', async () => {
  const { rootId, run, when } = await networkOf(3)
  await run('node 1 forge on')
  const { messages } = await when(({ nodes }) => nodes[0]?.messages !== 0 || nodes[2]?.messages !== 0)
  expect(messages[0]?.text).toMatch(/^forged-\d+$/)
  expect(messages[0]?.origin).not.toBe(rootId + 1)
})

test('a node that replays sends old datagrams again, and no message is stored twice', async () => {
  const { lab, run, when } = await networkOf(2)
  await run('node 0 replay on', '0 msg 1 hello')
  await when(allHold(1))
  const replayed = await nextEvent(
    lab,
    'sent',
    ({ why, content, node }) => why === 'replayed' && content.kind === 'rumor' && node === 0,
  )
  await nextEvent(lab, 'received', ({ datagram }) => datagram === replayed.n)
  await lab.sequencer.flushed()
  expect(lab.sequencer.state.nodes.map(({ messages }) => messages)).toEqual([1, 1])
  await run('node 0 replay off', '1 msg 1 later')
  await when(allHold(2))
})

test('a flood does not stop honest messages, and ends with the fault', async () => {
  const { lab, run, when } = await networkOf(3)
  await run('node 1 flood on')
  await nextEvent(lab, 'sent', ({ why }) => why === 'flood')
  for (let message = 0; message < 10; message += 1) await run(`0 msg 1 a${message}`, `2 msg 1 b${message}`)
  await when(allHold(20))
  await run('node 1 flood off')
  await lab.sequencer.flushed()
  const { last } = lab.sequencer.state
  await nextEvent(lab, 'sent', ({ n, node, why }) => n > last && node === 1 && why === 'anti-entropy')
  expect(eventsOf(lab).filter((event) => event.n > last && event.type === 'sent' && event.why === 'flood')).toEqual([])
})

test('babbled datagrams are rejected and counted, each with both ends, and harm no node', async () => {
  const { lab, run, when } = await networkOf(2)
  await run('node 0 babble on')
  const babble = await nextEvent(lab, 'sent', ({ why }) => why === 'babble')
  expect(babble.content.kind).toBe('malformed')
  const rejected = await nextEvent(lab, 'rejected', ({ datagram }) => datagram === babble.n)
  expect(rejected).toMatchObject({ node: 1, why: expect.stringMatching(/\w/) })
  await when(({ nodes }) => (nodes[1]?.counters?.datagramsRejected ?? 0) >= 3)
  expect(lab.sequencer.state.inFlight[babble.n]).toBeUndefined()
  await run('0 msg 1 hello', '1 msg 1 hi')
  await when(allHold(2))
})
