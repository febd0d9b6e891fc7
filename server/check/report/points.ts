/** Reads the file of `--points`: the points of each test, and what a test earns that passes some of its runs. */
import * as z from 'zod/mini'
import { Refusal } from '../../../shared/text/refusal.ts'
import { didYouMean } from '../../../shared/text/words.ts'
import type { TestResult } from '../result.ts'

/** As Gradescope documents it: when students see a test. */
export const VISIBILITIES = ['visible', 'hidden', 'after_due_date', 'after_published'] as const
export type Visibility = (typeof VISIBILITIES)[number]

const points = z.number().check(z.minimum(0), z.maximum(1_000_000))
const visibility = z.enum(VISIBILITIES)

const pointsFile = z.strictObject({
  /** `none`: only a test that passes all its runs earns points. `share`: 16 of 20 runs earn 16 of 20 points. */
  partialCredit: z.enum(['none', 'share']),
  /** Points by name of the test. */
  tests: z._default(z.record(z.string(), z.union([points, z.strictObject({ points, visibility })])), {}),
  /** Points of each test that is not named. */
  others: z.exactOptional(points),
  visibility: z._default(visibility, 'visible'),
})

export interface Points {
  readonly partialCredit: 'none' | 'share'
  readonly visibility: Visibility
  /** @throws Refusal if the test has none. */
  of(name: string): { readonly points: number; readonly visibility: Visibility }
}

/**
 * Reads a file for tests of these names.
 * @throws Refusal that says what is wrong, without the name of the file.
 */
export function readPoints(text: string, names: readonly string[]): Points {
  const parsed = pointsFile.safeParse(parse(text))
  if (!parsed.success) throw new Refusal(problemOf(parsed.error))
  const { tests, others, ...rest } = parsed.data
  const unknown = Object.keys(tests).find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new Refusal(`no test is named '${unknown}'${didYouMean({ text: unknown, column: 1 }, names)}`)
  const missing = names.find((name) => !Object.hasOwn(tests, name))
  if (missing !== undefined && others === undefined)
    throw new Refusal(`the test '${missing}' has no points: name it in "tests", or give "others"`)
  return {
    ...rest,
    of(name) {
      const own = Object.hasOwn(tests, name) ? tests[name] : others
      if (own === undefined) throw new Refusal(`the test '${name}' has no points`)
      return typeof own === 'number' ? { points: own, visibility: rest.visibility } : own
    },
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('it is not JSON')
  }
}

function problemOf({ issues }: z.core.$ZodError): string {
  const [issue] = issues
  const place = issue?.path.map(String).join('.') ?? ''
  if (place === 'partialCredit')
    return `"partialCredit" must be "none" or "share": what 16 of 20 runs earn is your choice`
  if (issue?.code === 'unrecognized_keys')
    return `"${issue.keys[0]}" is not expected; use partialCredit, tests, others, visibility`
  if (place.startsWith('tests.')) return `"${place}" must be points from 0, or {"points": 5, "visibility": "hidden"}`
  if (place === 'visibility') return `"visibility" must be ${VISIBILITIES.join(', ')}`
  if (place === 'others') return '"others" must be points from 0'
  return 'it must be like {"partialCredit": "share", "tests": {"NAME": 5}, "others": 1}'
}

/** Returns what a test earns: never more than its runs show, so a share is rounded down to two decimals. */
export function earned({ runs, verdict }: TestResult, most: number, { partialCredit }: Pick<Points, 'partialCredit'>) {
  if (verdict === 'passed') return most
  if (partialCredit === 'none' || runs.length === 0) return 0
  const passed = runs.filter(({ ok }) => ok).length
  return Math.floor((most * passed * 100) / runs.length) / 100
}
