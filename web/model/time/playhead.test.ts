import { expect, test } from 'vitest'
import {
  atStart,
  follow,
  goLive,
  LEAD_MS,
  mostSpeedStep,
  move,
  type Prospect,
  pause,
  play,
  QUIET_MS,
  seek,
  speedOfStep,
  speedWords,
  stepOfSpeed,
  withSpeed,
} from './playhead.ts'

const prospect = (head: number, more: Partial<Prospect> = {}): Prospect => ({
  head,
  goesOn: true,
  busy: true,
  next: null,
  ...more,
})

test('live it is at the lab’s present', () => {
  expect(move(atStart, 16, prospect(1_000))).toMatchObject({ mode: 'live', at: 1_000 })
})

test('paused it stays, however long the lab goes on', () => {
  const paused = pause(move(atStart, 16, prospect(1_000)))
  expect(move(paused, 60_000, prospect(61_000))).toMatchObject({ mode: 'paused', at: 1_000 })
})

test('playing from the past it stays as far behind, and is live again when it has caught up', () => {
  const behind = play(seek(atStart, 1_000))
  expect(move(behind, 100, prospect(5_000))).toMatchObject({ mode: 'playing', at: 1_100 })
  const faster = withSpeed(behind, 4)
  expect(move(faster, 1_000, prospect(5_000))).toMatchObject({ mode: 'live', speed: 1, at: 5_000 })
})

test('in slow motion a millisecond takes as long as the speed says', () => {
  const slow = withSpeed({ ...atStart, at: 1_000 }, 1 / 1_000)
  expect(slow.mode).toBe('playing')
  expect(move(slow, 100, prospect(5_000)).at).toBeCloseTo(1_000.1)
})

test('slow motion skips quiet stretches, to shortly before the next event', () => {
  const slow = withSpeed({ ...atStart, at: 1_000 }, 1 / 100)
  const quiet = prospect(5_000, { busy: false, next: 3_000 })
  expect(move(slow, 16, quiet).at).toBe(3_000 - LEAD_MS / 100)
  const soon = prospect(5_000, { busy: false, next: 1_000 + (QUIET_MS - 500) / 100 })
  expect(move(slow, 16, soon).at).toBeCloseTo(1_000.16)
})

test('slow motion that has caught up waits, and shows the next events slowly', () => {
  const slow = withSpeed({ ...atStart, at: 1_000 }, 1 / 100)
  const waiting = move(slow, 16, prospect(2_000, { busy: false }))
  expect(waiting).toMatchObject({ mode: 'playing', at: 2_000 })
  const next = move(waiting, 16, prospect(2_100, { busy: false, next: 2_000.5 }))
  expect(next.at).toBeLessThan(2_001)
})

test('at real speed nothing is skipped', () => {
  const behind = play(seek(atStart, 1_000))
  expect(move(behind, 16, prospect(5_000, { busy: false, next: 4_000 })).at).toBe(1_016)
})

test('a recording stops at its end', () => {
  const at = play(seek(atStart, 990))
  expect(move(at, 16, prospect(1_000, { goesOn: false }))).toMatchObject({ mode: 'paused', at: 1_000 })
})

test('a person who acts sees the result: now, and slowly if the view is slow', () => {
  const past = pause({ ...atStart, at: 100 })
  expect(follow(past, 5_000)).toMatchObject({ mode: 'live', at: 5_000 })
  expect(follow({ ...past, speed: 0.01 }, 5_000)).toMatchObject({ mode: 'playing', speed: 0.01, at: 5_000 })
  expect(goLive({ ...past, speed: 0.01 }, 5_000)).toMatchObject({ mode: 'live', speed: 1 })
})

test('a live view cannot go faster, and no speed is beyond its bounds', () => {
  expect(withSpeed(atStart, 4)).toBe(atStart)
  expect(withSpeed(seek(atStart, 1), 100).speed).toBe(4)
  expect(withSpeed(seek(atStart, 1), 0).speed).toBe(1 / 1_000)
})

test('the real speed is always shown', () => {
  expect(speedWords(1 / 100)).toEqual({ rate: '1/100', real: '10 ms per second' })
  expect(speedWords(1 / 1_000)).toEqual({ rate: '1/1000', real: '1 ms per second' })
  expect(speedWords(1)).toEqual({ rate: '1×', real: 'real time' })
  expect(speedWords(4)).toEqual({ rate: '4×', real: '4 s per second' })
})

test('each step of the slider converts to a speed and back', () => {
  for (let step = 0; step <= mostSpeedStep(); step += 1) expect(stepOfSpeed(speedOfStep(step))).toBe(step)
})
