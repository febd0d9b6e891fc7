/** Tests the grace period of a typed crash, as the lab sees it. */
import { describe, expect, test } from 'vitest'
import { Executor } from '../../shared/lab/executor.ts'
import type { Author } from '../../shared/model/event.ts'
import { eventsOf, labOf, nextEvent, stateWhere } from '../test-support/lab.ts'
import { connectTo } from '../test-support/peers.ts'

/** Longer than any test may take: a datagram with this delay is in the air until something else ends the wait. */
const FOR_EVER_MS = 60_000

async function networkOf(n: number, linkDelayMs = 0) {
  const { lab, settings } = await labOf(n, { linkDelayMs })
  await lab.startNetwork(settings)
  const executor = new Executor(lab)
  const run = (line: string, by: Author = 'rest') => executor.execute(line, by)
  return { lab, run, port: (id: number) => settings.basePort + id }
}

/** A line of three: a message is in flight from node 0 to node 1, after a crash was typed at node 1. */
async function inGrace(linkDelayMs: number) {
  const network = await networkOf(3, linkDelayMs)
  const client = await connectTo(network.port(1))
  await network.run('0 msg 1 hello')
  client.send('crash\n')
  await stateWhere(network.lab, ({ nodes }) => nodes[1]?.ending === true)
  return { ...network, client }
}

describe('a crash that is typed over TCP', () => {
  test('is shown as typed, and forwards messages in the air, for as long as that takes', async () => {
    const { lab } = await inGrace(400)
    expect(lab.sequencer.state.nodes[1]).toMatchObject({ status: 'running', ending: true })
    await stateWhere(lab, ({ nodes }) => nodes[2]?.messages === 1)
    const { nodes } = await stateWhere(lab, ({ nodes }) => nodes[1]?.status === 'crashed')
    expect(nodes[1]).toMatchObject({ ending: false, end: { how: 'crashed' }, lost: 1 })
  })

  test('takes no further line from the lab either', async () => {
    const { run } = await inGrace(FOR_EVER_MS)
    expect(await run('1 msg 1 late')).toMatchObject({ ok: false, error: expect.stringMatching(/crash was typed/) })
    expect(await run('1 get chatLog')).toMatchObject({ ok: false })
  })

  test('gives way to a restart: the next life begins at once', async () => {
    const { run, lab, port, client } = await inGrace(FOR_EVER_MS)
    expect(await run(`1 start 3 ${port(1)}`)).toEqual({ ok: true, output: [] })
    await client.closed
    const { nodes } = await stateWhere(lab, ({ nodes }) => nodes[1]?.status === 'running' && nodes[1].generation === 1)
    expect(nodes[1]).toMatchObject({ ending: false })
  })

  test.each([
    ['a click on Crash', '1 crash', 'crashed'],
    ['exit', 'exit', 'stopped'],
  ])('gives way to %s', async (_, line, status) => {
    const { run, lab } = await inGrace(FOR_EVER_MS)
    expect(await run(line)).toEqual({ ok: true, output: [] })
    await stateWhere(lab, ({ nodes }) => nodes[1]?.status === status)
  })

  test('gives way to a signal, which is reported', async () => {
    const { lab } = await inGrace(FOR_EVER_MS)
    process.kill(lab.sequencer.state.nodes[1]?.pid ?? 0, 'SIGKILL')
    expect((await nextEvent(lab, 'ended')).end).toEqual({ how: 'killed', signal: 'SIGKILL' })
  })
})

test.each(['page', 'console', 'rest'] as const)('a crash from %s is instant', async (by) => {
  const { lab, run } = await networkOf(1)
  await run('0 crash', by)
  await nextEvent(lab, 'ended')
  expect(eventsOf(lab).some(({ type }) => type === 'ending')).toBe(false)
})

test('a crash in a file has the grace period of a typed one, and delays nothing else', async () => {
  const { lab, run } = await networkOf(3, FOR_EVER_MS)
  await run('0 msg 1 hello')
  const crash = run('1 crash', 'scenario')
  await nextEvent(lab, 'ending')
  expect(await run('2 msg 1 tail')).toEqual({ ok: true, output: [] })
  expect(await run('1 crash')).toEqual({ ok: true, output: [] })
  expect(await crash).toEqual({ ok: true, output: [] })
})
