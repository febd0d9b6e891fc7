import type { TestSequencer, TestSpecification } from 'vitest/node'

/** The slowest files, slowest first. */
const LONGEST = [
  'e2e/mouse',
  'e2e/remote',
  'e2e/accessibility',
  'e2e/proxy',
  'e2e/keyboard',
  'e2e/page-layout',
  'e2e/lecture',
  'e2e/export',
  'e2e/page',
  'e2e/time',
  'e2e/support/proxy',
  'e2e/ways-back',
  'e2e/page-trouble',
]

/** Starts the slowest files first, so that no worker is left alone with one of them at the end. */
export class LongestFirst implements TestSequencer {
  sort(files: TestSpecification[]): TestSpecification[] {
    const placeOf = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`))
      return place < 0 ? LONGEST.length : place
    }
    // The rest in the order of their paths: real processes and pages before pure code.
    return files.toSorted((a, b) => placeOf(a) - placeOf(b) || a.moduleId.localeCompare(b.moduleId))
  }

  shard(files: TestSpecification[]): TestSpecification[] {
    return files
  }
}
