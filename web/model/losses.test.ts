import { expect, test } from 'vitest'
import { isLoss, lossBriefly, lossInWords } from '../../shared/model/losses.ts'
import type { TracedDatagram } from '../../shared/model/trace.ts'
import { spotsAt } from '../canvas/datagrams.ts'

const datagram: TracedDatagram = {
  id: 1,
  from: 40_000,
  to: 40_001,
  sentAt: 1_000,
  arrivesAt: 1_250,
  why: 'hello',
  bytes: 1,
  content: { kind: 'status', pairs: [] },
  receivedAt: null,
  receivedIn: null,
  lostAt: 1_750,
  lostWhy: 'early',
  consequence: null,
}
const ground = {
  layout: {
    height: 200,
    radius: 30,
    scale: 1,
    detail: 'full',
    places: [
      { x: 100, y: 100, side: 'below' },
      { x: 300, y: 100, side: 'below' },
    ],
  },
  rootId: 40_000,
  paintOf: () => ({ hue: '', ink: '', pattern: 'plain' as const }),
  still: false,
} as const

test('a greeting before its receiver listened is drawn calmly, and is no loss', () => {
  expect(isLoss('early')).toBe(false)
  expect(lossInWords('early', 'node 1')).toBe('node 1 was not up yet')
  expect(lossBriefly('early', 'node 1')).toBe('not up yet')
  const [early] = spotsAt([datagram], 1_800, 250, ground)
  expect(early).toMatchObject({ flight: { phase: 'lost' }, calm: true, reason: 'not up yet' })
  const [gone] = spotsAt([{ ...datagram, lostWhy: 'gone' }], 1_800, 250, ground)
  expect(gone).toMatchObject({ flight: { phase: 'lost' }, calm: false })
})

test('an unknown cause is called unknown', () => {
  expect(lossInWords('unknown', 'node 1')).toBe('lost: cause unknown')
  expect(lossInWords('unreported', 'node 1')).not.toContain('lost')
})
