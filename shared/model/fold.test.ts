import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEFAULTS } from '../gossip/settings.ts'
import { MAX_REMEMBERED_COMMANDS } from './apply.ts'
import type { LabEvent, LabFact, NodeEvent } from './event.ts'
import { fold } from './fold.ts'
import type { LabSettings } from './lab-settings.ts'
import { currentOrigin, EMPTY_LAB, type LabState } from './lab-state.ts'
import { UNKNOWN_PORT } from './names.ts'

const SETTINGS: LabSettings = {
  n: 3,
  topology: 'line',
  linkDelayMs: 0,
  seed: 1,
  rootId: 40_000,
  basePort: 20_000,
  gossip: DEFAULTS,
}

type WithoutNumber = LabFact | NodeEvent

/** Numbers events from 1, one millisecond apart. */
const numbered = (facts: readonly WithoutNumber[]): LabEvent[] =>
  facts.map((fact, place) => ({ n: place + 1, at: place + 1, ...fact }))

const network: WithoutNumber = { type: 'network', settings: SETTINGS }
const starting = (node: number, generation = 0): WithoutNumber => ({
  type: 'starting',
  node,
  generation,
  pid: 9,
  seed: 5,
})
const running = (node: number): WithoutNumber => ({ type: 'running', node, tcp: [20_000 + node] })
const crashed = (node: number): WithoutNumber => ({ type: 'ended', node, end: { how: 'crashed' }, stderr: [] })
const stored = (node: number, seq: number, from: number | null = null, origin = 40_000): WithoutNumber => ({
  type: 'stored',
  node,
  origin,
  seq,
  text: `m${seq}`,
  from,
})
const sent = (node: number, to: number): WithoutNumber => ({
  type: 'sent',
  node,
  to,
  why: 'ack',
  bytes: 20,
  delayMs: 4,
  content: { kind: 'status', pairs: [[40_000, 1]] },
})

const stateAfter = (...facts: WithoutNumber[]): LabState => fold(EMPTY_LAB, numbered(facts))

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFreeze(part)
  }
  return value
}

const node = fc.nat({ max: 3 })
const facts: fc.Arbitrary<WithoutNumber> = fc.oneof(
  fc.tuple(node, fc.nat({ max: 2 })).map(([id, generation]) => starting(id, generation)),
  node.map(running),
  node.map(crashed),
  fc
    .tuple(node, fc.nat({ max: 4 }), fc.constantFrom(null, 40_000, 40_001, 51_000), fc.constantFrom(40_000, 105_537))
    .map(([id, seq, from, origin]) => stored(id, seq, from, origin)),
  fc.tuple(node, node).map(([id, to]) => sent(id, 40_000 + to)),
  fc
    .tuple(node, fc.option(fc.nat({ max: 40 })))
    .map(([id, datagram]): WithoutNumber => ({ type: 'received', node: id, from: 40_001, bytes: 20, datagram })),
  fc.nat({ max: 40 }).map((datagram): WithoutNumber => ({ type: 'lost', datagram, why: 'gone' })),
  node.map((id): WithoutNumber => ({ type: 'sampling', node: id, every: 10 })),
  fc.constant<WithoutNumber>({ type: 'command', by: 'page', line: 'help', output: ['...'] }),
  fc.constant<WithoutNumber>({ type: 'settings', settings: { ...SETTINGS, n: 4 } }),
  fc.constant(network),
)
const histories = fc.array(facts, { maxLength: 40 }).map((list) => deepFreeze(numbered([network, ...list])))

describe('fold', () => {
  test('never changes the state or the events that it is given, and gives plain JSON', () => {
    fc.assert(
      fc.property(histories, fc.nat({ max: 40 }), (events, cut) => {
        const before = deepFreeze(fold(EMPTY_LAB, events.slice(0, cut)))
        const state = fold(before, events)
        expect(JSON.parse(JSON.stringify(state))).toEqual(state)
      }),
    )
  })

  test('gives the same for one batch, for several, and one by one', () => {
    fc.assert(
      fc.property(histories, fc.nat({ max: 40 }), (events, cut) => {
        const atOnce = fold(EMPTY_LAB, events)
        const inTwo = fold(fold(EMPTY_LAB, events.slice(0, cut)), events.slice(cut))
        const oneByOne = events.reduce((state, event) => fold(state, [event]), EMPTY_LAB)
        expect(inTwo).toEqual(atOnce)
        expect(oneByOne).toEqual(atOnce)
      }),
    )
  })

  test('ignores an event that was folded before, in the same batch or in an earlier one', () => {
    fc.assert(
      fc.property(histories, (events) => {
        const once = fold(EMPTY_LAB, events)
        expect(fold(once, events)).toBe(once)
        expect(fold(EMPTY_LAB, [...events, ...events])).toEqual(once)
      }),
    )
  })

  test('a node’s message count always equals the number of copies at it', () => {
    fc.assert(
      fc.property(histories, (events) => {
        const { nodes, messages } = fold(EMPTY_LAB, events)
        for (const { id, messages: count } of nodes)
          expect(messages.filter(({ copies }) => copies[id]?.lostAt === null)).toHaveLength(count)
      }),
    )
  })
})

