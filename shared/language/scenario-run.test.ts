import { expect, test } from 'vitest'
import { DEFAULTS } from '../gossip/settings.ts'
import { fold } from '../model/fold.ts'
import { EMPTY_LAB, type LabState } from '../model/lab-state.ts'
import { explainMismatch, holdersOf } from './condition.ts'
import { parseScenario } from './scenario.ts'
import { runScenario, type ScenarioWorld } from './scenario-run.ts'

const stepsOf = (...lines: readonly string[]) => {
  const parsed = parseScenario(lines.join('\n'))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.steps
}

/** A world in which nothing happens by itself: the test sets the lab's state, and ends each timeout. */
function worldOf(changes: Partial<ScenarioWorld> = {}) {
  const executed: string[] = []
  const complaints: string[] = []
  const timers = new Map<() => void, number>()
  const listeners = new Set<() => void>()
  let state: LabState = EMPTY_LAB
  const stop = new AbortController()
  const world: ScenarioWorld = {
    async execute(line) {
      executed.push(line)
      return { ok: true, output: [] }
    },
    state: () => state,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    flushed: async () => {},
    later(run, ms) {
      timers.set(run, ms)
      return () => timers.delete(run)
    },
    print: () => {},
    complain: (what, { line }) => complaints.push(`${line}: ${what}`),
    portOf: (id) => 30_000 + id,
    mayGoOn: async () => true,
    signal: stop.signal,
    ...changes,
  }
  return {
    world,
    executed,
    complaints,
    timers,
    stop,
    become(next: LabState) {
      state = next
      for (const listener of listeners) listener()
    },
    isIdle: () => timers.size === 0 && listeners.size === 0,
  }
}

/** By then everything that does not wait for the test has happened. */
async function soon() {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve()
}

const crashed: LabState = fold(EMPTY_LAB, [
  {
    n: 1,
    at: 0,
    type: 'network',
    settings: {
      n: 2,
      topology: 'line',
      linkDelayMs: 0,
      seed: 1,
      rootId: 40_000,
      basePort: 20_000,
      gossip: DEFAULTS,
    },
  },
  { n: 2, at: 1, type: 'starting', node: 0, generation: 0, pid: 7, seed: 1 },
  { n: 3, at: 2, type: 'running', node: 0, tcp: [20_000] },
  { n: 4, at: 3, type: 'stored', node: 0, origin: 40_000, seq: 0, text: 'hello', from: null },
  { n: 5, at: 4, type: 'ended', node: 1, end: { how: 'crashed' }, stderr: [] },
])

test('a wait ends when its condition is true, and leaves nothing behind', async () => {
  const { world, become, executed, complaints, isIdle } = worldOf()
  const run = runScenario(stepsOf('0 start 2 20000', 'until crashed 1', '0 msg 1 hello'), world)
  await soon()
  expect(executed).toEqual(['0 start 2 30000'])
  become(crashed)
  expect(await run).toBe(0)
  expect(executed).toEqual(['0 start 2 30000', '0 msg 1 hello'])
  expect(complaints).toEqual([])
  expect(isIdle()).toBe(true)
})

test('a wait in vain ends the run when its time is over, and reports the actual state', async () => {
  const { world, timers, executed, complaints } = worldOf()
  const run = runScenario(stepsOf('until crashed 1 within 5s', '0 crash'), world)
  await soon()
  const [[timeIsOver, ms] = []] = timers
  expect(ms).toBe(5_000)
  timeIsOver?.()
  expect(await run).toBe(1)
  expect(complaints).toEqual(['1: did not happen within 5 s; node 1: no such node'])
  expect(executed).toEqual([])
})

test('the caller may pause before a line, and end the run there', async () => {
  const asked: number[] = []
  let answer: (goOn: boolean) => void = () => {}
  const { world, executed } = worldOf({
    mayGoOn: ({ line }) => {
      asked.push(line)
      return new Promise((resolve) => {
        answer = resolve
      })
    },
  })
  const run = runScenario(stepsOf('heal', 'step', 'help'), world)
  answer(true)
  await soon()
  expect({ asked, executed }).toEqual({ asked: [1, 2], executed: ['heal'] })
  answer(false)
  expect(await run).toBe(0)
  expect(executed).toEqual(['heal'])
})

test.each(['sleep 60s', 'until crashed 1'])('ending the run ends %j at once, without a complaint', async (line) => {
  const { world, stop, complaints, executed, isIdle } = worldOf()
  const run = runScenario(stepsOf(line, 'heal'), world)
  await soon()
  expect(isIdle()).toBe(false)
  stop.abort()
  expect(await run).toBe(0)
  expect({ complaints, executed, idle: isIdle() }).toEqual({ complaints: [], executed: [], idle: true })
})

test('copies are those of running nodes, whatever else they have', () => {
  expect(holdersOf(crashed, 'hello')).toEqual([0])
  const copies = (count: number, text = 'hello') => explainMismatch(crashed, { kind: 'copies', text, is: '=', count })
  expect(copies(1)).toBeUndefined()
  expect(copies(2)).toBe('only node 0 has hello')
  expect(copies(1, 'bye')).toBe('no running node has bye')
})

test('a refused network ends the run: later lines would act on the old network', async () => {
  const around = worldOf({ execute: async (line) => ({ ok: false, error: `${line} is refused` }) })
  const failures = await runScenario(stepsOf('0 crash', 'network 3 line', '0 msg 1 hello'), around.world)
  expect(failures).toBe(2)
  expect(around.complaints).toEqual(['1: 0 crash is refused', '2: network 3 line is refused'])
})
