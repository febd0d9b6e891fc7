/** Tests the state of a lab with faults and held datagrams, and the words for both. */
import { describe, expect, test } from 'vitest'
import { DEFAULTS } from '../gossip/settings.ts'
import { explainChatLogMismatch, explainMismatch } from '../language/condition.ts'
import type { LabEvent } from './event.ts'
import { HEALTHY } from './fault.ts'
import { fold } from './fold.ts'
import { EMPTY_LAB, type LabState, linkOf } from './lab-state.ts'
import { describeHeld, previewDelivery } from './preview.ts'

const ROOT = 40_000
const settings = {
  n: 3,
  topology: 'line',
  linkDelayMs: 0,
  seed: 1,
  rootId: ROOT,
  basePort: 20_000,
  gossip: DEFAULTS,
} as const

type Unnumbered = LabEvent extends infer One ? (One extends LabEvent ? Omit<One, 'n' | 'at'> : never) : never

/** Returns the state after these events, in a network whose nodes all run. */
function labAfter(...events: readonly Unnumbered[]): LabState {
  const begin: Unnumbered[] = [{ type: 'network', settings }]
  for (const node of [0, 1, 2])
    begin.push({ type: 'starting', node, generation: 0, pid: 1, seed: 1 }, { type: 'running', node, tcp: [] })
  const all = [...begin, ...events].map((event, index) => ({ n: index + 1, at: index, ...event }) as LabEvent)
  return fold(EMPTY_LAB, all)
}

const rumor = { kind: 'rumor', origin: ROOT, seq: 0 } as const
const heldEvent = (number: number, node: number, to: number, more: object = {}): Unnumbered =>
  ({
    type: 'held',
    node,
    number,
    ticket: number,
    to: ROOT + to,
    why: 'new',
    bytes: 30,
    content: rumor,
    ...more,
  }) as Unnumbered
const sentEvent = (more: object = {}): Unnumbered =>
  ({ type: 'sent', node: 0, to: ROOT + 1, why: 'new', bytes: 30, delayMs: 100, content: rumor, ...more }) as Unnumbered
const stored = (node: number, seq = 0, origin = ROOT): Unnumbered => ({
  type: 'stored',
  node,
  origin,
  seq,
  text: `t${seq}`,
  from: node === 0 ? null : ROOT,
})

describe('the state', () => {
  test('knows the faulty links, each direction by itself', () => {
    const cut = { ...HEALTHY, cut: true }
    const lab = labAfter({ type: 'links', links: { '0>1': cut } })
    expect(linkOf(lab, 0, 1)).toEqual(cut)
    expect(linkOf(lab, 1, 0)).toEqual(HEALTHY)
    expect(
      labAfter({ type: 'links', links: { '0>1': cut } }, { type: 'links', links: { '0>1': HEALTHY } }).links,
    ).toEqual({})
  })

  test('stores a change of all links once, and names those that differ from it', () => {
    const held = { ...HEALTHY, hold: true }
    const all: Unnumbered = { type: 'links', links: { '*': held } }
    const one: Unnumbered = { type: 'links', links: { '1>0': { ...held, loss: 20 } } }
    const free: Unnumbered = { type: 'links', links: { '0>1': HEALTHY } }
    const lab = labAfter(all, one, free)
    expect(linkOf(lab, 1, 2)).toEqual(held)
    expect(linkOf(lab, 1, 0)).toMatchObject({ hold: true, loss: 20 })
    expect(linkOf(lab, 0, 1)).toEqual(HEALTHY)
    expect(labAfter(all, one, { type: 'links', links: { '1>0': held } }).links).toEqual({ '*': held })
    expect(labAfter(all, free, { type: 'links', links: { '*': HEALTHY } }).links).toEqual({})
  })

  test('keeps the fault of a node through its restart', () => {
    const crash: Unnumbered[] = [
      { type: 'behaves', node: 1, behaviours: ['hoard'] },
      { type: 'ended', node: 1, end: { how: 'crashed' }, stderr: [] },
      { type: 'starting', node: 1, generation: 1, pid: 2, seed: 2 },
    ]
    expect(labAfter(...crash).nodes[1]).toMatchObject({ status: 'starting', behaviours: ['hoard'] })
  })

  test('shows nothing in flight that did not pass the gate', () => {
    expect(labAfter(sentEvent({ fate: 'loss' })).inFlight).toEqual({})
    expect(Object.keys(labAfter(sentEvent()).inFlight)).toHaveLength(1)
  })

  test('knows the arrival time of a datagram as soon as its receiver has reported it', () => {
    const before = labAfter(sentEvent())
    const [datagram] = Object.values(before.inFlight)
    const number = datagram?.id ?? 0
    const told: LabEvent = {
      type: 'airborne',
      n: number + 1,
      at: number,
      node: 1,
      from: ROOT,
      delayMs: 170,
      datagram: number,
    }
    expect(fold(before, [told]).inFlight[number]).toMatchObject({ sentAt: number - 1, arrivesAt: number + 170 })
  })

  test('removes a datagram that its receiver rejected', () => {
    const before = labAfter(sentEvent())
    const number = before.last
    const rejected: LabEvent = {
      type: 'rejected',
      n: number + 1,
      at: 9,
      node: 1,
      from: ROOT,
      why: 'no',
      bytes: 1,
      preview: '',
      datagram: number,
    }
    expect(fold(before, [rejected]).inFlight).toEqual({})
  })

  test('lists a held datagram until it, or its sender, has gone', () => {
    const two = labAfter(heldEvent(1, 0, 1), heldEvent(2, 1, 0, { copyOf: 1 }))
    expect(two.held[2]).toMatchObject({ number: 2, from: ROOT + 1, to: ROOT, copyOf: 1 })
    expect(Object.keys(labAfter(heldEvent(1, 0, 1), sentEvent({ held: 1 })).held)).toEqual([])
    const ended: Unnumbered = { type: 'ended', node: 0, end: { how: 'crashed' }, stderr: [] }
    expect(Object.keys(labAfter(heldEvent(1, 0, 1), heldEvent(2, 1, 0), ended).held)).toEqual(['2'])
    expect(labAfter(ended, heldEvent(1, 0, 1)).held).toEqual({})
  })
})

