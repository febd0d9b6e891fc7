/** Tests a network of programs and of our own nodes, behind one gate: node 0 runs a program, node 1 is ours. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { originOf } from '../../../shared/gossip/origin.ts'
import { Executor } from '../../../shared/lab/executor.ts'
import type { Lab } from '../../../shared/lab/lab.ts'
import { disagreement } from '../../../shared/model/agreement.ts'
import type { EventOf } from '../../../shared/model/event.ts'
import { holds, type LabState } from '../../../shared/model/lab-state.ts'
import { GATE, inPython, labOfPrograms } from '../../test-support/foreign.ts'
import { eventsOf, nextEvent, stateWhere } from '../../test-support/lab.ts'
import { isAlive } from '../../test-support/processes.ts'
import type { Program } from './program.ts'

const isEverywhere = (text: string) => (state: LabState) =>
  state.messages.some((message) => message.text === text && state.nodes.every(({ id }) => holds(message, id)))

async function mixed(n = 2, programs: readonly number[] = [0], program: Program = inPython('text')) {
  const byId = new Map(programs.map((id) => [id, program] as const))
  const bench = await labOfPrograms(n, { byId }, GATE)
  await bench.lab.startNetwork({})
  return bench
}

async function run(lab: Lab, ...lines: readonly string[]) {
  const executor = new Executor(lab)
  for (const line of lines) expect(await executor.execute(line, 'rest')).toMatchObject({ ok: true })
}

const isNode =
  (id: number) =>
  ({ node }: { readonly node: number }) =>
    node === id

const DIRECTIONS = [
  { what: 'from the program to our node', from: 0, to: 1 },
  { what: 'from our node to the program', from: 1, to: 0 },
] as const

/** The first rumor that leaves a node since an event. */
const rumorOf = (lab: Lab, id: number, since = 0) =>
  nextEvent(lab, 'sent', ({ n, node, content }) => n > since && node === id && content.kind === 'rumor')

const arrivalOf = ({ n }: EventOf<'sent'>, lab: Lab) => nextEvent(lab, 'received', ({ datagram }) => datagram === n)

describe.each(DIRECTIONS)('a datagram $what', ({ from, to }) => {
  test('is seen to be sent once and to arrive once', async () => {
    const { lab, settings } = await mixed()
    await run(lab, `${from} msg 1 hello`)
    await stateWhere(lab, isEverywhere('hello'))
    const sent = await rumorOf(lab, from)
    expect(sent).toMatchObject({ to: settings.rootId + to, content: { origin: settings.rootId + from, seq: 0 } })
    const arrival = await arrivalOf(sent, lab)
    expect(arrival).toMatchObject({ node: to, from: settings.rootId + from })
    expect(arrival.at).toBeGreaterThanOrEqual(sent.at)
    await lab.sequencer.flushed()
    const events = eventsOf(lab)
    const unmatched = events.filter((event) => event.type === 'received' && event.datagram === null)
    expect(unmatched).toEqual([])
    expect(events.filter((event) => event.type === 'lost')).toEqual([])
  })

  test('waits at one gate, and is duplicated, dropped and delivered from there', async () => {
    const { lab, settings } = await mixed()
    await run(lab, `hold ${from}>${to}`, `${from} msg 1 hello`)
    const held = await nextEvent(lab, 'held', ({ node, content }) => node === from && content.kind === 'rumor')
    expect(held.to).toBe(settings.rootId + to)
    expect(isEverywhere('hello')(lab.sequencer.state)).toBe(false)
    await run(lab, `duplicate ${held.number}`)
    const copy = await nextEvent(lab, 'held', ({ copyOf }) => copyOf === held.number)
    await run(lab, `drop ${held.number}`, `deliver ${copy.number}`)
    expect(await nextEvent(lab, 'sent', (sent) => sent.held === held.number)).toMatchObject({ fate: 'dropped' })
    const delivered = await nextEvent(lab, 'sent', (sent) => sent.held === copy.number)
    expect(await arrivalOf(delivered, lab)).toMatchObject({ node: to })
    await stateWhere(lab, isEverywhere('hello'))
    expect(
      eventsOf(lab).filter(({ type, ...rest }) => type === 'held' && !isNode(from)(rest as { node: number })),
    ).toEqual([])
  })

  test('is cut one way, while the other way is open', async () => {
    const { lab } = await mixed()
    await run(lab, `link ${from}>${to} cut on`, `${from} msg 1 cut`, `${to} msg 1 open`)
    await stateWhere(lab, isEverywhere('open'))
    expect(await nextEvent(lab, 'sent', ({ fate }) => fate !== undefined)).toMatchObject({ node: from, fate: 'cut' })
    expect(isEverywhere('cut')(lab.sequencer.state)).toBe(false)
    await run(lab, 'heal')
    await stateWhere(lab, isEverywhere('cut'))
  })

  test('is lost by a lossy link, at one gate, and comes again', async () => {
    const { lab } = await mixed()
    await run(lab, `link ${from}>${to} loss 100`, `${from} msg 1 hello`)
    expect(await nextEvent(lab, 'sent', ({ fate }) => fate !== undefined)).toMatchObject({ node: from, fate: 'loss' })
    await run(lab, `link ${from}>${to} loss 20`)
    await stateWhere(lab, isEverywhere('hello'))
  })

  test.each(['delay 400', 'delay 400 jitter 1', 'delay 400 duplicate 100'])(
    'is delayed once by a link with %s',
    async (link) => {
      const { lab } = await mixed()
      await run(lab, `link ${from}>${to} ${link}`)
      const since = lab.sequencer.last
      await run(lab, `${from} msg 1 hello`)
      await stateWhere(lab, isEverywhere('hello'))
      const sent = await rumorOf(lab, from, since)
      const arrival = await arrivalOf(sent, lab)
      expect(arrival.at - sent.at).toBeGreaterThanOrEqual(400)
      // Twice the delay would be 800.
      expect(arrival.at - sent.at).toBeLessThan(800)
    },
  )

  test('is delayed once by the delay of the lab', async () => {
    const { lab } = await mixed()
    await run(lab, 'delay 400', `${from} msg 1 hello`)
    await stateWhere(lab, isEverywhere('hello'))
    const sent = await rumorOf(lab, from)
    const arrival = await arrivalOf(sent, lab)
    expect(arrival.at - sent.at).toBeGreaterThanOrEqual(400)
    expect(arrival.at - sent.at).toBeLessThan(800)
  })
})

