import { expect, test } from 'vitest'
import type { Pair } from '../../../shared/gossip/wire.ts'
import type { LabEvent } from '../../../shared/model/event.ts'
import { EMPTY_LAB } from '../../../shared/model/lab-state.ts'
import { MAX_PAST_BYTES, MAX_PAST_EVENTS } from '../../../shared/model/past-bounds.ts'
import { createPast } from './past.ts'

/** Datagrams that node 0 received, as a page reads them: their statuses name so many origins. */
const statuses = (first: number, count: number, origins: number): LabEvent[] =>
  Array.from({ length: count }, (_, place) => ({
    type: 'received',
    n: first + place,
    at: first + place,
    node: 0,
    from: 40_001,
    bytes: 9,
    datagram: null,
    content: { kind: 'status', pairs: Array.from({ length: origins }, (_, id): Pair => [40_000 + id, first]) },
  }))

test('a page keeps fewer events when they are large', () => {
  const past = createPast(EMPTY_LAB)
  const origins = 4_000
  const fit = Math.floor(MAX_PAST_BYTES / (400 + 8 * origins))
  for (let first = 1; first <= fit + 200; first += 100) past.append(statuses(first, 100, origins))
  expect(past.history.events.length).toBeLessThanOrEqual(fit)
  expect(past.history.events.length).toBeGreaterThan(0.7 * fit)
  expect(fit).toBeLessThan(MAX_PAST_EVENTS)
})

test('a page keeps equal pairs of statuses once', () => {
  const past = createPast(EMPTY_LAB)
  past.append(statuses(1, 2, 3))
  const [one, other] = past.history.events.map((event) => ('content' in event ? event.content : undefined))
  expect(one?.kind === 'status' && other?.kind === 'status' && one.pairs === other.pairs).toBe(true)
})