describe('the effect of a delivery', () => {
  const preview = (...events: readonly Unnumbered[]) => previewDelivery(labAfter(...events), 1)
  const status = (pairs: readonly (readonly [number, number])[], why = 'anti-entropy') =>
    heldEvent(1, 1, 2, { why, content: { kind: 'status', pairs } })
  const cases: [events: readonly Unnumbered[], says: readonly string[]][] = [
    [[heldEvent(1, 0, 1)], ['node 1 store message 0.0, pass it on, and acknowledge to node 0']],
    [[heldEvent(1, 0, 1), stored(1)], ['node 1 acknowledge message 0.0, which it already has, to node 0']],
    [
      [heldEvent(1, 0, 1, { content: { ...rumor, seq: 2 } })],
      ['node 1 keep message 0.2 back until it has messages 0.0 and 0.1, and acknowledge to node 0'],
    ],
    [[heldEvent(1, 1, 0)], ['node 0 refuse message 0.0, because it claims to be node 0’s own message']],
    [
      [heldEvent(1, 0, 1), { type: 'behaves', node: 1, behaviours: ['hoard'] }],
      ['node 1 store message 0.0, hoard it, and acknowledge to node 0'],
    ],
    [[status([[ROOT, 3]]), stored(2)], ['node 2 ask node 1 for message 0.1 and what follows']],
    [[status([[ROOT, 0]]), stored(2), stored(2, 1)], ['node 2 send messages 0.0 and 0.1 to node 1']],
    [
      [status([[ROOT, 0]]), stored(2), { type: 'behaves', node: 2, behaviours: ['hoard'] }],
      ['node 2 do nothing, because it hoards what node 1 lacks'],
    ],
    [[status([[ROOT, 0]])], ['node 2 do nothing, because it has the same messages as node 1']],
    [
      [
        status([[ROOT, 0]]),
        stored(2),
        stored(2, 1),
        stored(2, 2),
        { type: 'oversized', node: 2, origin: ROOT, seq: 1, bytes: 9, most: 8 },
      ],
      ['node 2 send message 0.0 to node 1'],
    ],
    [
      [
        status([[ROOT, 1]]),
        stored(2),
        stored(2, 1),
        { type: 'oversized', node: 2, origin: ROOT, seq: 1, bytes: 9, most: 8 },
      ],
      ['node 2 send nothing, because message 0.1 is too large'],
    ],
    [
      [status([[ROOT + 2, 1]])],
      ['node 2 do nothing, because no node can have more messages of node 2 than node 2 itself'],
    ],
    [
      [status([], 'ack')],
      ['node 2 toss a coin to decide whether to tell one more neighbour, because it has the same messages as node 1'],
    ],
    [
      [heldEvent(1, 0, 1, { content: { kind: 'malformed', preview: '?' } })],
      ['node 1 reject it and count it, because it is malformed'],
    ],
  ]
  test.each(cases)('%#', (events, says) => {
    expect(preview(...events)).toEqual(says.map((does) => `delivered now, this makes ${does}`))
  })

  test('is nothing at a node that does not run, or when nothing is held', () => {
    const ended: Unnumbered = { type: 'ended', node: 1, end: { how: 'crashed' }, stderr: [] }
    expect(preview(heldEvent(1, 0, 1), ended)).toEqual(['delivered now, this does nothing: node 1 is not running'])
    const stranger: Unnumbered = { type: 'stranger', node: 1, present: true }
    expect(preview(heldEvent(1, 0, 1), ended, stranger)).toEqual([
      'delivered now, this goes to another program, which uses the port of node 1',
    ])
    expect(preview()).toEqual([])
  })

  test('and a held datagram is named by number, link and content', () => {
    const lab = labAfter(
      heldEvent(1, 0, 1),
      status([[ROOT, 3]]),
      heldEvent(3, 0, 1, { content: { kind: 'malformed', preview: '' } }),
    )
    expect(Object.values(lab.held).map((datagram) => describeHeld(datagram, lab))).toEqual([
      '#1: node 1 to node 2, status 40000:3',
      '#3: node 0 to node 1, 30 malformed bytes',
    ])
  })
})

