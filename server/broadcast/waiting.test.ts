import { expect, test } from 'vitest'
import { leastReading } from './waiting.ts'

const viewer = (waiting: number, tookAt: number) => ({ role: 'viewer', waiting, tookAt }) as const

test('while what waits is within the bound nobody is let go', () => {
  expect(leastReading([viewer(60, 0), viewer(40, 0)], 100)).toEqual([])
})

test('who has taken nothing for longest is let go first, and no more than need be', () => {
  const [stalled, slow, joining] = [viewer(20, 1_000), viewer(20, 8_000), viewer(90, 9_000)]
  expect(leastReading([joining, slow, stalled], 115)).toEqual([stalled])
  expect(leastReading([joining, slow, stalled], 95)).toEqual([stalled, slow])
})

test('neither is the presenter, nor who has nothing waiting', () => {
  const presenter = { role: 'presenter', waiting: 500, tookAt: 0 } as const
  const [idle, stalled] = [viewer(0, 0), viewer(5, 1_000)]
  expect(leastReading([presenter, idle, stalled], 100)).toEqual([stalled])
})
