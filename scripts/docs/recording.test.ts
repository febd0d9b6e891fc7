import { expect, test } from 'vitest'
import { EVENT_TYPES } from '../../shared/model/event-reader.ts'
import { readOurs } from './markdown.ts'

const ROWS = readOurs('docs/recording.md').match(/^\| `.*$/gm) ?? []

test.each(EVENT_TYPES)('docs/recording.md has a row about %s', (type) => {
  const named = ROWS.flatMap((row) => row.split(' | ')[0]?.match(/[\w-]+(?=`)/g) ?? [])
  expect(named).toContain(type)
})
