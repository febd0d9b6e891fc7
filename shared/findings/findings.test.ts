import { describe, expect, test } from 'vitest'
import { DEFAULTS } from '../gossip/settings.ts'
import type { LabEvent } from '../model/event.ts'
import { HEALTHY } from '../model/fault.ts'
import { fold } from '../model/fold.ts'
import type { LabSettings } from '../model/lab-settings.ts'
import { EMPTY_LAB } from '../model/lab-state.ts'
import { makeUpEvents } from '../sim/made-up.ts'
import { Findings, findingsIn } from './findings.ts'

type Unnumbered = LabEvent extends infer Event ? (Event extends LabEvent ? Omit<Event, 'n'> : never) : never

const ROOT = 40_000
const settings: LabSettings = {
  n: 2,
  topology: 'line',
  linkDelayMs: 0,
  seed: 1,
  rootId: ROOT,
  basePort: 20_000,
  gossip: DEFAULTS,
}
const program = { program: true, gate: true, seed: 1, pid: null } as const

const started = (at: number, node: number, generation = 0): readonly Unnumbered[] => [
  { at, type: 'starting', node, generation, ...program },
  { at, type: 'running', node, tcp: [20_000 + node] },
]
const NETWORK: readonly Unnumbered[] = [{ at: 0, type: 'network', settings }, ...started(1, 0), ...started(1, 1)]

const given = (at: number, node: number, seq: number, text: string, origin = ROOT + node): Unnumbered => ({
  ...{ at, type: 'given', node, origin, seq, text },
})
const stored = (at: number, node: number, seq: number, text: string, origin = ROOT): Unnumbered => ({
  ...{ at, type: 'stored', node, origin, seq, text, from: node === origin - ROOT ? null : 0, inferred: true },
})
/** Both nodes have the message, and know it of each other. */
const spread = (at: number, seq: number, text: string): readonly Unnumbered[] => [
  given(at, 0, seq, text),
  stored(at + 5, 0, seq, text),
  stored(at + 10, 1, seq, text),
]
const leaving = { why: 'program', bytes: 40, delayMs: 0, inferred: true } as const
const rumor = (
  at: number,
  node: number,
  seq: number,
  more: { own?: [number, number]; origin?: number } = {},
): Unnumbered => ({
  ...{ at, type: 'sent', node, to: ROOT + 1 - node, ...leaving },
  content: { kind: 'rumor', origin: ROOT, seq, ...more },
})
const status = (at: number, node: number): Unnumbered => ({
  ...{ at, type: 'sent', node, to: ROOT + 1 - node, ...leaving, content: { kind: 'status', pairs: [] } },
})

/** Numbers the events, and lets each datagram arrive 1 ms later. */
function inOrder(events: readonly Unnumbered[]): LabEvent[] {
  const numbered: LabEvent[] = []
  for (const event of [...events].sort((a, b) => a.at - b.at)) {
    const n = numbered.length + 1
    numbered.push({ ...event, n } as LabEvent)
    if (event.type !== 'sent' || event.fate !== undefined) continue
    const arrival = {
      at: event.at + 1,
      type: 'received',
      node: event.to - ROOT,
      datagram: n,
      from: ROOT + event.node,
    } as const
    numbered.push({ ...arrival, n: n + 1, bytes: event.bytes, inferred: true })
  }
  return numbered
}

/** Both send a status every 5 s, up to 60 s. */
const CHATTER = Array.from({ length: 12 }, (_, turn) => [
  status(5_000 * turn + 100, 0),
  status(5_000 * turn + 100, 1),
]).flat()

const found = (events: readonly Unnumbered[], at = 60_000) =>
  findingsIn(
    EMPTY_LAB,
    inOrder([...NETWORK, ...events]).filter((event) => event.at <= at),
    at,
  )
const words = (...args: Parameters<typeof found>) => found(...args).map((finding) => finding.words)

test('a network that spreads, answers and goes on with anti-entropy has no findings', () => {
  expect(
    found([...CHATTER, ...spread(1_000, 0, 'a'), rumor(1_006, 0, 0), status(1_008, 1), ...spread(2_000, 1, 'b')]),
  ).toEqual([])
})

