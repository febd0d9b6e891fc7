import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { NodeReport } from '../model/event.ts'
import { toMicroseconds } from '../model/microseconds.ts'
import { batchOf } from './fixture.ts'
import { ReportCollector, sizeOf, unpackReports } from './report-batch.ts'

const at = fc.double({ min: 0, max: 1e10, noNaN: true }).map(toMicroseconds)
const from = fc.constantFrom(null, 40_001, 40_003)
const stored = fc.record(
  {
    type: fc.constant('stored'),
    origin: fc.constantFrom(40_000, 105_536),
    seq: fc.nat({ max: 3 }),
    text: fc.string(),
    wire: fc.constantFrom('', 'a,b', '\udcff'),
    from,
    at,
  },
  { requiredKeys: ['type', 'origin', 'seq', 'text', 'from', 'at'] },
)
const other = fc.record({ type: fc.constant('neighbour'), port: fc.nat(), at })

const run = (count: number): NodeReport[] =>
  Array.from({ length: count }, (_, seq) => ({
    type: 'stored',
    origin: 40_000,
    seq,
    text: `word${seq}`,
    from: 40_001,
    at: toMicroseconds(1_234.567 + seq * 0.05),
  }))

/** Returns the messages of each origin, and all other reports, in order. */
function byOrigin(reports: readonly NodeReport[]) {
  const groups: Record<string, NodeReport[]> = {}
  for (const report of reports) {
    const name = report.type === 'stored' ? report.origin : 'others'
    groups[name] ??= []
    groups[name].push(report)
  }
  return groups
}

test('a batch comes out as it went in: the messages of an origin in the same order, and all other reports too', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(stored, other)), (reports) => {
      const batch = JSON.parse(JSON.stringify(batchOf(reports as NodeReport[])))
      const out = unpackReports(batch)
      expect(sizeOf(batch)).toBe(reports.length)
      expect(byOrigin(out)).toEqual(byOrigin(reports as NodeReport[]))
    }),
  )
})

test('a run of messages takes at most a third of the text', () => {
  const reports = run(500)
  const { runs } = batchOf(reports)
  expect(runs).toHaveLength(1)
  expect(JSON.stringify(batchOf(reports)).length).toBeLessThan(JSON.stringify(reports).length / 3)
})

test('runs of several origins that alternate stay runs', () => {
  const reports = run(100).flatMap((report) => [report, { ...report, origin: 40_002, from: null } as NodeReport])
  expect(batchOf(reports).runs).toHaveLength(2)
})

test('a batch that was taken is gone', () => {
  const collector = new ReportCollector()
  collector.add({ type: 'neighbour', port: 40_001 }, 1)
  expect(collector.size).toBe(1)
  expect(sizeOf(collector.take())).toBe(1)
  expect(collector.size).toBe(0)
  expect(collector.take()).toEqual({ runs: [], others: [] })
})

test('a long text and a status of many origins count as several reports', () => {
  const collector = new ReportCollector()
  collector.add({ type: 'stored', origin: 40_000, seq: 0, text: 'x'.repeat(10_240), from: null }, 1)
  expect(collector.size).toBe(11)
  const pairs = Array.from({ length: 1_280 }, (_, place) => [40_000 + place, 1] as const)
  const content = { kind: 'status', pairs } as const
  collector.add({ type: 'sent', to: 40_001, why: 'hello', bytes: 9, delayMs: 0, content, hash: 1 }, 1)
  expect(collector.size).toBe(11 + 21)
  expect(sizeOf(collector.take())).toBe(2)
})

test('within one microsecond a message comes after the datagram that brought it, and before those that forward it', () => {
  const at = 5
  const content = { kind: 'rumor', origin: 40_000, seq: 0 } as const
  const batch = batchOf([
    { type: 'stored', at, origin: 40_000, seq: 0, text: 'new', from: 40_001 },
    { type: 'sent', at, to: 40_003, why: 'new', bytes: 9, delayMs: 0, content, hash: 1 },
    { type: 'held', at, ticket: 1, to: 40_004, why: 'new', bytes: 9, content },
    { type: 'received', at, from: 40_001, bytes: 9, hash: 1 },
  ])
  expect(unpackReports(batch).map(({ type }) => type)).toEqual(['received', 'stored', 'sent', 'held'])
})
