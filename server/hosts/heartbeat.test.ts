import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { now } from '../platform/clock.ts'
import { HEARTBEAT_EVERY_MS, Heartbeat, SILENT_AFTER_BEATS } from './heartbeat.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function beating() {
  const node = { answers: true }
  const told: boolean[] = []
  const heartbeat: Heartbeat = new Heartbeat({
    ping: () => {
      if (node.answers) setTimeout(() => heartbeat.heard(), 1)
    },
    onAnswering: (answers) => told.push(answers),
  })
  heartbeat.start()
  return { node, told, heartbeat }
}
const beats = (count: number) => vi.advanceTimersByTime(count * HEARTBEAT_EVERY_MS)

test('a node that is silent for several beats does not respond, and responds again when it speaks', () => {
  const { node, told, heartbeat } = beating()
  node.answers = false
  beats(SILENT_AFTER_BEATS)
  expect([heartbeat.answers, told]).toEqual([false, [false]])
  heartbeat.heard()
  expect([heartbeat.answers, told]).toEqual([true, [false, true]])
})

test('it is responsive up to its last sign of life, and after a pause only since then', () => {
  const { node, heartbeat } = beating()
  const began = now()
  beats(2)
  expect(heartbeat.responsiveFor(began)).toBeGreaterThan(HEARTBEAT_EVERY_MS)
  node.answers = false
  const stopped = now()
  beats(3)
  expect(heartbeat.responsiveFor(stopped)).toBeLessThan(HEARTBEAT_EVERY_MS)
  node.answers = true
  heartbeat.heard()
  expect(heartbeat.responsiveFor(began)).toBe(0)
  beats(2)
  expect(heartbeat.responsiveFor(began)).toBeGreaterThan(0)
  expect(heartbeat.responsiveFor(began)).toBeLessThan(3 * HEARTBEAT_EVERY_MS)
})