describe('a condition', () => {
  const cut = { ...HEALTHY, cut: true }
  test('of agreement is about nodes that can reach each other', () => {
    const agreed = { kind: 'agreed' } as const
    expect(explainMismatch(labAfter(), agreed)).toBeUndefined()
    expect(explainMismatch(labAfter(stored(0)), agreed)).toBe('nodes 0 and 1 have different messages (1 and 0)')
    expect(explainMismatch(labAfter(stored(0), { type: 'links', links: { '0>1': cut } }), agreed)).toBeUndefined()
    expect(explainMismatch(labAfter(stored(0), stored(1, 0, ROOT + 1)), agreed)).toMatch('have different messages')
    expect(explainMismatch(EMPTY_LAB, agreed)).toBe('there is no network')
    const starting: Unnumbered = { type: 'starting', node: 1, generation: 1, pid: 2, seed: 2 }
    expect(explainMismatch(labAfter(starting), agreed)).toBe('node 1 is starting')
  })

  test('on anything else reports the actual state', () => {
    const lab = labAfter(stored(0), heldEvent(1, 0, 1))
    expect(explainMismatch(lab, { kind: 'running', id: 0 })).toBeUndefined()
    expect(explainMismatch(lab, { kind: 'crashed', id: 0 })).toBe('node 0: running')
    expect(explainMismatch(lab, { kind: 'crashed', id: 9 })).toBe('node 9: no such node')
    expect(explainMismatch(lab, { kind: 'held', id: 0, is: '=', count: 1 })).toBeUndefined()
    expect(explainMismatch(lab, { kind: 'held', id: 1, is: '>=', count: 1 })).toBe('node 1 has 0 messages')
    expect(explainMismatch(lab, { kind: 'waiting', way: null, is: '>=', count: 1 })).toBeUndefined()
    expect(explainMismatch(lab, { kind: 'waiting', way: '1>0', is: '=', count: 1 })).toBe('0 datagrams are held on 1>0')
  })

  test('on a chat log concerns the whole log, or one message', () => {
    const chatLog = (match: 'is' | 'contains' | 'lacks', text: string) =>
      ({ kind: 'chatLog', id: 0, match, text }) as const
    expect(explainChatLogMismatch('a,b', chatLog('is', 'a,b'))).toBeUndefined()
    expect(explainChatLogMismatch('a,b', chatLog('is', 'a'))).toBe('chatLog a,b')
    expect(explainChatLogMismatch('a,bc', chatLog('contains', 'b'))).toBe('chatLog a,bc')
    expect(explainChatLogMismatch('a,bc', chatLog('lacks', 'b'))).toBeUndefined()
    expect(explainChatLogMismatch('a,b', chatLog('lacks', 'b'))).toBe('chatLog a,b')
  })
})