test('a message shown more often than it was given was stored twice', () => {
  const again: Unnumbered = {
    at: 1_500,
    type: 'shown-again',
    node: 1,
    origin: ROOT,
    seq: 0,
    text: 'a',
    times: 3,
    inferred: true,
  }
  expect(found([...CHATTER, ...spread(1_000, 0, 'a'), again])).toMatchObject([
    { kind: 'stored twice', nodes: [1], words: 'Node 1 shows “a” 3 times in its chat log.', inferred: true },
  ])
})

describe('the order of one origin', () => {
  const both = [given(1_000, 0, 0, 'a'), given(1_001, 0, 1, 'b'), stored(1_100, 0, 0, 'a'), stored(1_100, 0, 1, 'b')]

  test('is broken when a chat log shows the later message first', () => {
    expect(words([...CHATTER, ...both, stored(1_200, 1, 1, 'b'), stored(1_300, 1, 0, 'a')])).toEqual([
      'Node 1 stored “b” before “a”, which comes first in the order of their origin.',
    ])
  })

  test('is not known from one chat log, which may print them in any order', () => {
    expect(words([...CHATTER, ...both, stored(1_200, 1, 1, 'b'), stored(1_200, 1, 0, 'a')])).toEqual([])
  })

  test('begins again with each life of the node', () => {
    const end: Unnumbered = { at: 2_000, type: 'ended', node: 1, end: { how: 'crashed' }, stderr: [] }
    const again = [end, ...started(2_100, 1, 1), stored(2_200, 1, 0, 'a'), stored(2_300, 1, 1, 'b')]
    expect(words([...CHATTER, ...both, stored(1_200, 1, 0, 'a'), stored(1_300, 1, 1, 'b'), ...again])).toEqual([])
  })
})

describe('a line of a client', () => {
  test('that is not in the chat log beside one that is was read as one with it', () => {
    const lines = [given(1_000, 0, 0, 'first'), given(1_000.2, 0, 1, 'second')]
    expect(found([...CHATTER, ...lines, stored(1_100, 0, 0, 'first'), stored(1_120, 1, 0, 'first')])).toMatchObject([
      {
        kind: 'lines as one',
        at: 1_000.2,
        words: 'Node 0 was given “second” within 0.20 ms of “first”, and its chat log does not show it.',
      },
    ])
  })

  test('alone may take longer, and is then not stored', () => {
    const alone = [...CHATTER, given(1_000, 0, 0, 'lost')]
    expect(words(alone, 12_000)).toEqual([])
    expect(words(alone, 14_000)).toEqual(['Node 0 was given “lost”, and 12 s later its chat log does not show it.'])
  })

  test('is no matter when the program ended, or does not answer', () => {
    const ended: Unnumbered = { at: 1_100, type: 'ended', node: 0, end: { how: 'crashed' }, stderr: [] }
    const silent: Unnumbered = { at: 1_100, type: 'answering', node: 0, answers: false }
    for (const event of [ended, silent]) expect(words([given(1_000, 0, 0, 'lost'), event])).toEqual([])
  })
})

describe('a rumor', () => {
  test('without a status in return is never acknowledged', () => {
    const events = [status(900, 0), ...spread(1_000, 0, 'a'), rumor(1_006, 0, 0)]
    expect(found(events, 10_000)).toMatchObject([
      {
        kind: 'never acknowledged',
        nodes: [1, 0],
        datagram: 10,
        words: 'Node 1 got “a” from node 0 and sent no status back within 3 s.',
      },
    ])
  })

  test('may go without one while its receiver is stopped, or the link is cut', () => {
    const stopped: Unnumbered = { at: 1_500, type: 'answering', node: 1, answers: false }
    const cut: Unnumbered = { at: 1_500, type: 'links', links: { '1>0': { ...HEALTHY, cut: true } } }
    for (const event of [stopped, cut])
      expect(words([...spread(1_000, 0, 'a'), rumor(1_006, 0, 0), event], 20_000)).toEqual([])
  })

  test('that goes on to a node that has it, and has said so, is repeated without end', () => {
    const repeats = Array.from({ length: 12 }, (_, turn) => rumor(2_000 + 100 * turn, 0, 0))
    expect(found([...CHATTER, ...spread(1_000, 0, 'a'), status(1_500, 1), ...repeats, status(3_200, 1)])).toMatchObject(
      [
        {
          kind: 'repeated',
          nodes: [0, 1],
          words: 'Node 0 sent “a” to node 1 10 times in 900 ms, after that node had it and had sent a status.',
        },
      ],
    )
  })

  test('is rightly repeated while no answer comes through', () => {
    const repeats = Array.from({ length: 12 }, (_, turn) => rumor(2_000 + 100 * turn, 0, 0))
    const cut: Unnumbered = { at: 1_001, type: 'links', links: { '1>0': { ...HEALTHY, cut: true } } }
    expect(words([...spread(1_000, 0, 'a'), cut, ...repeats], 10_000)).toEqual([])
  })

  test('with the number of another text is two texts under one number', () => {
    const events = [
      ...spread(1_000, 0, 'before'),
      rumor(1_006, 0, 0),
      { at: 2_000, type: 'ended', node: 0, end: { how: 'crashed' }, stderr: [] } as const,
      ...started(2_100, 0, 1),
      given(3_000, 0, 0, 'after', ROOT + 65_536),
      stored(3_010, 0, 0, 'after', ROOT + 65_536),
      rumor(3_020, 0, 0, { origin: ROOT + 65_536, own: [ROOT, 0] }),
    ]
    expect(words([...CHATTER, ...events], 5_000)).toEqual([
      'Node 0 sent “after” under the number 40000.0, which “before” has already.',
    ])
  })
})

