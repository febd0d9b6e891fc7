import { expect, test } from 'vitest'
import type { LabEvent } from '../model/event.ts'
import { makeUpEvents } from '../sim/made-up.ts'
import { EventJson } from './event-json.ts'

test('is the JSON of the event, whatever was asked before, also for another event with the same number', () => {
  const json = new EventJson()
  const events = makeUpEvents(20_000, 3)
  for (let again = 0; again < 2; again += 1)
    for (const event of events) expect(json.of(event)).toBe(JSON.stringify(event))
  const [first] = events
  const other: LabEvent = { n: first?.n ?? 1, at: 5, type: 'viewers', may: 'chat' }
  expect(json.of(other)).toBe(JSON.stringify(other))
})

test('a long text is not remembered', () => {
  const event: LabEvent = { n: 1, at: 0, type: 'command', by: 'rest', line: 'x'.repeat(9_000), output: [] }
  expect(new EventJson().of(event)).toBe(JSON.stringify(event))
})
