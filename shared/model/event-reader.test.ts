import { expect, test } from 'vitest'
import { readEvent } from './event-reader.ts'
import { CHANCE_NAMES, HEALTHY } from './fault.ts'

test.each(CHANCE_NAMES)('a recording that predates links with %s opens, and its links have none', (name) => {
  const { [name]: _, ...before } = { ...HEALTHY, cut: true }
  const event = { n: 1, at: 0, type: 'links', links: { '0>1': before } }
  expect(readEvent(event)).toEqual({ ok: true, value: { ...event, links: { '0>1': { ...HEALTHY, cut: true } } } })
})
