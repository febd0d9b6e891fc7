import { expect, test } from 'vitest'
import { DEFAULTS } from '../gossip/settings.ts'
import { parseScenario } from '../language/scenario.ts'
import type { LabEvent } from '../model/event.ts'
import type { LabSettings } from '../model/lab-settings.ts'
import { EMPTY_LAB } from '../model/lab-state.ts'
import { findingsIn } from './findings.ts'
import { scenarioOf } from './scenario-of.ts'

type Unnumbered = LabEvent extends infer Event ? (Event extends LabEvent ? Omit<Event, 'n'> : never) : never

const ROOT = 40_000
const settings: LabSettings = {
  ...{ n: 3, topology: 'line', linkDelayMs: 0, seed: 1, rootId: ROOT, basePort: 20_000 },
  gossip: { ...DEFAULTS, fanout: 1 },
}
const program = { program: true, gate: true, seed: 1, pid: null } as const
const started = (node: number, gate: true | string = true): readonly Unnumbered[] => [
  { at: 1, type: 'starting', node, generation: 0, ...program, gate },
  { at: 2, type: 'running', node, tcp: [] },
]
const command = (at: number, line: string, error?: string): Unnumbered => ({
  ...{ at, type: 'command', by: 'page', line, output: [] },
  ...(error === undefined ? {} : { error }),
})
const status = (at: number, node: number, to: number): Unnumbered => ({
  ...{ at, type: 'sent', node, to: ROOT + to, why: 'program', bytes: 9, delayMs: 0 },
  content: { kind: 'status', pairs: [] },
})

const START: readonly Unnumbered[] = [
  { at: 0, type: 'network', settings },
  ...[0, 1, 2].flatMap((node) => started(node)),
  command(3, 'network 3 line'),
  status(10, 0, 1),
  status(10, 1, 0),
  status(10, 2, 1),
]
const again: Unnumbered = {
  at: 3_000,
  type: 'shown-again',
  node: 0,
  origin: ROOT,
  seq: 0,
  text: 'a',
  times: 2,
  inferred: true,
}

function scenario(events: readonly Unnumbered[]) {
  const numbered: LabEvent[] = []
  for (const event of events) {
    const n = numbered.length + 1
    numbered.push({ ...event, n } as LabEvent)
    if (event.type === 'sent')
      numbered.push({
        n: n + 1,
        at: event.at + 1,
        type: 'received',
        node: event.to - ROOT,
        datagram: n,
        from: ROOT + event.node,
        bytes: 9,
      })
  }
  const [finding] = findingsIn(EMPTY_LAB, numbered, 5_000)
  if (!finding) throw new Error('no finding')
  const text = scenarioOf(finding, { settings, events: numbered })
  expect(parseScenario(text)).toMatchObject({ ok: true })
  return text
}

const linesOf = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))

test('the commands up to a finding are kept, with their pauses, and looks, refusals and later ones are left out', () => {
  const text = scenario([
    ...START,
    command(500, '0 msg 1 a'),
    command(510, '0 msg 2 b'),
    command(900, '0 get chatLog'),
    command(950, 'link 0 7 cut', 'there is no such link'),
    command(2_000, 'link 0 1 cut'),
    again,
    command(4_000, '1 crash'),
  ])
  expect(linesOf(text)).toEqual([
    'network 3 line fanout=1',
    'delay 0',
    'sleep 500ms',
    '0 msg 1 a',
    '0 msg 2 b',
    'sleep 1490ms',
    'link 0 1 cut',
    'sleep 1000ms',
  ])
  expect(text).toContain('# Node 0 shows “a” 2 times in its chat log. (at 3.000 s, inferred)')
  expect(text).toContain('# Left out: 1 look, 1 refused command, everything after the finding.')
})

test('a message is left out when no datagram can have carried it there', () => {
  const told = [
    command(500, '2 msg 1 early'),
    command(510, '0 msg 1 a'),
    status(600, 2, 1),
    status(700, 1, 0),
    command(800, '2 msg 2 late'),
    again,
  ]
  const lines = linesOf(scenario([...START, ...told])).filter((line) => line.includes('msg'))
  expect(lines).toEqual(['2 msg 1 early', '0 msg 1 a'])
})

test('nothing is left out for its way where the lab does not see all datagrams', () => {
  const unseen = START.map((event) => (event.type === 'starting' ? { ...event, gate: 'nft is missing' } : event))
  expect(scenario([...unseen, command(500, '2 msg 1 b'), again])).toContain('2 msg 1 b')
})

test('the crash that is the finding is its last command, although it is reported later', () => {
  const ended: Unnumbered = {
    at: 3_000,
    type: 'ended',
    node: 1,
    stderr: [],
    end: { how: 'crashed', why: 'ended by SIGABRT' },
  }
  const text = scenario([
    ...START,
    command(500, '0 msg 1 a'),
    status(600, 0, 1),
    ended,
    command(3_001, '1 crash'),
    command(3_500, '1 start 3 20001'),
  ])
  expect(linesOf(text).slice(-3)).toEqual(['0 msg 1 a', 'sleep 2510ms', '1 crash'])
})
