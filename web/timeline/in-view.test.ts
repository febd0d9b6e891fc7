import { expect, test } from 'vitest'
import { type Mark, NO_END, type TracedDatagram } from '../../shared/model/trace.ts'
import { inView, MOST_ROWS } from './in-view.ts'

const datagram = (n: number, sentAt: number, receivedAt: number | null = sentAt + 250): TracedDatagram => ({
  ...NO_END,
  id: n,
  from: 40_000,
  to: 40_001,
  sentAt,
  arrivesAt: sentAt + 250,
  receivedAt,
  why: 'new',
  bytes: 30,
  content: { kind: 'rumor', origin: 40_000, seq: 0 },
})
const crash = (at: number): Mark => ({ n: 1, at, node: 1, kind: 'ended', text: 'crashes' })

test('the content of the diagram is listed in order of time: datagrams in flight, and events of nodes', () => {
  const datagrams = [datagram(1, 500), datagram(2, 900), datagram(3, 1_500), datagram(4, 2_500)]
  const { rows, count, left } = inView(datagrams, [crash(400), crash(1_200)], { from: 1_000, to: 2_000 }, 250)
  expect(rows.map(({ datagram, mark }) => datagram?.id ?? mark?.text)).toEqual([2, 'crashes', 3])
  expect([count, left]).toEqual([2, 0])
})

test('with very many the newest are listed, and the others are counted', () => {
  const datagrams = Array.from({ length: 1_000 }, (_, n) => datagram(n, n))
  const { rows, count, left } = inView(datagrams, [], { from: 0, to: 2_000 }, 250)
  expect(rows).toHaveLength(MOST_ROWS)
  expect(rows.at(-1)?.datagram?.id).toBe(999)
  expect([count, left]).toEqual([1_000, 800])
})
