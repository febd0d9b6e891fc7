import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { now } from './clock.ts'

test('a time that another process reads between two readings lies between them', () => {
  const before = now()
  const there = Number(execFileSync('node', ['-p', 'Number(process.hrtime.bigint()) / 1e6'], { encoding: 'utf8' }))
  const after = now()
  expect(there).toBeGreaterThan(before)
  expect(there).toBeLessThan(after)
})
