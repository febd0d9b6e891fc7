import { expect, test } from 'vitest'
import type { NodeReport } from '../model/event.ts'
import { memoryOf } from '../model/event-memory.ts'
import { batchOf } from '../node/fixture.ts'
import { memoryOfBatch } from './batch-memory.ts'

const status = (pairs: number): NodeReport => ({
  type: 'sent',
  at: 0,
  to: 40_001,
  why: 'anti-entropy',
  bytes: 9,
  delayMs: 0,
  hash: 1,
  content: { kind: 'status', pairs: Array.from({ length: pairs }, (_, place) => [40_000 + place, 1] as const) },
})

test('a batch takes what its reports take, and its texts', () => {
  const text = 'x'.repeat(500)
  const stored: NodeReport = { type: 'stored', at: 0, origin: 40_000, seq: 0, text, from: null }
  const [long, short] = [batchOf([stored, status(10)]), batchOf([{ ...stored, text: '' }, status(10)])]
  expect(memoryOfBatch(long)).toBe(memoryOfBatch(short) + 500)
  expect(memoryOfBatch(batchOf([status(10), status(20)]))).toBe(memoryOf(status(10)) + memoryOf(status(20)))
})
