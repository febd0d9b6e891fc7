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

/** A program of the presenter, in each state in which the lab quotes the program or the system. */
const GATE = "python3: can't open file '/home/ada/gate.py'"
const OF_PROGRAM: readonly LabEvent[] = [
  { n: 1, at: 0, type: 'network', settings: SETTINGS },
  {
    ...{ n: 2, at: 1, type: 'starting', node: 0, generation: 0, pid: 5, seed: 1, program: true, startedFor: 2 },
    ...{ gate: GATE, lacks: { abilities: ['cut'], why: `needs a gate, and ${GATE}`, remedy: 'sudo ada' } },
  },
  { n: 3, at: 2, type: 'running', node: 0, tcp: [20_000] },
  { n: 4, at: 3, type: 'output', node: 0, lines: ['warning: /home/ada/gossip.c:12'] },
  { n: 5, at: 4, type: 'trouble', node: 0, why: 'it answers get chatLog with ‘/home/ada’, which is no chat log' },
  { n: 6, at: 5, type: 'answering', node: 0, answers: false, suspended: 'signal' },
  { n: 7, at: 6, type: 'outdated', node: 0 },
  { n: 8, at: 7, type: 'starting', node: 1, generation: 0, pid: 6, seed: 1, program: true, gate: true },
  {
    ...{ n: 9, at: 8, type: 'ended', node: 1, stderr: ['Traceback: /home/ada/process.py'] },
    end: { how: 'failed', why: '/home/ada/process cannot be started', lastWords: 'at /home/ada' },
  },
]

describe('a viewer', () => {
  test('sees of a program its gossip, and never its path, its output or the words of the system', () => {
    const seen = JSON.stringify([OF_PROGRAM.map(eventForViewers), stateForViewers(fold(EMPTY_LAB, OF_PROGRAM))])
    expect(JSON.stringify(OF_PROGRAM)).toContain('/home/ada')
    expect(seen).not.toMatch(/ada|\.py|\.c\b|python3|sudo/)
    const [node] = stateForViewers(fold(EMPTY_LAB, OF_PROGRAM)).nodes
    expect(node).toMatchObject({ program: true, status: 'running', suspended: 'signal', outdated: true })
    expect(fold(EMPTY_LAB, OF_PROGRAM.map(eventForViewers))).toEqual(stateForViewers(fold(EMPTY_LAB, OF_PROGRAM)))
  })

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
