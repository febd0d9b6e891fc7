import { expect, test } from 'vitest'
import { parseScenario } from '../../shared/language/scenario.ts'
import { EMPTY_LAB } from '../../shared/model/lab-state.ts'
import type { PlayerSide } from './live.ts'
import { createScenarioPlayer } from './scenario-player.ts'

function playerOf(...lines: readonly string[]) {
  const parsed = parseScenario(lines.join('\n'))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const executed: string[] = []
  const player = createScenarioPlayer(parsed.steps, {
    world: (player: PlayerSide) => ({
      ...player,
      async execute(line) {
        executed.push(line)
        return { ok: true, output: line === 'step' ? ['hello'] : [] }
      },
      state: () => EMPTY_LAB,
      onChange: () => () => {},
      flushed: async () => {},
      // A wait lasts until it is stopped.
      later: () => () => {},
      portOf: (_id, port) => port,
    }),
    lab: () => EMPTY_LAB,
    later: (run) => {
      queueMicrotask(run)
      return () => {}
    },
    now: () => 0,
  })
  return { player, executed }
}

const soon = () => new Promise((resolve) => setTimeout(resolve))
const NETWORK = 'network 4 line fanout=2 window=16 coin=0.5 ackTimeoutMs=1000 antiEntropyMs=10000 retries=3 batchMs=0'

test('run carries everything out, in a network of its own on request', async () => {
  const { player, executed } = playerOf('heal', 'help')
  expect(player.network).toBe(NETWORK)
  player.run(true)
  await soon()
  expect(executed).toEqual([NETWORK, 'heal', 'help'])
  expect(player.getState()).toMatchObject({ phase: 'ended', failures: 0, stopped: false })
  player.run(false)
  await soon()
  expect(executed.slice(3)).toEqual(['heal', 'help'])
})

test('a file that makes its network gets no other; one that starts nodes gets as many', () => {
  expect(playerOf('network 8 ring').player.network).toBeNull()
  expect(playerOf('0 start 6 20000').player.network).toMatch(/^network 6 line /)
})

test('step carries one line out and pauses before the next; run continues from there', async () => {
  const { player, executed } = playerOf('heal', 'step', 'help')
  player.step(false)
  await soon()
  expect(executed).toEqual(['heal'])
  expect(player.getState()).toMatchObject({ phase: 'paused', now: { step: { line: 2 } } })
  player.run(false)
  await soon()
  expect(executed).toEqual(['heal', 'step', 'help'])
  expect(player.getState()).toMatchObject({ phase: 'ended', said: [{ line: 2, text: 'hello', failed: false }] })
})

test('an unmet expectation is reported with its line', async () => {
  const { player } = playerOf('heal', 'expect running 3')
  player.run(false)
  await soon()
  expect(player.getState()).toMatchObject({
    phase: 'ended',
    failures: 1,
    said: [{ line: 2, text: 'expect running 3: found: node 3: no such node', failed: true }],
  })
})

test.each(['until crashed 1', 'sleep 60s'])('stop ends it in the middle of %j', async (line) => {
  const { player, executed } = playerOf(line, 'heal')
  player.run(false)
  await soon()
  expect(player.getState()).toMatchObject({ phase: 'running', now: { step: { line: 1 } } })
  player.stop()
  await soon()
  expect(player.getState()).toMatchObject({ phase: 'ended', stopped: true, failures: 0 })
  expect(executed).toEqual([])
})

test('pause stops before the next line', async () => {
  const { player, executed } = playerOf('heal', 'help')
  player.run(false)
  player.pause()
  await soon()
  expect(executed).toEqual(['heal'])
  expect(player.getState().phase).toBe('paused')
  player.stop()
  await soon()
  expect(player.getState()).toMatchObject({ phase: 'ended', stopped: true })
})
