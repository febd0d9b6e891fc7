import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { anyResult, EXAMPLE, SKIPPED, testOf } from '../../test-support/check-results.ts'
import type { TestResult } from '../result.ts'
import { gradescopeJson } from './gradescope.ts'
import { earned, readPoints, VISIBILITIES } from './points.ts'

/** From Gradescope's "Autograder Specifications", section "Output format"; only the fields that we write. */
const documented = z.strictObject({
  execution_time: z.int().check(z.minimum(0)),
  output: z.string(),
  visibility: z.enum(VISIBILITIES),
  tests: z.array(
    z.strictObject({
      score: z.number(),
      max_score: z.number(),
      name: z.string(),
      status: z.enum(['passed', 'failed']),
      output: z.string(),
      visibility: z.enum(VISIBILITIES),
    }),
  ),
})

const names = EXAMPLE.tests.map(({ name }) => name)
const file = (more: object) => JSON.stringify({ partialCredit: 'share', others: 2, ...more })

test('a result has the documented form, whatever texts programs and files have', () => {
  fc.assert(
    fc.property(anyResult, fc.constantFrom('none', 'share'), (result, partialCredit) => {
      const points = readPoints(
        file({ partialCredit }),
        result.tests.map(({ name }) => name),
      )
      const text = gradescopeJson(result, points)
      expect(text.isWellFormed()).toBe(true)
      const { tests } = documented.parse(JSON.parse(text))
      expect(tests).toHaveLength(result.tests.length)
      for (const { score, max_score } of tests) expect(score >= 0 && score <= max_score).toBe(true)
    }),
  )
})

test('a test earns all, nothing, or its share of passed runs if the file says so', () => {
  const scores = (partialCredit: string) =>
    documented
      .parse(
        JSON.parse(
          gradescopeJson(EXAMPLE, readPoints(file({ partialCredit, tests: { [names[2] ?? '']: 10 } }), names)),
        ),
      )
      .tests.map(({ score, max_score, status }) => [score, max_score, status])
  expect(scores('share')).toEqual([
    [2, 2, 'passed'],
    [0, 2, 'failed'],
    [7.5, 10, 'failed'],
    [0, 2, 'failed'],
  ])
  expect(scores('none')).toEqual([
    [2, 2, 'passed'],
    [0, 2, 'failed'],
    [0, 10, 'failed'],
    [0, 2, 'failed'],
  ])
})

test('a share is rounded down, so that only a test that passes earns all its points', () => {
  const runs = Array.from({ length: 3_000 }, (_, i) => ({ ok: i > 0, run: i + 1 }))
  const flaky = { ...testOf('a', []), verdict: 'flaky', runs } as unknown
  expect(earned(flaky as TestResult, 10, { partialCredit: 'share' })).toBe(9.99)
})

test('a skipped test earns nothing, and says that this is not the fault of the program', () => {
  const text = gradescopeJson({ ...EXAMPLE, tests: [SKIPPED] }, readPoints(file({}), names))
  const { output, tests } = documented.parse(JSON.parse(text))
  expect(output).toContain('1 test neither passed nor failed, so 2 points could not be earned')
  expect(tests[0]).toMatchObject({ name: 'cut and heal (skipped)', score: 0, max_score: 2 })
  expect(tests[0]?.output).toContain('Neither passed nor failed: it needs a gate')
})

test('a test can be hidden from students', () => {
  const points = readPoints(
    file({ visibility: 'after_due_date', tests: { 'cut and heal': { points: 0, visibility: 'hidden' } } }),
    names,
  )
  const { visibility, tests } = documented.parse(JSON.parse(gradescopeJson(EXAMPLE, points)))
  expect(visibility).toBe('after_due_date')
  expect(tests.map((one) => one.visibility)).toEqual([...Array(3).fill('after_due_date'), 'hidden'])
})

test.each([
  ['{', 'it is not JSON'],
  ['[]', 'it must be like {"partialCredit": "share", "tests": {"NAME": 5}, "others": 1}'],
  ['{"others": 1}', '"partialCredit" must be "none" or "share": what 16 of 20 runs earn is your choice'],
  [file({ more: 1 }), '"more" is not expected; use partialCredit, tests, others, visibility'],
  [
    file({ tests: { 'cut and heal': -1 } }),
    '"tests.cut and heal" must be points from 0, or {"points": 5, "visibility": "hidden"}',
  ],
  [file({ visibility: 'never' }), '"visibility" must be visible, hidden, after_due_date, after_published'],
  [file({ tests: { 'cut and hael': 1 } }), "no test is named 'cut and hael'. Did you mean 'cut and heal'?"],
  [
    '{"partialCredit": "none"}',
    'the test \'agreement after quiet\' has no points: name it in "tests", or give "others"',
  ],
])('a file of points that says too little or too much is refused: %s', (text, why) => {
  expect(() => readPoints(text, names)).toThrow(why)
})
