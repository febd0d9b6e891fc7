import { expect, test } from 'vitest'
import { EMPTY_LAB } from '../../shared/model/lab-state.ts'
import { makeUpEvents } from '../../shared/sim/made-up.ts'
import { shivizLog } from './shiviz.ts'

test('ShiViz accepts it: its clocks begin at 1, go up by one, and include received ones', () => {
  const events = makeUpEvents(4_000, 5)
  const [read = '', apart = '', ...lines] = shivizLog({ base: EMPTY_LAB, events }).split('\n')
  expect(apart).toBe('^=== (?<trace>.*) ===$')
  const logs = lines.join('\n').split(new RegExp(apart, 'm'))
  // The regular expression captures a name at each delimiter, and the log follows.
  const traces = logs.filter((_, place) => place > 0 && place % 2 === 0)
  expect(traces.length).toBe(events.filter(({ type }) => type === 'network').length)
  let found = 0
  for (const trace of traces) {
    const counts = new Map<string, number>()
    for (const { groups } of trace.matchAll(new RegExp(read, 'g'))) {
      const { host = '', clock = '' } = groups ?? {}
      const times: Record<string, number> = JSON.parse(clock)
      counts.set(host, (counts.get(host) ?? 0) + 1)
      expect(times[host]).toBe(counts.get(host))
      // No clock is ahead of the events that happened.
      for (const [name, count] of Object.entries(times)) expect(count).toBeLessThanOrEqual(counts.get(name) ?? 0)
      found += 1
    }
  }
  expect(found).toBe(events.filter((event) => 'node' in event && event.type !== 'counters').length)
})
