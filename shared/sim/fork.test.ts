import { expect, onTestFinished, test } from 'vitest'
import { createRandom } from '../gossip/random.ts'
import { DEFAULTS } from '../gossip/settings.ts'
import { Executor } from '../lab/executor.ts'
import type { LabEvent } from '../model/event.ts'
import { chanceIn, firstDifference } from '../model/first-difference.ts'
import type { LabSettings } from '../model/lab-settings.ts'
import { holds, type LabState } from '../model/lab-state.ts'
import { originOfFork, whyNoFork } from './fork.ts'
import { type SimulatedLab, simulatedLab } from './simulated-lab.ts'

const SETTINGS: LabSettings = {
  n: 6,
  topology: 'ring',
  linkDelayMs: 40,
  seed: 1,
  basePort: 20_000,
  rootId: 40_000,
  gossip: { ...DEFAULTS, ackTimeoutMs: 300, antiEntropyMs: 2_000 },
}

interface Timed {
  readonly at: number
  readonly line: string
}

const ends = ({ lab, machine }: SimulatedLab) => {
  const executor = new Executor(lab)
  return {
    lab,
    machine,
    events: (): readonly LabEvent[] => lab.sequencer.read(lab.sequencer.oldest, Number.MAX_SAFE_INTEGER),
    stateAt: (at: number): LabState =>
      lab.sequencer.stateAfter(
        lab.sequencer.oldest - 1 + before(lab.sequencer.read(lab.sequencer.oldest, Number.MAX_SAFE_INTEGER), at),
      ),
    async run(commands: readonly Timed[], until: number) {
      for (const { at, line } of commands) {
        await machine.advanceToAsync(at)
        void executor.execute(line, 'rest')
      }
      await machine.advanceToAsync(until)
    },
    async do(line: string) {
      return machine.advanceUntil(executor.execute(line, 'rest'))
    },
  }
}
type Ends = ReturnType<typeof ends>

const before = (events: readonly LabEvent[], at: number) => {
  const place = events.findIndex((event) => event.at > at)
  return place < 0 ? events.length : place
}

async function recorded(
  settings: Partial<LabSettings>,
  commands: readonly Timed[],
  until: number,
  seed = 1,
): Promise<Ends> {
  const faults: unknown[] = []
  const one = ends(
    simulatedLab({ settings: { ...SETTINGS, ...settings }, seed, onFault: (error) => faults.push(error) }),
  )
  onTestFinished(() => {
    expect(faults).toEqual([])
    return one.lab.close()
  })
  await one.machine.advanceUntil(one.lab.startNetwork({}))
  await one.run(commands, until)
  return one
}

async function fork(from: Ends, at: number, seed = 99): Promise<Ends> {
  const events = from.events().slice(0, before(from.events(), at))
  const faults: unknown[] = []
  const { origin, settings } = originOfFork({ state: from.stateAt(at), at, events }, seed)
  const one = ends(simulatedLab({ settings, origin, seed, onFault: (error) => faults.push(error) }))
  onTestFinished(() => {
    expect(faults).toEqual([])
    return one.lab.close()
  })
  await one.machine.advanceUntil(one.lab.resume())
  return one
}

/** By message: the nodes that have it, in their lives. */
const holdersIn = ({ nodes, messages }: LabState) => ({
  nodes: nodes.map(({ status, generation }) => `${status} ${generation}`),
  messages: Object.fromEntries(
    messages.map((message) => [message.key, nodes.filter(({ id }) => holds(message, id)).map(({ id }) => id)]),
  ),
})

const LECTURE: readonly Timed[] = [
  { at: 100, line: '0 msg 1 hello' },
  { at: 130, line: 'hold 3>4 on' },
  { at: 600, line: '2 crash' },
  { at: 700, line: '5 msg 2 second' },
]

test('it begins with the same messages, lives, faults, held datagrams and those on their way', async () => {
  const real = await recorded({}, LECTURE, 5_000)
  const at = 735
  const state = real.stateAt(at)
  expect(Object.keys(state.inFlight).length).toBeGreaterThan(0)
  expect(Object.keys(state.held).length).toBeGreaterThan(0)
  const forked = await fork(real, at)
  expect(forked.lab.now()).toBe(at)
  expect(forked.events()).toEqual([])
  const begun = forked.lab.sequencer.state
  for (const part of ['messages', 'inFlight', 'held', 'links', 'last'] as const)
    expect(begun[part]).toEqual(state[part])
  expect(begun.nodes.map(({ status, generation, vector }) => ({ status, generation, vector }))).toEqual(
    state.nodes.map(({ status, generation, vector }) => ({ status, generation, vector })),
  )
  expect(await forked.do('0 get chatLog')).toMatchObject({ output: ['hello'] })
})

