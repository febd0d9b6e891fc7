import { describe, expect, test, vi } from 'vitest'
import { bytesOf } from '../gossip/text.ts'
import { COUNTERS_EVERY_MS } from '../model/counters.ts'
import type { NodeFact, NodeReport } from '../model/event.ts'
import { NO_SOCKETS, VirtualMachine } from '../sim/virtual-machine.ts'
import { hashOf, MAX_REPORT_BATCH, REPORT_EVERY_MS, Reporter, SAMPLE_ABOVE_PER_SECOND } from './reporter.ts'
import { Tally } from './tally.ts'

const detail = (): NodeFact => ({ type: 'compared', with: 1, verdict: 'agree' })
const kept: NodeFact = { type: 'neighbour', port: 1 }

/** A reporter, and a supervisor that takes its batches at once or, when it is slow, on demand. */
function reporterTo({ slow = false } = {}) {
  const batches: NodeReport[][] = []
  const waiting: (() => void)[] = []
  const tally = new Tally()
  const machine = new VirtualMachine(NO_SOCKETS)
  const reporter = new Reporter(
    machine,
    (batch, done) => {
      batches.push([...batch])
      if (slow) waiting.push(done)
      else done()
    },
    tally,
  )
  const take = () => {
    for (const done of waiting.splice(0)) done()
  }
  return { reporter, machine, tally, batches, take, types: () => batches.flat().map(({ type }) => type) }
}

describe('reports', () => {
  test('leave together, a moment later', () => {
    const { machine, reporter, batches } = reporterTo()
    for (let count = 0; count < 3; count += 1) reporter.report(kept)
    expect(batches).toEqual([])
    machine.advance(REPORT_EVERY_MS)
    expect(batches.map((batch) => batch.length)).toEqual([3])
  })

  test('leave at once when a batch is full', () => {
    const { reporter, batches } = reporterTo()
    for (let count = 0; count < MAX_REPORT_BATCH; count += 1) reporter.report(kept)
    expect(batches.map((batch) => batch.length)).toEqual([MAX_REPORT_BATCH])
  })

  test('leave sooner when they are long: a long text and a status of many origins count as several', () => {
    const text: NodeFact = { type: 'stored', origin: 40_000, seq: 0, text: 'x'.repeat(10_240), from: null }
    const pairs = Array.from({ length: 1_280 }, (_, place) => [40_000 + place, 1] as const)
    const content = { kind: 'status', pairs } as const
    const status: NodeFact = { type: 'sent', to: 40_001, why: 'hello', bytes: 9, delayMs: 0, content, hash: 1 }
    for (const [fact, weight] of [
      [text, 11],
      [status, 21],
    ] as const) {
      const { reporter, batches } = reporterTo()
      const least = Math.ceil(MAX_REPORT_BATCH / weight)
      for (let count = 0; count < least; count += 1) {
        expect(batches).toEqual([])
        reporter.report({ ...fact })
      }
      expect(batches.map((batch) => batch.length)).toEqual([least])
    }
  })

  test('other than details are never left out', () => {
    const { reporter, types } = reporterTo({ slow: true })
    for (let count = 0; count < 100 * MAX_REPORT_BATCH; count += 1) reporter.report(kept)
    expect(types()).toHaveLength(100 * MAX_REPORT_BATCH)
  })

  test('that remain when a node ends leave before it does', () => {
    const { reporter, batches, take } = reporterTo({ slow: true })
    const done = vi.fn()
    reporter.report(kept)
    reporter.close(done)
    expect(batches.map((batch) => batch.length)).toEqual([1])
    expect(done).not.toHaveBeenCalled()
    take()
    expect(done).toHaveBeenCalledOnce()
  })
})

describe('details', () => {
  test('are sampled while there are too many, and all are reported again afterwards', () => {
    const { machine, reporter, types, batches } = reporterTo()
    for (let hash = 0; hash < 4 * SAMPLE_ABOVE_PER_SECOND; hash += 1) reporter.reportDetail(hash, detail)
    machine.advance(COUNTERS_EVERY_MS)
    const before = types().filter((type) => type === 'compared').length
    for (let hash = 0; hash < 1_000; hash += 1) reporter.reportDetail(hash, detail)
    machine.advance(REPORT_EVERY_MS)
    expect(types().filter((type) => type === 'compared').length - before).toBeLessThan(500)
    machine.advance(3 * COUNTERS_EVERY_MS)
    const changes = batches.flat().flatMap((report) => (report.type === 'sampling' ? [report.every] : []))
    expect(Math.max(...changes)).toBeGreaterThan(1)
    expect(changes.at(-1)).toBe(1)
  })

  test('of the samples are all reported, also the one that starts the sampling', () => {
    const { reporter, types } = reporterTo()
    for (let count = 0; count < SAMPLE_ABOVE_PER_SECOND; count += 1) reporter.reportDetail(0, detail)
    reporter.flush()
    expect(types()).toContain('sampling')
    expect(types().filter((type) => type === 'compared')).toHaveLength(SAMPLE_ABOVE_PER_SECOND)
  })

  test('do not pile up for a supervisor that does not take them', () => {
    const { machine, reporter, types } = reporterTo({ slow: true })
    for (let count = 0; count < 500_000; count += 1) reporter.reportDetail(hashOf(bytesOf(`${count}`), machine), detail)
    expect(types().length).toBeLessThan(10_000)
  })

  test('leave the counters exact', () => {
    const { machine, reporter, tally, batches } = reporterTo()
    for (let count = 0; count < 10_000; count += 1) {
      tally.countSent({ kind: 'rumor', origin: 40_000, seq: count }, 10)
      reporter.reportDetail(count, detail)
    }
    machine.advance(COUNTERS_EVERY_MS + REPORT_EVERY_MS)
    const counters = batches.flat().flatMap((report) => (report.type === 'counters' ? [report.counters] : []))
    expect(counters.at(-1)).toMatchObject({ rumorsSent: 10_000, bytesSent: 100_000 })
  })
})

test('counters are reported while they change, and not otherwise', () => {
  const { machine, tally, types } = reporterTo()
  const reported = () => types().filter((type) => type === 'counters').length
  machine.advance(3 * COUNTERS_EVERY_MS)
  const atRest = reported()
  tally.countReceived({ kind: 'status', sender: 40_000, pairs: [], partial: false }, 10)
  machine.advance(3 * COUNTERS_EVERY_MS)
  expect(reported()).toBe(atRest + 1)
})
