import { expect, onTestFinished, test } from 'vitest'
import type { LabEvent } from '../../shared/model/event.ts'
import type { ForkPoint } from '../../shared/sim/fork.ts'
import { NO_SOCKETS, VirtualMachine } from '../../shared/sim/virtual-machine.ts'
import type { Experiment } from '../../shared/wire/experiment.ts'
import type { By, ServerMessage } from '../../shared/wire/protocol.ts'
import { PROTOCOL_VERSION } from '../../shared/wire/version.ts'
import { experimentIn, experimentPart } from '../site/experiment-address.ts'
import type { FromWorker } from './messages.ts'
import { Simulation } from './simulation.ts'

const EXPERIMENT: Experiment = { seed: 7, n: 4, topology: 'line', linkDelayMs: 100, commands: [] }

/** Lets all promises that need no timer go on. */
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A simulation that a test paces, and the one page that it has. */
async function simulationOf(experiment: Experiment = EXPERIMENT, to = 0, from: ForkPoint | null = null) {
  const people = new VirtualMachine(NO_SOCKETS)
  const told: FromWorker[] = []
  const simulation = new Simulation({
    experiment,
    from,
    to,
    people,
    tell: (message) => told.push(message),
    onFault: raise,
  })
  onTestFinished(() => simulation.close())
  /** Time of people passes, in ms. */
  async function pass(ms: number) {
    for (const until = people.now() + ms; people.now() < until; ) {
      await people.advanceAsync(1)
      await turn()
    }
  }
  async function over<T>(promise: Promise<T>): Promise<T> {
    let isOver = false
    void promise.finally(() => {
      isOver = true
    })
    while (!isOver) await pass(1)
    return promise
  }
  await over(simulation.ready)
  const page = await pageOf(simulation)
  const run = async (line: string, by: By = 'console') => {
    const id = page.ask(line, by)
    await over(page.reply(id))
    return page.reply(id)
  }
  const events = (): readonly LabEvent[] => simulation.lab.sequencer.read(1, Number.MAX_SAFE_INTEGER)
  const experimentSoFar = () => told.findLast((message) => message.type === 'experiment')?.experiment ?? experiment
  return { simulation, people, page, told, pass, run, events, experimentSoFar }
}

async function pageOf(simulation: Simulation) {
  const messages: ServerMessage[] = []
  const waiting = new Map<number, (reply: ServerMessage) => void>()
  const replies = new Map<number, Promise<ServerMessage>>()
  const session = simulation.open({
    send(text) {
      const message: ServerMessage = JSON.parse(text)
      messages.push(message)
      if (message.type === 'reply') waiting.get(message.id)?.(message)
    },
    close: () => {},
  })
  session?.hear(JSON.stringify({ type: 'join', version: PROTOCOL_VERSION }))
  await turn()
  return {
    messages,
    ask(line: string, by: By): number {
      const id = replies.size
      replies.set(id, new Promise((resolve) => waiting.set(id, resolve)))
      session?.hear(JSON.stringify({ type: 'command', id, line, by }))
      return id
    },
    reply: (id: number) => replies.get(id) ?? Promise.reject(new Error('no such question')),
    /** Pace of the clock, as the page last heard. */
    rate() {
      const message = messages.findLast((one) => 'now' in one)
      return message && (message.rate ?? 1)
    },
  }
}

function raise(error: unknown) {
  throw error
}

const copies = ({ lab }: Simulation) => lab.sequencer.state.nodes.map(({ messages }) => messages)

test('the clock is stopped until somebody runs it, then runs at its pace, and stops at once', async () => {
  const { simulation, page, pass } = await simulationOf()
  const began = simulation.lab.now()
  await pass(1_000)
  expect(simulation.lab.now()).toBe(began)
  expect(page.rate()).toBe(0)
  for (const rate of [1, 10, 1_000]) {
    const before = simulation.lab.now()
    simulation.pace(rate)
    await pass(400)
    expect(page.rate()).toBe(rate)
    const passed = (simulation.lab.now() - before) / rate
    expect(passed).toBeGreaterThan(350)
    expect(passed).toBeLessThan(450)
  }
  simulation.pace(0)
  await pass(16)
  const stopped = simulation.lab.now()
  await pass(1_000)
  expect(simulation.lab.now()).toBe(stopped)
})

