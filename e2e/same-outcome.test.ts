import { test } from 'vitest'
import { expectSameOutcomes } from '../server/test-support/determined-story.ts'

/** A limit for a busy machine, as that of every other test. */
const LIMIT_MS = 3_600_000

test(
  '200 stories with a determined outcome have the same on processes and on simulated nodes',
  async () => {
    await expectSameOutcomes(200)
  },
  LIMIT_MS,
)
