import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeUpEvents } from '../sim/made-up.ts'
import type { LabEvent } from './event.ts'
import { fold } from './fold.ts'
import { EventHistory, type HistoryOptions } from './history.ts'
import { EMPTY_LAB, type LabState } from './lab-state.ts'

const historyOf = (base: LabState = EMPTY_LAB, bounds: Partial<HistoryOptions> = {}) =>
  new EventHistory(base, { maxEvents: 10_000, checkpointEvents: 1_000, ...bounds })

/** The state after each event, as a live fold computes it: one event after the other. */
function lives(seed: number, count: number) {
  const events = makeUpEvents(count, seed)
  const states: LabState[] = [EMPTY_LAB]
  for (const event of events) states.push(fold(states.at(-1) ?? EMPTY_LAB, [event]))
  return { events, states }
}

const seeds = fc.integer({ min: 1, max: 1e6 })
/** Positions to visit, as shares of the whole history. */
const ways = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 })

test('the state at every event equals the live one, in any order of visits', () => {
  fc.assert(
    fc.property(seeds, ways, fc.integer({ min: 1, max: 200 }), (seed, way, checkpointEvents) => {
      const { events, states } = lives(seed, 600)
      const history = historyOf(EMPTY_LAB, { checkpointEvents })
      history.append(events)
      for (const share of way) {
        const number = Math.round(share * events.length)
        expect(history.stateAt(number)).toEqual(states[number])
      }
    }),
    { numRuns: 40 },
  )
})

test('it accepts batches of any size, forgets its oldest part and stays correct for the rest', () => {
  fc.assert(
    fc.property(seeds, ways, fc.array(fc.integer({ min: 1, max: 97 }), { minLength: 1 }), (seed, way, batches) => {
      const { events, states } = lives(seed, 500)
      const history = historyOf(EMPTY_LAB, { maxEvents: 200, checkpointEvents: 25 })
      for (let taken = 0, turn = 0; taken < events.length; turn += 1) {
        const size = batches[turn % batches.length] ?? 1
        history.append(events.slice(taken, taken + size))
        taken += size
      }
      expect(history.events.length).toBeLessThanOrEqual(200)
      expect(history.base).toEqual(states[history.base.last])
      for (const share of way) {
        const number = history.base.last + Math.round(share * (history.last - history.base.last))
        expect(history.stateAt(number)).toEqual(states[number])
      }
    }),
    { numRuns: 40 },
  )
})

test('its size in bytes is bounded too, and it stays correct, however often it folds', () => {
  fc.assert(
    fc.property(seeds, ways, fc.integer({ min: 1, max: 60 }), (seed, way, every) => {
      const { events, states } = lives(seed, 400)
      const sizeOf = ({ type }: LabEvent) => (type === 'sent' ? 3 : 1)
      const history = historyOf(EMPTY_LAB, { maxSize: 300, checkpointSize: 30, sizeOf })
      for (const event of events) {
        history.append([event])
        if (event.n % every === 0) history.catchUp()
        expect(history.events.reduce((size, kept) => size + sizeOf(kept), 0)).toBeLessThanOrEqual(300)
      }
      expect(history.events.length).toBeGreaterThan(60)
      expect(history.state).toEqual(states[events.length])
      for (const share of way) {
        const number = history.base.last + Math.round(share * (history.last - history.base.last))
        expect(history.stateAt(number)).toEqual(states[number])
        const { state, upTo } = history.stretchBefore(number + 1)
        expect(state).toEqual(states[state.last])
        if (number > history.base.last) expect(state.last < number && number <= upTo).toBe(true)
      }
    }),
    { numRuns: 40 },
  )
})

test('older events are prepended piece by piece, and a batch with a gap is refused', () => {
  fc.assert(
    fc.property(seeds, ways, fc.integer({ min: 1, max: 90 }), (seed, way, size) => {
      const { events, states } = lives(seed, 300)
      const history = historyOf(states[250], { checkpointEvents: 40 })
      history.append(events.slice(250))
      expect(history.prepend(states[100] ?? EMPTY_LAB, events.slice(100, 240))).toBe(false)
      while (history.base.last > 0) {
        const before = Math.max(0, history.base.last - size)
        // An overlap is harmless: it skips events that it has.
        const chunk = events.slice(before, history.base.last + 5)
        expect(history.prepend(states[before] ?? EMPTY_LAB, chunk)).toBe(true)
      }
      for (const share of way) {
        const number = Math.round(share * events.length)
        expect(history.stateAt(number)).toEqual(states[number])
      }
    }),
    { numRuns: 30 },
  )
})

