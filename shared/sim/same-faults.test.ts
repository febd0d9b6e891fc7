/** A fault of a link is the same to machines of the bare protocol as to whole nodes. */
import { describe, expect, test } from 'vitest'
import type { LinkCondition } from '../model/fault.ts'
import { neighboursOf } from '../model/topology.ts'
import { storyWorld } from './run-scenario.ts'
import { ShellWorld } from './shell-world.ts'
import type { StoryWorld } from './story.ts'
import { World } from './world.ts'

interface Pair {
  readonly world: StoryWorld
  run(until: number): void | Promise<void>
}

/** Starts two neighbours. At 1 s they know each other, nothing is in the air, and the next anti-entropy is far. */
async function pairOf(kind: 'machines' | 'shells', faults: Partial<LinkCondition>): Promise<Pair> {
  const options = { seed: 1, neighbours: neighboursOf('line', 2), settings: { antiEntropyMs: 60_000 }, faults }
  let pair: Pair
  if (kind === 'machines') {
    const world = new World(options)
    pair = { world: storyWorld(world), run: (until) => world.run(until) }
  } else {
    const world = new ShellWorld({ ...options, plain: [], standalone: false, reuseGenerations: false, watch: () => {} })
    pair = { world, run: (until) => world.run(until) }
  }
  for (const { id } of pair.world.nodes) pair.world.start(id)
  await pair.run(1_000)
  return pair
}

const texts = (world: StoryWorld, id: number) => world.held(id).map(({ text }) => text)

describe.each(['machines', 'shells'] as const)('between %s', (kind) => {
  test('a node that ends loses what is in the air to it, though it comes back at once', async () => {
    const { world, run } = await pairOf(kind, { delayMs: 100 })
    world.type(0, 'hello')
    await run(1_050)
    world.end(1, false)
    world.start(1)
    await run(1_150)
    expect(texts(world, 1)).toEqual([])
    await run(1_300)
    expect(texts(world, 1), 'by the answer to its greeting').toEqual(['hello'])
  })

  test('a node that ends takes back nothing that it has sent', async () => {
    const { world, run } = await pairOf(kind, { delayMs: 100 })
    world.type(0, 'hello')
    await run(1_050)
    world.end(0, false)
    await run(1_150)
    expect(texts(world, 1)).toEqual(['hello'])
  })

  test('a node that ends loses what waits at its gate', async () => {
    const { world, run } = await pairOf(kind, {})
    world.change(0, 1, { hold: true })
    world.type(0, 'hello')
    await run(1_010)
    world.end(0, false)
    world.change(0, 1, { hold: false })
    await run(20_000)
    expect(texts(world, 1)).toEqual([])
  })

  test('what was held reaches a node that has come back in the meantime', async () => {
    const { world, run } = await pairOf(kind, { delayMs: 100 })
    world.change(0, 1, { hold: true })
    world.type(0, 'hello')
    world.end(1, false)
    world.start(1)
    await run(2_000)
    expect(texts(world, 1)).toEqual([])
    world.change(0, 1, { hold: false })
    // Once through the air: no question and answer fit in between.
    await run(2_150)
    expect(texts(world, 1)).toEqual(['hello'])
  })
})
