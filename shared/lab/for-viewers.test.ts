import { describe, expect, test } from 'vitest'
import { DEFAULTS } from '../gossip/settings.ts'
import type { LabEvent } from '../model/event.ts'
import { fold } from '../model/fold.ts'
import type { LabSettings } from '../model/lab-settings.ts'
import { EMPTY_LAB } from '../model/lab-state.ts'
import { eventForViewers, stateForViewers } from './for-viewers.ts'

const WHY =
  'Error: EACCES: permission denied, open "/home/ada/lab/key.txt" at file:///home/ada/x.js:1 C:\\Users\\ada\\x'
const SETTINGS: LabSettings = {
  n: 2,
  topology: 'line',
  linkDelayMs: 0,
  seed: 1,
  rootId: 40_000,
  basePort: 20_000,
  gossip: DEFAULTS,
}
const EVENTS: readonly LabEvent[] = [
  { n: 1, at: 0, type: 'network', settings: SETTINGS },
  { n: 2, at: 1, type: 'starting', node: 0, generation: 0, pid: 5, seed: 1 },
  { n: 3, at: 2, type: 'ended', node: 0, end: { how: 'failed', why: WHY }, stderr: ['    at /home/ada/lab.js:3:4'] },
  { n: 4, at: 3, type: 'command', by: 'console', line: '0 start 2 20000', output: [], error: `node 0: ${WHY}` },
  { n: 5, at: 4, type: 'recording', problem: '/home/ada/lab.jsonl cannot be written' },
  { n: 6, at: 4, type: 'command', by: 'page', line: '1 msg 1 and/or 3/4 10:30', output: ['and/or 3/4'] },
  {
    n: 7,
    at: 5,
    type: 'command',
    by: 'proxy',
    line: '/home/ada/4 start x 20000',
    output: [],
    error: 'not /home/ada/4',
  },
]

describe('a viewer', () => {
  test('sees no path of the machine, in events or in the state', () => {
    const seen = JSON.stringify([EVENTS.map(eventForViewers), stateForViewers(fold(EMPTY_LAB, EVENTS))])
    expect(JSON.stringify(EVENTS)).toContain('/home/ada')
    expect(seen).not.toMatch(/ada|\.js|Users/)
    expect(seen).toContain('EACCES: permission denied')
  })

  test('reaches the same state by events as by a snapshot', () => {
    expect(fold(EMPTY_LAB, EVENTS.map(eventForViewers))).toEqual(stateForViewers(fold(EMPTY_LAB, EVENTS)))
  })

  test('sees people’s messages unchanged', () => {
    expect(eventForViewers(EVENTS[5] as LabEvent)).toBe(EVENTS[5])
  })
})
