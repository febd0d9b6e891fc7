import { test } from 'vitest'
import { expectSameOutcomes } from '../server/test-support/determined-story.ts'

test('100 stories with a determined outcome have the same on processes and on simulated nodes', async () => {
  await expectSameOutcomes(100)
}, 600_000)
