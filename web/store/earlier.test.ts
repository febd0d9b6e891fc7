import { expect, test } from 'vitest'
import type { LabEvent } from '../../shared/model/event.ts'
import { fold } from '../../shared/model/fold.ts'
import { EMPTY_LAB } from '../../shared/model/lab-state.ts'
import { makeUpEvents } from '../../shared/sim/made-up.ts'
import { createEarlier } from './earlier.ts'
import { createPlayer } from './player.ts'
import { createPageStore } from './store.ts'

const EVENTS = makeUpEvents(3_000, 5)
const stateAfter = (number: number) => fold(EMPTY_LAB, EVENTS.slice(0, number))

/** A page that joined after 2,400 events, to a lab that has those from `oldest` on and sends 200 at a time. */
function late(oldest = 1) {
  const store = createPageStore()
  store.snapshot(stateAfter(2_400))
  store.enqueue(EVENTS.slice(2_400))
  store.advance(Number.POSITIVE_INFINITY)
  let asked: number | undefined
  const answer = () => {
    if (asked === undefined) return false
    const before = asked
    asked = undefined
    const from = Math.max(oldest - 1, before - 1 - 200)
    earlier.take(stateAfter(from), EVENTS.slice(from, before - 1), oldest)
    return true
  }
  const earlier = createEarlier(store, createPlayer(store), {
    ask: (before) => {
      asked ??= before
    },
    pace: (next) => next(),
  })
  earlier.joined(oldest)
  const events = (): readonly LabEvent[] => store.past.history.events
  return { store, earlier, answer, events }
}

const settled = async (promise: Promise<void>) =>
  Promise.race([promise.then(() => true), new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 0))])

test('all events that the lab still has are fetched, and joined to the page’s', async () => {
  for (const oldest of [1, 700]) {
    const { store, earlier, answer, events } = late(oldest)
    const fetched = earlier.fetch(Number.NEGATIVE_INFINITY)
    while (answer()) if (events().length < 3_001 - oldest) expect(await settled(fetched)).toBe(false)
    await fetched
    expect(events()).toEqual(EVENTS.slice(oldest - 1))
    expect(store.getState().beginning).toBe(oldest === 1 ? 'all' : 'forgotten')
    expect(store.past.history.stateAt(3_000)).toEqual(stateAfter(3_000))
  }
})

test('no more is fetched than the events from the wanted instant on', async () => {
  const { store, earlier, answer } = late()
  const from = stateAfter(2_000).at
  const fetched = earlier.fetch(from)
  while (answer());
  await fetched
  expect(store.past.history.base.last).toBeLessThanOrEqual(2_000)
  expect(store.past.history.base.last).toBeGreaterThan(1_600)
  await earlier.fetch(from)
})

test('when the connection is lost, the fetched part is kept and nobody waits any more', async () => {
  const { earlier, answer, events } = late()
  const fetched = earlier.fetch(Number.NEGATIVE_INFINITY)
  answer()
  answer()
  earlier.lost()
  await fetched
  expect(events().length).toBeGreaterThan(600)
  expect(events()).toEqual(EVENTS.slice(-events().length))
})

test('going back in time while everything is fetched does not disturb the fetch', async () => {
  const { store, earlier, answer, events } = late()
  const fetched = earlier.fetch(Number.NEGATIVE_INFINITY)
  do {
    store.setState({ mode: 'paused' })
    earlier.look()
  } while (answer())
  await fetched
  expect(events()).toEqual(EVENTS)
})
