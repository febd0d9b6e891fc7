import { expect, test } from 'vitest'
import { beyondLimit, leak, type Sample } from './gauges.ts'

const QUIET = { processes: 4, supervisorMB: 150, supervisorFiles: 40, nodeMB: 50, pageMB: 30 }

/** One a minute of one lab, with a full sequencer from the tenth minute on. */
const life = (minutes: number, gauges: (minute: number) => Partial<Sample>, lab = 1): Sample[] =>
  Array.from({ length: minutes }, (_, at) => ({ ...QUIET, at, lab, events: 1 + 20_000 * at, ...gauges(at) }))

test('a gauge that rises and then stays is no leak', () => {
  const filling = life(40, (at) => ({ supervisorMB: 80 + 12 * Math.min(at, 10) + 15 * (at % 2) }))
  expect(leak(filling)).toBeUndefined()
})

test.each([
  ['supervisorMB', 10],
  ['supervisorFiles', 2],
  ['nodeMB', 4],
  ['pageMB', 5],
] as const)('%s that keeps growing is a leak', (gauge, aMinute) => {
  expect(leak(life(40, (at) => ({ [gauge]: 20 + aMinute * at + 15 * (at % 2) })))).toContain(
    `${gauge} grows by ${aMinute}.`,
  )
})

test('each lab is judged by itself, and not before there is enough data', () => {
  const leaking = (at: number) => ({ supervisorMB: 80 + 10 * at })
  expect(leak([...life(40, leaking), ...life(40, () => ({}), 2)])).toBeUndefined()
  expect(leak(life(25, leaking))).toBeUndefined()
})

test('a value far beyond its limit is reported at once', () => {
  expect(beyondLimit({ ...(life(1, () => ({}))[0] as Sample) })).toBeUndefined()
  expect(beyondLimit({ ...(life(1, () => ({}))[0] as Sample), supervisorFiles: 401 })).toContain(
    'supervisorFiles is 401',
  )
})
