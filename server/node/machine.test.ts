import { expect, test } from 'vitest'
import { hashOf } from '../../shared/node/reporter.ts'
import { machine } from './machine.ts'

test('datagrams that differ a little have different hashes, equal ones the same', () => {
  const hashes = Array.from({ length: 1_000 }, (_, index) =>
    hashOf(Buffer.from(`rumor:40000:{hello,40000,${index}}`), machine),
  )
  expect(new Set(hashes).size).toBe(1_000)
  expect(hashes.filter((hash) => hash % 8 === 0).length).toBeGreaterThan(60)
  expect(hashOf(Buffer.from('a'), machine)).toBe(hashOf(Buffer.from('a'), machine))
})
