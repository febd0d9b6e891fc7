/** Runs programs of other groups, written from the report, among our nodes. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Fact } from '../gossip/effects.ts'
import { stringOf } from '../gossip/text.ts'
import { neighboursOf } from '../model/topology.ts'
import { disagreement, unions } from './checks.ts'
import { World } from './world.ts'

/** Runs a line on which every node sends two messages. Returns why they do not agree after two minutes. */
function talk(n: number, plain: readonly number[], faults = {}) {
  const world = new World({ seed: 3, neighbours: neighboursOf('line', n), plain, bytes: true, faults })
  world.startAll()
  world.run(1_000)
  for (let round = 0; round < 2; round += 1)
    for (let id = 0; id < n; id += 1) {
      world.type(id, `m${id}-${round}`)
      world.run(world.now + 300)
    }
  world.network.calm()
  world.run(world.now + 120_000)
  return { world, why: disagreement(world, unions(world)) }
}

describe('a plain node', () => {
  test.each([0, 1, 2, 3, 4])('at place %d of a line of ours: all agree', (place) => {
    const { world, why } = talk(5, [place])
    expect(why).toBeUndefined()
    expect(world.held(place)).toHaveLength(10)
  })

  test.each([[[1, 3]], [[0, 4]], [[1, 2]], [[0, 1, 3, 4]]])('several of them, at %j: all agree', (plain) => {
    expect(talk(5, plain).why).toBeUndefined()
  })

  test('with loss, duplicates and reordering, among ours: all agree', () => {
    const faults = { loss: 20, duplicate: 10, reorder: 20, jitterMs: 5 }
    expect(talk(5, [2], faults).why).toBeUndefined()
  })

  test('gets the messages of every generation of ours: to it each is one more origin', () => {
    const world = new World({ seed: 3, neighbours: neighboursOf('line', 3), plain: [1] })
    world.startAll()
    world.type(0, 'before')
    world.run(30_000)
    world.end(0, true)
    world.run(31_000)
    world.start(0)
    world.type(0, 'after')
    world.run(150_000)
    for (const id of [0, 1, 2])
      expect(
        world
          .held(id)
          .map(({ text }) => text)
          .sort(),
      ).toEqual(['after', 'before'])
  })

  test('forwards texts that it cannot read: a text with a comma arrives whole at the other end', () => {
    const stored: Fact[] = []
    const world = new World({
      seed: 3,
      neighbours: neighboursOf('line', 3),
      plain: [1],
      watch: (event) => {
        if (event.type === 'fact' && event.node === 2 && event.fact.type === 'stored') stored.push(event.fact)
      },
    })
    world.startAll()
    world.type(0, 'one, two: {three} 100%')
    world.run(60_000)
    expect(world.held(1).map(({ text }) => text)).toEqual(['one%2C two%3A %7Bthree%7D 100%25'])
    expect(stored).toMatchObject([{ text: 'one, two: {three} 100%' }])
  })
})

/** Texts that other programs may send: any bytes, 1 to 1,000 of them. */
const foreignTexts = fc.oneof(
  { arbitrary: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1_000, size: 'max' }), weight: 4 },
  { arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 }), weight: 2 },
  { arbitrary: fc.uint8Array({ minLength: 1, maxLength: 1_000 }).map(stringOf), weight: 2 },
  fc.constantFrom('100% sure', '%41', '%2C', 'a,b,c', 'a\tb', '{}', ',40000,0', '}', ' '),
)

describe('between two plain nodes, ours', () => {
  test('forwards every text as the very bytes that came, in both directions', () => {
    const property = fc.property(fc.array(foreignTexts, { minLength: 1, maxLength: 4 }), (texts) => {
      const world = new World({ seed: 3, neighbours: neighboursOf('line', 3), plain: [0, 2], bytes: true })
      world.startAll()
      for (const text of texts) for (const id of [0, 2]) world.type(id, text)
      world.run(60_000)
      for (const id of [0, 1, 2])
        for (const port of [0, 2].map((plain) => world.rootId + plain)) {
          const held = world.held(id).filter(({ origin }) => origin === port)
          expect(held.map(({ text }) => text)).toEqual(texts)
        }
    })
    fc.assert(property, { numRuns: 300 })
  })
})
