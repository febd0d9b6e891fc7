import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { whenCalm } from './when-calm.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A run that is due after 20 s, on a page with one pointer. */
function due() {
  const target = new EventTarget()
  const run = vi.fn()
  const callOff = whenCalm(20_000, run, target as Parameters<typeof whenCalm>[2])
  return { run, callOff, point: () => target.dispatchEvent(new Event('pointermove')) }
}

test('a due run comes after its time', () => {
  const { run } = due()
  vi.advanceTimersByTime(19_999)
  expect(run).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(run).toHaveBeenCalledTimes(1)
})

test('it waits for a moving pointer, until that rests', () => {
  const { run, point } = due()
  for (let time = 0; time < 15; time += 1) {
    vi.advanceTimersByTime(2_000)
    point()
  }
  expect(run).not.toHaveBeenCalled()
  vi.advanceTimersByTime(3_000)
  expect(run).toHaveBeenCalledTimes(1)
})

test('it can be cancelled', () => {
  const { run, callOff } = due()
  callOff()
  vi.advanceTimersByTime(60_000)
  expect(run).not.toHaveBeenCalled()
})