describe('a message', () => {
  test('has a copy at every node that stored it, with the number of links that it crossed', () => {
    const { messages, nodes } = stateAfter(network, stored(0, 0), stored(1, 0, 40_000), stored(2, 0, 40_001))
    expect(messages).toHaveLength(1)
    expect(Object.values(messages[0]?.copies ?? {}).map(({ hops }) => hops)).toEqual([0, 1, 2])
    expect(nodes.map(({ messages }) => messages)).toEqual([1, 1, 1])
  })

  test('begins when the first node stored it, even if that node reported late', () => {
    const [begin, first, late] = numbered([network, stored(1, 0, 40_000), stored(0, 0)])
    if (!begin || !first || !late) throw new Error('three events')
    const { messages } = fold(EMPTY_LAB, [begin, { ...first, at: 250 }, { ...late, at: 80 }])
    expect(messages[0]?.at).toBe(80)
  })

  test('has its links counted correctly when the reports come in another order', () => {
    const { messages } = stateAfter(network, stored(2, 0, 40_001), stored(1, 0, 40_000), stored(0, 0))
    expect(Object.values(messages[0]?.copies ?? {}).map(({ hops }) => hops)).toEqual([0, 1, 2])
  })

  test('from outside the lab has crossed an unknown number of links', () => {
    expect(stateAfter(network, stored(0, 0, 51_000)).messages[0]?.copies[0]?.hops).toBeNull()
  })
})

describe('a node', () => {
  test('loses its copies when it crashes, and they stay visible', () => {
    const { nodes, messages } = stateAfter(network, starting(0), stored(0, 0), stored(0, 1), crashed(0))
    expect(nodes[0]).toMatchObject({ status: 'crashed', messages: 0, lost: 2, vector: {}, endedAt: 5 })
    expect(messages.map(({ copies }) => copies[0]?.lostAt)).toEqual([5, 5])
  })

  test('is filled again after its restart, in another generation', () => {
    const { nodes, messages } = stateAfter(
      network,
      starting(0),
      stored(0, 0),
      stored(1, 0, 40_000),
      crashed(0),
      starting(0, 1),
      running(0),
      stored(0, 0, 40_001),
    )
    expect(nodes[0]).toMatchObject({ status: 'running', generation: 1, messages: 1, lost: 0, endedAt: null })
    expect(messages[0]?.copies[0]).toMatchObject({ lostAt: null, from: 40_001, hops: 2 })
    expect(nodes[0] && currentOrigin(nodes[0])).toBe(40_000 + 65_536)
  })

  test('starts empty even if its end was never reported', () => {
    expect(stateAfter(network, starting(0), stored(0, 0), starting(0, 1)).nodes[0]?.messages).toBe(0)
  })

  test('that has ended has no messages, even when one of its reports comes late', () => {
    const { nodes, messages } = stateAfter(network, starting(0), crashed(0), stored(0, 0))
    expect(nodes[0]).toMatchObject({ messages: 0, lost: 1 })
    expect(messages[0]?.copies[0]?.lostAt).toBe(3)
  })

  test('is ending from its typed crash to its end, and runs in the meantime', () => {
    const ending: WithoutNumber = { type: 'ending', node: 0 }
    const before = [network, starting(0), running(0), ending]
    expect(stateAfter(...before).nodes[0]).toMatchObject({ status: 'running', ending: true })
    expect(stateAfter(...before, crashed(0)).nodes[0]).toMatchObject({ status: 'crashed', ending: false })
    expect(stateAfter(network, starting(0), crashed(0), ending).nodes[0]?.ending).toBe(false)
    expect(stateAfter(...before, starting(0, 1)).nodes[0]?.ending).toBe(false)
  })

  test('has a vector that counts up to the first gap', () => {
    expect(stateAfter(network, stored(0, 0), stored(0, 2)).nodes[0]?.vector).toEqual({ 40000: 1 })
    expect(stateAfter(network, stored(0, 0), stored(0, 2), stored(0, 1)).nodes[0]?.vector).toEqual({ 40000: 3 })
  })
})

