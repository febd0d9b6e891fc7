import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventQueue } from './queue.ts'

test('returns the earliest item, and of simultaneous ones the one that came first', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 20 })), fc.nat(), (times, pops) => {
      const queue = new EventQueue<{ at: number; order: number }>()
      const waiting: { at: number; order: number }[] = []
      const popBoth = () => {
        waiting.sort((a, b) => a.at - b.at || a.order - b.order)
        expect(queue.nextAt).toBe(waiting[0]?.at ?? Number.POSITIVE_INFINITY)
        expect(queue.pop()).toEqual(waiting.shift())
      }
      times.forEach((at, order) => {
        queue.push(at, { at, order })
        waiting.push({ at, order })
        if (order % 5 < pops % 3) popBoth()
      })
      while (queue.size > 0) popBoth()
      expect(queue.pop()).toBeUndefined()
    }),
  )
})
