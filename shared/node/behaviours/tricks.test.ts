import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '../../gossip/random.ts'
import { bytesOf, stringOf } from '../../gossip/text.ts'
import { parseDatagram } from '../../gossip/wire.ts'
import type { Outgoing } from '../outgoing.ts'
import { babble } from './babble.ts'
import { flood } from './flood.ts'
import { forge } from './forge.ts'
import { MAX_REMEMBERED_DATAGRAMS, Replay } from './replay.ts'
import type { Knowledge } from './trick.ts'

const PORT = 40_001
const knowing = (pairs: readonly (readonly [number, number])[]): Knowledge => ({
  port: PORT,
  neighbours: [40_000, 40_002],
  vector: () => [[PORT, 0], ...pairs],
  text: (origin, seq) => `${origin}: text ${seq}, with {all} of 100%`,
})
const seeds = fc.integer({ min: 0, max: 2 ** 31 })
const some = knowing([
  [40_000, 3],
  [65_536 + 40_002, 1],
])

test('no babbled datagram can be parsed', () => {
  fc.assert(
    fc.property(seeds, fc.constantFrom(some, knowing([])), (seed, knowledge) => {
      const made = babble(knowledge, 40_000, createRandom(seed))
      expect(parseDatagram(made?.bytes ?? new Uint8Array()).kind).toBe('malformed')
    }),
    { numRuns: 500 },
  )
})

test('a forged message is well formed, and claims to be the next of another node', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const made = forge(some, 40_000, createRandom(seed))
      const datagram = parseDatagram(made?.bytes ?? new Uint8Array())
      expect(datagram).toMatchObject({ kind: 'rumor', sender: PORT })
      if (datagram.kind !== 'rumor') return
      expect([40_000, 40_002, 65_536 + 40_002]).toContain(datagram.origin)
      expect(datagram.seq).toBe({ 40000: 3, [65_536 + 40_002]: 1 }[datagram.origin] ?? 0)
    }),
  )
})

test('a flooded datagram is valid and contains nothing new', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const datagram = parseDatagram(flood(some, 40_000, createRandom(seed))?.bytes ?? new Uint8Array())
      if (datagram.kind === 'rumor') expect(datagram.seq).toBeLessThan(datagram.origin === 40_000 ? 3 : 1)
      else expect(datagram).toMatchObject({ kind: 'status', sender: PORT, pairs: some.vector() })
    }),
  )
})

test('a replayed datagram was sent before, and a bounded number is remembered', () => {
  const memory = new Replay()
  expect(memory.replay(some, 40_000, createRandom(1))).toBeUndefined()
  const old = (count: number): Outgoing => ({
    to: 40_002,
    why: 'new',
    bytes: bytesOf(`${count}`),
    content: { kind: 'status', pairs: [] },
  })
  for (let count = 0; count < MAX_REMEMBERED_DATAGRAMS + 10; count += 1) memory.note(old(count))
  const random = createRandom(1)
  for (let time = 0; time < 300; time += 1) {
    const made = memory.replay(some, 40_000, random)
    expect(made?.why).toBe('replayed')
    expect(Number(stringOf(made?.bytes ?? new Uint8Array()))).toBeGreaterThanOrEqual(10)
  }
})
