import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyResult, EXAMPLE } from '../../test-support/check-results.ts'
import { checkReport, jsonReport } from './json.ts'

test('a report is the whole result, with its version, and matches its schema', () => {
  const report = checkReport.parse(JSON.parse(jsonReport(EXAMPLE)))
  expect(report).toEqual({ rumorscope: 'check', version: 1, ...EXAMPLE })
})

test('a report keeps whatever texts programs and files have, in valid UTF-8', () => {
  fc.assert(
    fc.property(anyResult, (result) => {
      const text = jsonReport(result)
      expect(text.isWellFormed()).toBe(true)
      expect(checkReport.parse(JSON.parse(text))).toEqual({ rumorscope: 'check', version: 1, ...result })
    }),
  )
})

test('a report of another version, or with an unknown field, does not match', () => {
  const report = JSON.parse(jsonReport(EXAMPLE))
  expect(checkReport.safeParse({ ...report, version: 2 }).success).toBe(false)
  expect(checkReport.safeParse({ ...report, more: 1 }).success).toBe(false)
})
