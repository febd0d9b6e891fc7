/** Tests, with real nodes and real losses, that every cause of a loss that the lab states has evidence. */
import { expect, test } from 'vitest'
import { DEFAULTS } from '../../shared/gossip/settings.ts'
import { Executor } from '../../shared/lab/executor.ts'
import type { Lab } from '../../shared/lab/lab.ts'
import type { EventOf } from '../../shared/model/event.ts'
import { eventsOf, nextEvent } from '../test-support/lab.ts'
import { allHold, networkOf } from '../test-support/network.ts'
import { peerOn } from '../test-support/peers.ts'

const losses = (lab: Lab) => eventsOf(lab).filter((event): event is EventOf<'lost'> => event.type === 'lost')

test('a stranger on the port of a crashed node is noticed, gets the datagrams sent there, and keeps the node from starting', async () => {
  const { lab, run, when, rootId } = await networkOf(2)
  await run('1 crash')
  await run('0 msg 1 gone')
  const toNobody = await nextEvent(lab, 'sent', ({ why }) => why === 'new')
  expect(await nextEvent(lab, 'lost', ({ datagram }) => datagram === toNobody.n)).toMatchObject({ why: 'gone' })
  const stranger = await peerOn(rootId + 1)
  await run('0 msg 1 taken')
  expect(await stranger.next((datagram) => datagram.includes('taken'))).toContain('rumor')
  const toStranger = await nextEvent(lab, 'sent', ({ why, n }) => why === 'new' && n > toNobody.n)
  expect(await nextEvent(lab, 'lost', ({ datagram }) => datagram === toStranger.n)).toMatchObject({ why: 'unreported' })
  const before = await when(({ nodes }) => nodes[1]?.stranger === true)
  expect(before.nodes[1]?.status).toBe('crashed')
  const outcome = await new Executor(lab).execute(`1 start 2 ${lab.settings.basePort + 1}`, 'rest')
  expect(outcome).toMatchObject({ ok: false })
  expect(outcome.ok || outcome.error).toMatch(
    `node 1 did not start: UDP port ${rootId + 1} is in use; end the program that uses it`,
  )
  stranger.close()
  await when(({ nodes }) => nodes[1]?.stranger === false)
  await run(`1 start 2 ${lab.settings.basePort + 1}`)
  await when(allHold(2))
})

test('a fresh and idle network loses nothing except greetings that come before their receiver listens', async () => {
  // A greeting and its answer are equal, byte for byte.
  const { lab, when } = await networkOf(10, { topology: 'mesh', linkDelayMs: 40, gossip: DEFAULTS })
  const { nodes } = await when(({ inFlight, nodes }) => {
    return nodes.every(({ heard }) => Object.keys(heard).length === 9) && Object.keys(inFlight).length === 0
  })
  expect(nodes.map(({ status }) => status)).toEqual(nodes.map(() => 'running'))
  expect(new Set(losses(lab).map(({ why }) => why))).toEqual(new Set(['early']))
})

test('datagrams that wait for a stopped node are not lost; those that its full queue discards are, as the system counts', async () => {
  const { lab, run, when, rootId } = await networkOf(2)
  await when(({ nodes, inFlight }) => {
    return nodes.every(({ heard }) => Object.keys(heard).length > 0) && Object.keys(inFlight).length === 0
  })
  const pid = lab.sequencer.state.nodes[1]?.pid ?? 0
  process.kill(pid, 'SIGSTOP')
  await run('0 msg 1 waits')
  const waits = await nextEvent(lab, 'sent', ({ why }) => why === 'new')
  const stranger = await peerOn()
  // More than any system gives a socket; small ones fill the gaps that large ones leave.
  for (const bytes of [60_000, 1])
    for (let count = 0; count < 300; count += 1) await stranger.send(rootId + 1, new Uint8Array(bytes))
  await run('0 msg 1 overflows')
  await nextEvent(lab, 'answering', ({ answers }) => !answers)
  expect(losses(lab).filter(({ why }) => why !== 'early')).toEqual([])
  process.kill(pid, 'SIGCONT')
  expect(await nextEvent(lab, 'received', ({ datagram }) => datagram === waits.n)).toMatchObject({ node: 1 })
  await when(allHold(2))
  // The rumor was sent again and again, and equal datagrams are indistinguishable: some of them were lost.
  const isSecond = ({ datagram }: EventOf<'lost'>) => {
    const sent = eventsOf(lab).find(({ n }) => n === datagram)
    return sent?.type === 'sent' && sent.content.kind === 'rumor' && sent.content.seq === 1
  }
  const { why } = await nextEvent(lab, 'lost', isSecond)
  expect(why).toBe(process.platform === 'linux' ? 'overflow' : 'unknown')
})
