/** Changes the delay of a link while rumors are in flight: no rumor is lost, so none should be repeated. */
import { expect, test } from 'vitest'
import type { LinkCondition } from '../model/fault.ts'
import { neighboursOf } from '../model/topology.ts'
import { World } from './world.ts'

const NODES = 8

/** Returns the percentage of repeated rumors among 100 messages after the change. */
function repeatsAfter(before: Partial<LinkCondition>, after: Partial<LinkCondition>, everyMs: number): number {
  const sent = new Set<string>()
  let rumors = 0
  const world: World = new World({
    seed: 1,
    neighbours: neighboursOf('line', NODES),
    faults: before,
    watch: (event) => {
      if (event.type !== 'sent' || typeof event.what === 'string' || event.what.kind !== 'rumor') return
      const { origin, seq } = event.what
      rumors += 1
      sent.add(`${event.node}>${event.to} ${origin}.${seq}`)
    },
  })
  const say = (count: number) => {
    for (let message = 0; message < count; message += 1) {
      world.type((5 * message) % NODES, 'm')
      world.run(world.now + everyMs)
    }
    world.run(world.now + 2_000)
  }
  world.startAll()
  world.run(500)
  say(50)
  sent.clear()
  rumors = 0
  world.changeFaults(after)
  say(100)
  return (100 * (rumors - sent.size)) / rumors
}

test.each([
  ['from 0 to 100 ms', { delayMs: 0 }, { delayMs: 100 }, 0],
  ['from 5 to 50 ms', { delayMs: 5 }, { delayMs: 50 }, 0],
  ['from 5 to 300 ms', { delayMs: 5 }, { delayMs: 300 }, 0],
  ['from 100 to 0 ms', { delayMs: 100 }, { delayMs: 0 }, 0],
  ['by jitter', { delayMs: 5 }, { delayMs: 100, jitterMs: 50 }, 2],
  ['by jitter alone', { delayMs: 100 }, { jitterMs: 50 }, 2],
  ['not at all', { delayMs: 100 }, {}, 0],
])('a delay that changes %s repeats no rumor, or next to none', (_, before, after, mostPercent) => {
  for (const everyMs of [20, 100, 300])
    expect(repeatsAfter(before, after, everyMs), `a message every ${everyMs} ms`).toBeLessThanOrEqual(mostPercent)
})
