import { expect, test } from 'vitest'
import type { Pair } from '../gossip/wire.ts'
import { makeUpEvents } from '../sim/made-up.ts'
import type { NodeReport } from './event.ts'
import { memoryOf, memoryOfState } from './event-memory.ts'
import { fold } from './fold.ts'
import { EMPTY_LAB } from './lab-state.ts'

const status = (pairs: number): NodeReport => ({
  type: 'sent',
  at: 0,
  to: 40_001,
  why: 'anti-entropy',
  bytes: 9,
  delayMs: 0,
  hash: 1,
  content: { kind: 'status', pairs: Array.from({ length: pairs }, (_, place): Pair => [40_000 + place, 1]) },
})

test('a status takes memory for each origin that it names', () => {
  const [none, thousand] = [memoryOf(status(0)), memoryOf(status(1_000))]
  expect(thousand).toBeGreaterThanOrEqual(none + 8 * 1_000)
})

test('a state takes no memory for what an earlier one has', () => {
  const events = makeUpEvents(600, 3)
  const middle = fold(EMPTY_LAB, events.slice(0, 595))
  const newest = fold(middle, events.slice(595))
  const inMotion = memoryOfState({ ...newest, nodes: [], messages: [] })
  expect(memoryOfState(newest, newest)).toBe(inMotion)
  expect(memoryOfState(newest, middle)).toBeLessThan(memoryOfState(newest))
  expect(memoryOfState(newest, middle)).toBeGreaterThan(inMotion)
})

test('a vector that several nodes heard takes its memory once', () => {
  const state = fold(EMPTY_LAB, makeUpEvents(10, 3))
  const vector = Object.fromEntries(Array.from({ length: 1_000 }, (_, place) => [40_000 + place, 1]))
  const heardBy = (...vectors: (typeof vector)[]) =>
    memoryOfState({ ...state, nodes: state.nodes.map((node, id) => ({ ...node, heard: { 1: vectors[id] ?? {} } })) })
  const once = heardBy(vector)
  expect(heardBy(vector, vector)).toBe(once)
  expect(heardBy(vector, { ...vector })).toBeGreaterThan(once + 8_000)
})
