import { expect, test } from 'vitest'
import { leastReading } from './waiting.ts'

const viewer = (waiting: number, tookAt: number) => ({ role: 'viewer', waiting, tookAt }) as const

test('while the unread bytes are within the bound, no client is closed', () => {
  expect(leastReading([viewer(60, 0), viewer(40, 0)], 100)).toEqual([])
})

test('the client that has taken nothing for longest is closed first, and no more clients than necessary', () => {
  const [stalled, slow, joining] = [viewer(20, 1_000), viewer(20, 8_000), viewer(90, 9_000)]
  expect(leastReading([joining, slow, stalled], 115)).toEqual([stalled])
  expect(leastReading([joining, slow, stalled], 95)).toEqual([stalled, slow])
})

test('never the presenter, nor a client without unread bytes', () => {
  const presenter = { role: 'presenter', waiting: 500, tookAt: 0 } as const
  const [idle, stalled] = [viewer(0, 0), viewer(5, 1_000)]
  expect(leastReading([presenter, idle, stalled], 100)).toEqual([stalled])
})