test('a client reaches our node on its port, from outside the network of the programs', async () => {
  const { lab, settings } = await mixed()
  const client = connect(settings.basePort + 1, '127.0.0.1')
  onTestFinished(() => {
    client.destroy()
  })
  client.write('msg 1 one\nmsg 2 two\nget chatLog\n')
  const [answer] = await once(client.setEncoding('utf8'), 'data')
  expect(answer).toBe('chatLog one,two\n')
  await stateWhere(lab, isEverywhere('two'))
  client.write('crash\n')
  await once(client.resume(), 'close')
  await stateWhere(lab, ({ nodes }) => nodes[1]?.status === 'crashed')
})

test('our node crashes, restarts, and catches up from the program; nothing is left behind in the end', async () => {
  const { lab, settings } = await mixed(3, [0, 2])
  await run(lab, '0 msg 1 hello')
  const { nodes } = await stateWhere(lab, isEverywhere('hello'))
  const pids = nodes.map(({ pid }) => pid)
  await lab.crash(1)
  await run(lab, '2 msg 1 after')
  await lab.start(1, settings.basePort + 1)
  await stateWhere(lab, (state) => isEverywhere('hello')(state) && isEverywhere('after')(state))
  expect(disagreement(lab.sequencer.state)).toBeUndefined()
  await lab.close()
  await expect.poll(() => pids.map(isAlive)).toEqual([false, false, false])
})

test('a program that counts on after a restart gives no message a second row: all are named by node, life and count', async () => {
  const { lab, settings } = await mixed(3, [0])
  await run(lab, '0 msg 1 one', '0 msg 2 two')
  await stateWhere(lab, isEverywhere('two'))
  await lab.crash(0)
  await lab.start(0, settings.basePort)
  await stateWhere(lab, (state) => isEverywhere('one')(state) && isEverywhere('two')(state))
  await run(lab, '0 msg 1 three', '1 msg 1 four')
  const { messages } = await stateWhere(lab, (state) => isEverywhere('three')(state) && isEverywhere('four')(state))
  const life = originOf(settings.rootId, 1)
  expect(messages.map(({ origin, seq, text }) => [origin, seq, text])).toEqual([
    [settings.rootId, 0, 'one'],
    [settings.rootId, 1, 'two'],
    [life, 0, 'three'],
    [settings.rootId + 1, 0, 'four'],
  ])
  const forwarded = await nextEvent(
    lab,
    'sent',
    ({ node, content }) => node === 1 && content.kind === 'rumor' && content.origin === life,
  )
  expect(forwarded.to).toBe(settings.rootId + 2)
})