describe('a datagram', () => {
  test('is in flight from its sending to its arrival, and its receiver has then heard its content', () => {
    const flying = stateAfter(network, sent(0, 40_001))
    expect(flying.inFlight[2]).toMatchObject({ from: 40_000, to: 40_001, sentAt: 2, arrivesAt: 6 })
    const received: LabEvent = { n: 3, at: 6, type: 'received', node: 1, from: 40_000, bytes: 20, datagram: 2 }
    const landed = fold(flying, [received])
    expect(landed.inFlight).toEqual({})
    expect(landed.nodes[1]?.heard).toEqual({ 40000: { 40000: 1 } })
  })

  test('is heard no more by a node that has ended since, whatever batches the events came in', () => {
    const received: WithoutNumber = { type: 'received', node: 1, from: 40_000, bytes: 20, datagram: 2 }
    const ended: WithoutNumber = { type: 'ended', node: 1, end: { how: 'crashed' }, stderr: [] }
    expect(stateAfter(network, sent(0, 40_001), received).nodes[1]?.heard).toEqual({ 40000: { 40000: 1 } })
    expect(stateAfter(network, sent(0, 40_001), received, ended).nodes[1]?.heard).toEqual({})
    expect(stateAfter(network, sent(0, 40_001), received, network).nodes[1]?.heard).toEqual({})
  })

  test('that is lost is no longer in flight', () => {
    expect(stateAfter(network, sent(0, 40_001), { type: 'lost', datagram: 2, why: 'gone' }).inFlight).toEqual({})
  })
})

test('a new network clears nodes, messages and datagrams, but not commands', () => {
  const command: WithoutNumber = { type: 'command', by: 'console', line: 'network 3 line', output: [] }
  const state = stateAfter(network, command, stored(0, 0), sent(0, 40_001), network)
  expect(state).toMatchObject({ messages: [], places: {}, inFlight: {} })
  expect(state.commands).toHaveLength(1)
  expect(state.nodes.map(({ status }) => status)).toEqual(['absent', 'absent', 'absent'])
})

test('a bounded number of commands is remembered, the latest', () => {
  const command = (line: string): WithoutNumber => ({ type: 'command', by: 'rest', line, output: [] })
  const lines = Array.from({ length: MAX_REMEMBERED_COMMANDS + 5 }, (_, place) => `delay ${place}`)
  const { commands } = stateAfter(network, ...lines.map(command))
  expect(commands).toHaveLength(MAX_REMEMBERED_COMMANDS)
  expect(commands[0]?.line).toBe('delay 5')
})

test('a message that a node cannot send is marked at that node until it ends, whichever report comes first', () => {
  const oversized: WithoutNumber = { type: 'oversized', node: 1, origin: 40_000, seq: 0, bytes: 10_276, most: 9_216 }
  const alive = [network, starting(1), running(1), oversized, stored(1, 0, 40_000)]
  const marks = (facts: readonly WithoutNumber[]) => fold(EMPTY_LAB, numbered(facts)).nodes[1]?.oversized
  expect(marks(alive)).toEqual({ '40000.0': { bytes: 10_276, most: 9_216 } })
  expect(marks([...alive, crashed(1)])).toEqual({})
  expect(marks([...alive, crashed(1), starting(1, 1), running(1)])).toEqual({})
})

test('a message beyond a gap is kept back at its node until an earlier one comes or the node ends', () => {
  const keptBack: WithoutNumber = { type: 'kept-back', node: 1, origin: 40_000, seq: 1, from: 40_000 }
  const before = [network, starting(0), running(0), starting(1), running(1), stored(0, 0), stored(0, 1), keptBack]
  const nodeOne = (...more: readonly WithoutNumber[]) => fold(EMPTY_LAB, numbered([...before, ...more])).nodes[1]
  expect(nodeOne()).toMatchObject({ messages: 0, keptBack: { '40000.1': { at: 8, from: 40_000 } } })
  expect(nodeOne(stored(1, 0, 40_000), stored(1, 1, 40_000))).toMatchObject({ messages: 2, keptBack: {} })
  expect(nodeOne(crashed(1))).toMatchObject({ keptBack: {} })
  expect(nodeOne(crashed(1), keptBack)).toMatchObject({ keptBack: {} })
})

test('a node may have no process and run on another machine, and a life that names no machine runs on the lab’s own', () => {
  const elsewhere: WithoutNumber = { type: 'starting', node: 1, generation: 0, pid: null, seed: 5, host: 'lab-2' }
  const away = stateAfter(network, elsewhere)
  expect(away.nodes[1]).toMatchObject({ status: 'starting', pid: null, host: 'lab-2' })
  const back = fold(away, [{ n: 3, at: 3, ...starting(1, 1) }])
  expect(back.nodes[1]).not.toHaveProperty('host')
})

test('a copy whose sender is unknown has crossed an unknown number of links', () => {
  const { messages } = stateAfter(network, starting(0), running(0), stored(0, 0, UNKNOWN_PORT))
  expect(messages[0]?.copies[0]).toMatchObject({ from: UNKNOWN_PORT, hops: null })
})