test('slow motion slows the way of a datagram, and not the wait for the next one', async () => {
  const { simulation, page, pass, run } = await simulationOf()
  // The greetings of the nodes have arrived, and no round of anti-entropy has begun.
  await run('sleep 300ms')
  simulation.pace(1 / 100)
  await pass(40)
  expect(page.rate()).toBe(1)
  await run('0 msg 1 hello')
  const sent = simulation.lab.now()
  await pass(1_000)
  expect(page.rate()).toBe(1 / 100)
  expect(simulation.lab.now() - sent).toBeLessThan(20)
  expect(copies(simulation)).toEqual([1, 0, 0, 0])
})

test('a command is carried out while the clock is stopped', async () => {
  const { simulation, run, pass } = await simulationOf()
  const before = simulation.lab.now()
  expect(await run('0 msg 1 hello')).toMatchObject({ ok: true })
  expect(await run('1 crash')).toMatchObject({ ok: true })
  expect(await run('1 start 4 20001')).toMatchObject({ ok: true })
  await pass(100)
  expect(simulation.lab.sequencer.state.nodes[1]).toMatchObject({ status: 'running', generation: 1 })
  expect(simulation.lab.now() - before).toBeLessThan(10)
})

test('a step goes to the next event, and no further', async () => {
  const { simulation, run, pass, events } = await simulationOf()
  await run('0 msg 1 hello')
  await pass(20)
  const { last } = simulation.lab.sequencer
  simulation.step()
  await pass(20)
  const fresh = events().filter(({ n }) => n > last)
  expect(fresh.map(({ type }) => type)).toContain('received')
  expect(new Set(fresh.map(({ at }) => at))).toEqual(new Set([simulation.lab.now()]))
})

test('until stops the clock in the instant in which its condition is true', async () => {
  const { simulation, run, told, pass, events } = await simulationOf()
  await run('0 msg 1 hello')
  expect(await run('until copies hello = 3')).toMatchObject({
    ok: true,
    output: [expect.stringMatching(/^stopped at/)],
  })
  expect(copies(simulation)).toEqual([1, 1, 1, 0])
  expect(events().findLast(({ type }) => type === 'stored')?.at).toBe(simulation.lab.now())
  expect(told).toContainEqual({ type: 'stopped' })
  const stopped = simulation.lab.now()
  await pass(500)
  expect(simulation.lab.now()).toBe(stopped)
  expect(await run('sleep 5s')).toMatchObject({ ok: true })
  expect(simulation.lab.now()).toBe(stopped + 5_000)
  expect(await run('until copies other = 1 within 2s')).toMatchObject({ ok: false, error: /^did not happen until/ })
  expect(await run('until tomorrow')).toMatchObject({ ok: false, error: /^after until, write/ })
})

test('nobody can be let in', async () => {
  const { run } = await simulationOf()
  expect(await run('viewers may chat')).toMatchObject({ ok: false, error: /share a link/ })
})

/** A lecture: every command comes at some time of its own, at some pace. */
async function lecture() {
  const { simulation, run, pass, events, experimentSoFar } = await simulationOf()
  for (const [rate, ms, line] of [
    [1, 333, '0 msg 1 hello'],
    [10, 77, '1 crash'],
    [0, 50, '2 msg 1 alone'],
    [1 / 20, 400, '1 start 4 20001'],
    [100, 123, 'link 1 2 loss 30'],
    [1, 250, '3 msg 1 later'],
    [0, 5, 'network 8 ring'],
    [50, 90, '4 msg 1 around'],
    [1_000, 30, 'hold 0>1 on'],
  ] as const) {
    simulation.pace(rate)
    await pass(ms)
    await run(line)
  }
  await pass(100)
  return { events: events(), experiment: experimentSoFar(), until: simulation.lab.now(), id: simulation.lab.id }
}