describe('after three periods of anti-entropy', () => {
  const stuck = [given(1_000, 0, 0, 'a'), stored(1_005, 0, 0, 'a')]

  test('a neighbour over a healthy link that still lacks a message is a finding, and not before', () => {
    expect(words([...CHATTER, ...stuck], 30_000)).toEqual([])
    expect(words([...CHATTER, ...stuck], 32_000)).toEqual([
      'Node 0 has “a”, and 30 s later node 1 beside it still lacks it.',
    ])
  })

  test('a link that was disturbed gets its time from then on', () => {
    const cut: Unnumbered = { at: 2_000, type: 'links', links: { '1>0': { ...HEALTHY, cut: true } } }
    const healed: Unnumbered = { at: 20_000, type: 'links', links: { '1>0': HEALTHY } }
    expect(words([...CHATTER, ...stuck, cut], 55_000)).toEqual([])
    expect(words([...CHATTER, ...stuck, cut, healed], 49_000)).toEqual([])
    expect(words([...CHATTER, ...stuck, cut, healed], 51_000)).toHaveLength(1)
  })

  test('a message of a later life hints at the numbers', () => {
    const later = [
      ...started(500, 0, 1),
      given(1_000, 0, 0, 'a', ROOT + 65_536),
      stored(1_005, 0, 0, 'a', ROOT + 65_536),
    ]
    expect(found([...CHATTER, ...later])[0]?.lookAt).toContain('from 0 again after a restart')
  })

  test('a node without a status is silent; one whose datagrams are not understood may not be', () => {
    const ofOne = CHATTER.filter((event) => 'node' in event && event.node === 0)
    expect(words(ofOne)).toEqual(['Node 1 has sent no status for 30 s.'])
    const unknown: Unnumbered = {
      ...{ at: 2_000, type: 'sent', node: 1, to: ROOT, ...leaving, content: { kind: 'undecoded', carries: [] } },
    }
    expect(words([...ofOne, unknown])).toEqual([])
  })

  test('a protocol without any status is one finding about no node, with a doubt', () => {
    const events = [...spread(1_000, 0, 'a'), rumor(1_006, 0, 0)]
    expect(found(events)).toMatchObject([{ kind: 'silent', nodes: [], words: 'No node has sent a status for 30 s.' }])
    expect(found(events)[0]?.lookAt).toContain('Another protocol may do without.')
  })
})

describe('on a machine that is too busy for a program', () => {
  const overloaded = (at: number, node: number, is: boolean): Unnumbered => ({
    ...{ at, type: 'overloaded', node, overloaded: is },
  })
  const stuck = [...CHATTER, given(1_000, 0, 0, 'a'), stored(1_005, 0, 0, 'a')]

  test('all nodes get four times the time, and a finding says that this may be the reason', () => {
    const events = [...stuck, overloaded(2_000, 1, true), overloaded(20_000, 1, false)]
    const only = (until: number) => found(events, until).filter(({ kind }) => kind === 'not spread')
    expect(only(120_000)).toEqual([])
    expect(only(122_000)).toMatchObject([{ words: 'Node 0 has “a”, and 120 s later node 1 beside it still lacks it.' }])
    expect(only(122_000)[0]?.lookAt).toMatch(/^The machine was too busy meanwhile, which may be the reason\. Does/)
  })

  test('what began after that gets no more time than ever, nor does a fault that time does not show', () => {
    const before = [overloaded(100, 1, true), overloaded(900, 1, false)]
    expect(found([...before, ...stuck], 32_000)).toMatchObject([
      { kind: 'not spread', lookAt: expect.stringMatching(/^Does/) },
    ])
    const again: Unnumbered = {
      ...{ at: 1_000, type: 'shown-again', node: 1, origin: ROOT, seq: 0, text: 'a', times: 2, inferred: true },
    }
    expect(found([overloaded(100, 1, true), again], 2_000)).toMatchObject([{ lookAt: expect.stringMatching(/^How/) }])
  })

  test('the end of a program ends its wait', () => {
    const restart = [
      overloaded(100, 0, true),
      { at: 200, type: 'ended', node: 0, end: { how: 'stopped' }, stderr: [] } as const,
      ...started(300, 0, 1),
    ]
    expect(words([...restart, ...stuck], 32_000)).toHaveLength(1)
  })
})

