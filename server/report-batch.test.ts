import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { NodeReport } from '../shared/event.ts'
import { toMicroseconds } from '../shared/microseconds.ts'
import { packReports, unpackReports } from './report-batch.ts'

const at = fc.double({ min: 0, max: 1e10, noNaN: true }).map(toMicroseconds)
const from = fc.constantFrom(null, 40_001, 40_003)
const stored = fc.record({
  type: fc.constant('stored'),
  origin: fc.constantFrom(40_000, 105_536),
  seq: fc.nat({ max: 3 }),
  text: fc.string(),
  from,
  at,
})
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

test('what comes out is what went in, in the same order, whatever it is', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(stored, other)), (reports) => {
      const sent = JSON.parse(JSON.stringify(packReports(reports as NodeReport[])))
      expect(unpackReports(sent)).toEqual(reports)
    }),
  )
})

test('a run of messages takes a third of the text at most', () => {
  const reports = run(500)
  const { runs } = packReports(reports)
  expect(runs).toHaveLength(1)
  expect(JSON.stringify(packReports(reports)).length).toBeLessThan(JSON.stringify(reports).length / 3)
})

test('runs of several origins that come by turns stay runs', () => {
  const reports = run(100).flatMap((report) => [report, { ...report, origin: 40_002, from: null } as NodeReport])
  expect(packReports(reports).runs).toHaveLength(2)
})

test('a batch that does not fit together is no batch', () => {
  const batch = packReports(run(2))
  expect(() => unpackReports({ ...batch, order: [1, 1, 1] })).toThrow('more in it')
  expect(() => unpackReports({ ...batch, order: [2] })).toThrow('more in it')
})
