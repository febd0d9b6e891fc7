import { expect, onTestFinished, test } from 'vitest'
import { DEFAULTS } from '../gossip/settings.ts'
import { Executor } from '../lab/executor.ts'
import type { LabEvent } from '../model/event.ts'
import type { LabSettings } from '../model/lab-settings.ts'
import { simulatedLab } from './simulated-lab.ts'

const SETTINGS: LabSettings = {
  n: 3,
  topology: 'line',
  linkDelayMs: 0,
  seed: 1,
  basePort: 20_000,
  rootId: 40_000,
  gossip: { ...DEFAULTS, ackTimeoutMs: 200, antiEntropyMs: 300 },
}

/** A simulated lab and its command line. */
async function running({ seed = 1, ...changes }: Partial<LabSettings> = {}) {
  const faults: unknown[] = []
  const { lab, machine, wire } = simulatedLab({
    settings: { ...SETTINGS, ...changes },
    seed,
    onFault: (error) => faults.push(error),
  })
  onTestFinished(async () => {
    await lab.close()
    expect(faults).toEqual([])
  })
  const executor = new Executor(lab)
  await machine.advanceUntil(lab.startNetwork({}))
  /** Carries out lines, one after the other; none may fail. Returns the output of the last one. */
  const run = async (...lines: string[]) => {
    let output: readonly string[] = []
    for (const line of lines) {
      const outcome = await machine.advanceUntil(executor.execute(line, 'rest'))
      expect(outcome, line).toMatchObject({ ok: true })
      if (outcome.ok) output = outcome.output
    }
    return output
  }
  const events = (): readonly LabEvent[] => lab.sequencer.read(lab.sequencer.oldest, Number.MAX_SAFE_INTEGER)
  return { lab, machine, wire, executor, run, events }
}

test('a message spreads along the line, and every datagram’s path is known', async () => {
  const { machine, run, lab, events } = await running()
  await run('0 msg 1 hello')
  await machine.advanceAsync(5_000)
  expect(await run('2 get chatLog')).toEqual(['hello'])
  expect(lab.sequencer.state.nodes.map(({ messages }) => messages)).toEqual([1, 1, 1])
  const received = events().filter(({ type }) => type === 'received')
  expect(received.length).toBeGreaterThan(4)
  expect(received.filter((event) => event.type === 'received' && event.datagram === null)).toEqual([])
})

/** Every command that acts on nodes and links. */
const EVERYTHING = [
  '0 msg 1 hello',
  'link 0 1 loss 30',
  '1 msg 2 second',
  'hold 0>1 on',
  '0 msg 3 third',
  'link 1 2 cut',
  'key on',
  '2 msg 4 fourth',
  '1 crash',
  '1 start 3 20001',
  'deliver 0>1',
  'hold 0>1 off',
  'heal',
  'node 0 babble on',
  'delay 20',
]

async function storyOf(seed: number) {
  const { machine, run, lab, events } = await running({ seed })
  for (const line of EVERYTHING) {
    await run(line)
    await machine.advanceAsync(400)
  }
  await machine.advanceAsync(800)
  return { events: events(), id: lab.id }
}

test('the same seed and the same commands give the same events, another seed others', async () => {
  const story = await storyOf(7)
  expect(await storyOf(7)).toEqual(story)
  expect((await storyOf(8)).events).not.toEqual(story.events)
})

test('a burst is reported whole', async () => {
  const { machine, run, lab, events } = await running({ n: 2 })
  for (let count = 0; count < 800; count += 1) void lab.msg(0, `${count}`, `m${count}`)
  await machine.advanceAsync(5_000)
  expect(await run('1 get chatLog')).toHaveLength(1)
  expect(lab.sequencer.state.nodes.map(({ messages }) => messages)).toEqual([800, 800])
  expect(events().filter(({ type }) => type === 'sampling')).toEqual([])
  expect(events().filter(({ type }) => type === 'lost')).toEqual([])
})

test('a line over TCP is carried out, and a typed crash ends the node after its grace period', async () => {
  const { machine, wire, lab } = await running()
  expect(wire.sendLine(20_000, 'msg 1 typed')).toEqual([])
  await machine.advanceAsync(100)
  expect(wire.sendLine(20_002, 'get chatLog')).toEqual(['chatLog typed'])
  wire.sendLine(20_001, 'crash')
  await machine.advanceAsync(500)
  expect(wire.sendLine(20_001, 'get chatLog')).toBeUndefined()
  expect(lab.sequencer.state.nodes[1]?.end).toEqual({ how: 'crashed' })
})

test('a node that ended sends nothing more and has no timer left', async () => {
  const { machine, run, events } = await running()
  await run('0 msg 1 hello', 'node 0 flood on')
  await machine.advanceAsync(100)
  await run('exit')
  await machine.advanceAsync(1_000)
  const ended = events().findLast(({ type }) => type === 'ended')
  await machine.advanceAsync(60_000)
  expect(events().filter(({ at, type }) => type !== 'command' && type !== 'lost' && at > (ended?.at ?? 0))).toEqual([])
})

test('nodes with a key gossip on, and accept nothing from outside', async () => {
  const { machine, run, wire, lab } = await running()
  await run('key on')
  const stranger = wire.openUdp({ port: 50_000, onDatagram: () => {}, onError: () => {} })
  stranger.send(40_001, new TextEncoder().encode('rumor:40000:{forged,40000,0}'))
  await run('0 msg 1 hello', '1 crash', '1 start 3 20001', '1 msg 2 back')
  await machine.advanceAsync(200)
  expect(await run('0 get chatLog')).toEqual(['hello,back'])
  expect(lab.sequencer.state.nodes[1]?.messages).toBe(2)
})

test('every event has its number in its instant, in order of time', async () => {
  const { machine, run, lab, events } = await running({ linkDelayMs: 40 })
  const waits = new Set<number>()
  let read = lab.sequencer.last
  lab.onRelease(() => {
    for (const { at } of lab.sequencer.read(read + 1, Number.MAX_SAFE_INTEGER)) waits.add(lab.now() - at)
    read = lab.sequencer.last
  })
  await run('0 msg 1 hello', '1 crash', '1 start 3 20001')
  await machine.advanceAsync(1_000)
  expect([...waits]).toEqual([0])
  const times = events().map(({ at }) => at)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
})