describe('a process', () => {
  test('that aborts at the crash command, or ends by itself, is a finding with its last words', () => {
    const end = (node: number, how: 'crashed' | 'failed'): Unnumbered => ({
      ...{ at: 1_000, type: 'ended', node, stderr: [] },
      end: { how, why: 'ended by SIGABRT', lastWords: 'free(): invalid pointer' },
    })
    expect(words([end(0, 'crashed'), end(1, 'failed')])).toEqual([
      'Node 0 crashed on command, but not cleanly: ended by SIGABRT. Its last words: “free(): invalid pointer”.',
      'Node 1 ended without a command: ended by SIGABRT. Its last words: “free(): invalid pointer”.',
    ])
  })

  test('that crashes on command, or was killed, is none', () => {
    const end = (node: number, end: Extract<LabEvent, { type: 'ended' }>['end']): Unnumbered => ({
      ...{ at: 1_000, type: 'ended', node, stderr: [], end },
    })
    expect(words([end(0, { how: 'crashed' }), end(1, { how: 'killed', signal: 'SIGKILL' })])).toEqual([])
  })

  test('that does not serve its TCP port is a finding, and one that a signal has stopped is none', () => {
    const trouble = { at: 1_000, type: 'trouble', node: 0, why: 'it has not answered get chatLog within 1 s' } as const
    expect(words([{ ...trouble, about: 'tcp' }], 2_000)).toEqual([
      'Node 0 does not serve its TCP port: it has not answered get chatLog within 1 s.',
    ])
    expect(words([trouble], 2_000)).toEqual([])
  })
})

test('findings of one kind at one node are one, which counts them', () => {
  const again = (at: number, text: string): Unnumbered => ({
    ...{ at, type: 'shown-again', node: 1, origin: ROOT, seq: 0, text, times: 2, inferred: true },
  })
  expect(found([again(1_000, 'a'), again(2_000, 'b')], 3_000)).toMatchObject([{ times: 2, at: 1_000, until: 6 }])
})

test('a new network begins without findings of its own, and keeps those of the one before', () => {
  const events = inOrder([
    ...NETWORK,
    given(1_000, 0, 0, 'a'),
    { at: 1_500, type: 'shown-again', node: 0, origin: ROOT, seq: 0, text: 'a', times: 2 },
    ...NETWORK.map((event) => ({ ...event, at: event.at + 2_000 })),
  ])
  expect(findingsIn(EMPTY_LAB, events, 90_000)).toMatchObject([{ kind: 'stored twice', network: 1 }])
})

test('findings that begin in the middle see what happens from there on', () => {
  const events = inOrder([...NETWORK, given(1_000, 0, 0, 'a'), stored(1_005, 0, 0, 'a'), ...CHATTER])
  const place = events.findIndex(({ at }) => at > 1_005)
  const findings = new Findings(fold(EMPTY_LAB, events.slice(0, place)))
  findings.take(events.slice(place))
  findings.advance(60_000)
  expect(findings.all).toEqual([])
})

test('10,000 events of our own nodes are taken in parts as at once', () => {
  const events = makeUpEvents(10_000, 3, { nodes: 8 })
  const inParts = new Findings(EMPTY_LAB)
  for (let place = 0; place < events.length; place += 97) inParts.take(events.slice(place, place + 97))
  const at = events.at(-1)?.at ?? 0
  inParts.advance(at)
  expect(inParts.all).toEqual(findingsIn(EMPTY_LAB, events, at))
})
