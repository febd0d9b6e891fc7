/** Tests the shared key of a lab, set by command. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { KEY_VARIABLE } from '../platform/node-link.ts'
import { eventsOf, nextEvent } from '../test-support/lab.ts'
import { allHold, networkOf, type TestNetwork } from '../test-support/network.ts'
import { connectTo, peerOn } from '../test-support/peers.ts'
import { freePorts } from '../test-support/ports.ts'
import { BUNDLE, environment, start } from '../test-support/processes.ts'
import { runtimeOfTest } from '../test-support/runtime.ts'

const startLine = ({ lab }: TestNetwork, id: number) => `${id} start ${lab.settings.n} ${lab.settings.basePort + id}`

test('nodes share a key from one moment to the next, and gossip continues, also with nodes that start later', async () => {
  const network = await networkOf(3)
  const { lab, run, when } = network
  await run('0 msg 1 open', 'key on', '0 msg 1 sealed', '2 crash', startLine(network, 2))
  await when((state) => state.settings?.keyed === true && allHold(2)(state))
  await run('2 msg 1 still')
  await when(allHold(3))
  await run('key off', '1 msg 1 open')
  await when((state) => state.settings?.keyed === false && allHold(4)(state))
  expect(eventsOf(lab).filter(({ type }) => type === 'settings')).toHaveLength(2)
})

test('a new network keeps the key', async () => {
  const { lab, run, when } = await networkOf(2)
  await run('key on', 'network 3 ring', '0 msg 1 hello')
  await when(allHold(1))
  const stranger = await peerOn()
  await stranger.send(lab.settings.rootId, `rumor:${stranger.port}:{forged,${stranger.port},0}`)
  await when(({ nodes }) => (nodes[0]?.counters?.datagramsUnkeyed ?? 0) > 0)
})

test('a stranger’s rumor is rejected, counted and reported', async () => {
  const { lab, rootId, run, when } = await networkOf(2)
  await run('key on')
  const stranger = await peerOn()
  await stranger.send(rootId, `rumor:${rootId + 1}:{forged,${rootId + 1},0}`)
  await nextEvent(lab, 'rejected', ({ node, from, why }) => node === 0 && from === stranger.port && /no seal/.test(why))
  const { messages } = await when(({ nodes }) => (nodes[0]?.counters?.datagramsUnkeyed ?? 0) > 0)
  expect(messages).toEqual([])
})

test.each(['node 0 replay on', 'link 0>1 duplicate 100'])(
  '%s: a replayed datagram is rejected and counted',
  async (line) => {
    const { lab, run, when } = await networkOf(2)
    await run('key on', line, '0 msg 1 hello')
    await nextEvent(lab, 'rejected', ({ node, why }) => node === 1 && /a replay/.test(why))
    await when((state) => (state.nodes[1]?.counters?.datagramsReplayed ?? 0) > 0 && allHold(1)(state))
  },
)

test('a node with another key counts as absent', async () => {
  const { lab, rootId, run, when } = await networkOf(3)
  await run('key on', '2 crash')
  const runtime = await runtimeOfTest()
  const { tcp } = await freePorts(1)
  const env = environment(runtime, rootId, { [KEY_VARIABLE]: 'another key than theirs' })
  await start(process.execPath, [BUNDLE, '2', '3', `${tcp}`], { env }).firstLine
  const other = await connectTo(tcp)
  other.send('msg 1 strange\n')
  await run('0 msg 1 hello')
  await nextEvent(lab, 'silent', ({ node, to }) => node === 1 && to === rootId + 2)
  const { messages } = await when(({ nodes }) => (nodes[1]?.counters?.datagramsForged ?? 0) > 0)
  expect(messages.map(({ text }) => text)).toEqual(['hello'])
  expect(await other.chatLog()).toBe('strange')
})

test.runIf(process.platform === 'linux')('the key is in no event, no state, and on no command line', async () => {
  const network = await networkOf(2)
  const { lab, run, when } = network
  await run('key on', '1 crash', startLine(network, 1), '0 msg 1 hello')
  const state = await when(allHold(1))
  const pid = state.nodes[1]?.pid
  const [, key = ''] =
    new RegExp(`${KEY_VARIABLE}=([^\\0]+)`).exec(readFileSync(`/proc/${pid}/environ`, 'latin1')) ?? []
  expect(key).toMatch(/^[\w-]{43}$/)
  expect(readFileSync(`/proc/${pid}/cmdline`, 'latin1')).not.toContain(key)
  expect(JSON.stringify([eventsOf(lab), state, lab.settings])).not.toContain(key)
})