test('an address repeats the run, event for event, at another pace', async () => {
  const { events, experiment, until, id } = await lecture()
  const part = await experimentPart(experiment)
  expect(part.length).toBeLessThan(2_000)
  const read = await experimentIn(`#${part}&t=12`)
  expect(read).toEqual(experiment)
  if (typeof read === 'string' || read === null) return
  const again = await simulationOf(read, until)
  expect(again.simulation.lab.id).toBe(id)
  expect(again.simulation.lab.now()).toBe(until)
  expect(again.events()).toEqual(events)
})

test('a usual lecture fits into 2 kB of an address', async () => {
  const lines = Array.from({ length: 50 }, (_, index) => [
    `${index % 8} msg ${index} message number ${index}`,
    `${(index * 3) % 8} ${index % 2 ? 'crash' : `start 8 ${20_000 + ((index * 3) % 8)}`}`,
  ]).flat()
  const commands = lines.map((line, index) => ({ at: 1_234.567 * (index + 1), by: 'page' as const, line }))
  expect((await experimentPart({ ...EXPERIMENT, commands })).length).toBeLessThan(2_000)
})

test('an address that is cut off or made up is refused with a reason', async () => {
  const part = await experimentPart({ ...EXPERIMENT, commands: [{ at: 1, by: 'page', line: '0 msg 1 hello' }] })
  expect(await experimentIn('')).toBe(null)
  expect(await experimentIn(`#${part.slice(0, -6)}`)).toBe('it is cut off or damaged')
  expect(await experimentIn('#sim=%%%')).toBe('it is cut off or damaged')
  for (const [change, why] of [
    [{ n: 1_001 }, 'its network is damaged'],
    [{ seed: -1 }, 'its network is damaged'],
    [
      {
        commands: [
          { at: 9, by: 'page', line: 'a' },
          { at: 8, by: 'page', line: 'b' },
        ],
      },
      'its command 2 is damaged',
    ],
    [{ commands: [{ at: 9e8, by: 'page', line: 'a' }] }, 'its command 1 is damaged'],
  ] as const)
    expect(await experimentIn(`#${await experimentPart({ ...EXPERIMENT, ...change })}`)).toBe(why)
})

test('it goes on from an instant of another lab', async () => {
  const first = await simulationOf()
  first.simulation.pace(1)
  await first.run('0 msg 1 hello')
  await first.pass(150)
  await first.run('1 crash')
  const { lab } = first.simulation
  const from = { state: lab.sequencer.state, at: lab.now(), events: first.events() }
  const { simulation, run } = await simulationOf(EXPERIMENT, 0, from)
  expect(simulation.lab.now()).toBe(from.at)
  const { nodes, settings } = simulation.lab.sequencer.state
  expect(nodes.map(({ status, messages }) => `${status} ${messages}`)).toEqual(
    from.state.nodes.map(({ status, messages }) => `${status} ${messages}`),
  )
  expect(settings).toEqual(from.state.settings)
  simulation.pace(100)
  expect(await run('1 start 4 20001')).toMatchObject({ ok: true })
  expect(await run('until copies hello = 4')).toMatchObject({ ok: true })
})

test('a computer that is too slow for the pace tells the one that it keeps', async () => {
  const { simulation, pass, run, people } = await simulationOf({ ...EXPERIMENT, n: 60, topology: 'random' })
  simulation.pace(1_000)
  await pass(20)
  expect(simulation.lab.platform.rate()).toBe(1_000)
  // Each look at the clock takes a while now.
  const now = people.now.bind(people)
  let worked = 0
  Object.defineProperty(people, 'now', {
    value: () => {
      worked += 0.1
      return now() + worked
    },
  })
  await run('0 msg 1 hello')
  await pass(50)
  expect(simulation.lab.platform.rate()).toBeLessThan(500)
  expect(simulation.lab.platform.rate()).toBeGreaterThan(0)
})