test('older events are refused when their sizes are beyond the bound', () => {
  const { events, states } = lives(1, 20)
  const history = historyOf(states[10], { maxSize: 15, sizeOf: () => 1 })
  history.append(events.slice(10))
  expect(history.prepend(states[4] ?? EMPTY_LAB, events.slice(4, 10))).toBe(false)
  expect(history.prepend(states[5] ?? EMPTY_LAB, events.slice(5, 10))).toBe(true)
})

test('a time shows the last event that had happened by then, even if an event was numbered late', () => {
  const [network, starting] = makeUpEvents(2, 1)
  if (!network || !starting) throw new Error('no events')
  const history = historyOf()
  history.append([
    { ...network, n: 1, at: 10 },
    { ...starting, n: 2, at: 30 },
    { ...starting, n: 3, at: 20 },
    { ...starting, n: 4, at: 40 },
  ])
  expect([9, 10, 29, 30, 39, 40, 1e9].map((time) => history.numberAt(time))).toEqual([0, 1, 1, 3, 3, 4, 4])
  expect([0, 1, 2, 3, 4].map((number) => history.timeOf(number))).toEqual([0, 10, 30, 30, 40])
  expect([history.from, history.to]).toEqual([10, 40])
})

test('events that cannot be folded are cut off, and earlier ones can still be shown and continued', () => {
  const { events, states } = lives(7, 40)
  const nonsense = { n: 31, at: 1, type: 'network' } as unknown as LabEvent
  const history = historyOf(EMPTY_LAB, { checkpointEvents: 8 })
  history.append([...events.slice(0, 30), nonsense])
  expect(() => history.stateAt(31)).toThrow()
  history.cut(30)
  expect(history.last).toBe(30)
  expect(history.stateAt(31)).toEqual(states[30])
  history.append(events.slice(30))
  expect(history.stateAt(40)).toEqual(states[40])
  const later = historyOf(states[32])
  expect(() => later.prepend(states[30] ?? EMPTY_LAB, [nonsense, ...events.slice(31, 32)])).toThrow()
  expect(later.base).toEqual(states[32])
})

test('a large state gets fewer checkpoints: the stretch after it is at least as large', () => {
  const events = makeUpEvents(1_000, 1)
  const bounds = { checkpointEvents: 10, sizeOf: () => 1, sizeOfState: ({ last }: LabState) => last / 2 }
  const history = historyOf(EMPTY_LAB, bounds)
  for (const event of events) {
    history.append([event])
    history.checkpoint()
  }
  const ends: number[] = []
  for (let number = 1; number < history.last; number = (ends.at(-1) ?? 0) + 1)
    ends.push(history.stretchBefore(number + 1).upTo)
  const lengths = ends.map((end, place) => end - (ends[place - 1] ?? 0))
  expect(lengths[0]).toBe(10)
  for (const [place, length] of lengths.slice(1, -1).entries())
    expect(length).toBeGreaterThanOrEqual((ends[place] ?? 0) / 2)
  expect(history.stateAt(777)).toEqual(events.slice(0, 777).reduce((state, event) => fold(state, [event]), EMPTY_LAB))
})

test('a state that has grown too large for its stretch is kept later, also where nothing was folded meanwhile', () => {
  const events = makeUpEvents(1_000, 1)
  const sizeOfState = ({ last }: LabState) => last / 2
  const history = historyOf(EMPTY_LAB, { checkpointEvents: 10, sizeOf: () => 1, sizeOfState })
  history.append(events)
  const ends: number[] = []
  for (let number = 1; number < history.last; number = (ends.at(-1) ?? 0) + 1)
    ends.push(history.stretchBefore(number + 1).upTo)
  for (const [place, end] of ends.slice(0, -1).entries())
    expect(end - (ends[place - 1] ?? 0)).toBeGreaterThanOrEqual(end / 2)
  expect(history.state).toEqual(fold(EMPTY_LAB, events))
})

test('it forgets a share at a time, also where its states are too large for checkpoints', () => {
  const { events, states } = lives(3, 600)
  const history = historyOf(EMPTY_LAB, {
    maxEvents: 200,
    checkpointEvents: 10,
    sizeOf: () => 1,
    sizeOfState: () => 1e9,
  })
  for (const event of events) {
    history.append([event])
    expect(history.events.length).toBeGreaterThanOrEqual(Math.min(event.n, 150))
  }
  expect(history.base).toEqual(states[history.base.last])
  expect(history.state).toEqual(states[600])
})