test('datagrams on their way arrive as the same, and held ones are delivered under their numbers', async () => {
  const real = await recorded({}, LECTURE, 5_000)
  const at = 735
  const { inFlight, held } = real.stateAt(at)
  const forked = await fork(real, at)
  await forked.run([], at + 45)
  const arrived = forked.events().flatMap((event) => (event.type === 'received' ? [event.datagram] : []))
  expect(arrived).toEqual(expect.arrayContaining(Object.values(inFlight).map(({ id }) => id)))
  const [first] = Object.values(held)
  expect(await forked.do(`deliver ${first?.number}`)).toMatchObject({ ok: true })
  await forked.run([], at + 50)
  expect(forked.lab.sequencer.state.held[first?.number ?? 0]).toBeUndefined()
  const lost = forked.events().flatMap((event) => (event.type === 'lost' ? [event.datagram] : []))
  expect(lost.filter((id) => inFlight[id])).toEqual([])
})

test('a restart after the fork begins the generation after the last one', async () => {
  const real = await recorded({}, LECTURE, 5_000)
  const forked = await fork(real, 800)
  expect(await forked.do('2 start 6 20002')).toMatchObject({ ok: true })
  await forked.run([], 4_000)
  expect(forked.lab.sequencer.state.nodes[2]).toMatchObject({ status: 'running', generation: 1, messages: 2 })
})

test('a fork of a fork goes on from there', async () => {
  const real = await recorded({}, LECTURE, 1_000)
  const first = await fork(real, 735)
  await first.run([{ at: 800, line: '1 msg 3 third' }], 900)
  const second = await fork(first, 820)
  await second.run([{ at: 900, line: 'heal' }], 6_000)
  expect(second.lab.sequencer.state.messages.map(({ text }) => text)).toEqual(['hello', 'second', 'third'])
  expect(await second.do('3 get chatLog')).toMatchObject({ output: [expect.stringContaining('third')] })
})

test('there is no fork without a network', async () => {
  const real = await recorded({}, [], 100)
  const state = real.stateAt(50)
  expect(whyNoFork({ ...state, settings: null })).toBe('there is no network yet')
  expect(whyNoFork(state)).toBeUndefined()
})

/** Some commands that a class may give within 6 s. */
function somebodysCommands(random: ReturnType<typeof createRandom>): Timed[] {
  const lines = Array.from({ length: 3 + random.below(7) }, (_, index): string => {
    const id = random.below(6)
    const link = `${id} ${(id + 1) % 6}`
    const all = [`${id} msg ${index} m${index}`, `${id} crash`, `${id} start 6 ${20_000 + id}`, `link ${link} cut`]
    const more = [`link ${link} loss 40`, `hold ${link.replace(' ', '>')} on`, 'hold all off', 'heal', 'deliver oldest']
    return random.pick([...all, `${id} msg ${index} n${index}`, `${id} msg ${index} k${index}`, ...more], 1)[0] ?? ''
  })
  return lines.map((line) => ({ at: 50 + random.below(6_000), line })).sort((a, b) => a.at - b.at)
}

test('50 random instants: the later commands lead to the same holders, or the chance that differed has a name', async () => {
  const END = 14_000
  const named: Record<string, number> = {}
  for (let seed = 1; seed <= 50; seed += 1) {
    // In every other one nothing repairs what chance stops.
    const gossip =
      seed % 2 ? SETTINGS.gossip : { ...SETTINGS.gossip, fanout: 1, coin: 0, retries: 0, antiEntropyMs: 600_000 }
    const random = createRandom(seed)
    const commands = somebodysCommands(random)
    const real = await recorded({ seed, gossip, topology: seed % 2 ? 'ring' : 'mesh' }, commands, END, seed)
    const at = 100 + random.below(6_000)
    const forked = await fork(real, at, seed + 1)
    await forked.run(
      commands.filter((command) => command.at > at),
      END,
    )
    const [before, after] = [holdersIn(real.lab.sequencer.state), holdersIn(forked.lab.sequencer.state)]
    const same = JSON.stringify(before) === JSON.stringify(after)
    const difference = firstDifference(
      real.events().filter((event) => event.at > at),
      forked.events(),
    )
    const name = same ? 'same' : difference ? chanceIn(difference) : null
    expect(name, `seed ${seed} at ${at}: ${JSON.stringify([difference, before, after])}`).not.toBe(null)
    named[name ?? ''] = (named[name ?? ''] ?? 0) + 1
  }
  // Without chance, all of them are the same.
  expect(named.same).toBeGreaterThanOrEqual(25)
}, 120_000)
