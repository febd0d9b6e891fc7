import { expect, test } from 'vitest'
import { framedScale, nextScale, type Scale, type Shown } from './scale.ts'

const lab = {}
const live: Shown = { of: lab, from: 0, to: 900, at: 1_000, mode: 'live', isHeld: false }
const before: Scale = nextScale(null, live)

test('while the view is live, the scale ends at the present', () => {
  expect(before).toEqual({ of: lab, from: 0, to: 1_000 })
  expect(nextScale(before, { ...live, at: 1_100, isHeld: true })).toMatchObject({ to: 1_100 })
})

test('a click in the live view keeps the scale that was clicked, although no event has happened up to its end', () => {
  expect(nextScale(before, { ...live, at: 500, mode: 'paused', isHeld: true })).toEqual(before)
  expect(nextScale(before, { ...live, at: 500, mode: 'paused' })).toEqual(before)
})

test('it is fixed while a pointer is on it, whatever happens behind, and grows when the pointer has left', () => {
  const now: Shown = { ...live, from: 50, to: 5_000, at: 500, mode: 'paused' }
  expect(nextScale(before, { ...now, isHeld: true })).toEqual(before)
  expect(nextScale(before, now)).toEqual({ of: lab, from: 50, to: 5_000 })
})

test('a view that plays on is never beyond its end', () => {
  expect(nextScale(before, { ...live, at: 2_000, mode: 'playing', isHeld: true })).toMatchObject({ to: 2_000 })
})

test('another lab, or a recording, has a scale of its own', () => {
  const recording = { of: {}, from: 10, to: 20, at: 10, mode: 'paused', isHeld: true } as const
  expect(nextScale(before, recording)).toEqual({ of: recording.of, from: 10, to: 20 })
})

test('while a run is framed, the bar shows only that run, and a visited instant beside it', () => {
  const run = { from: 1_000, to: 3_000 }
  expect(framedScale(run, { of: lab, at: 3_200 })).toEqual({ of: lab, from: 800, to: 3_200 })
  expect(framedScale(run, { of: lab, at: 500 })).toEqual({ of: lab, from: 500, to: 3_200 })
})
