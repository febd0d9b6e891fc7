import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEFAULTS } from '../gossip/settings.ts'
import { Agreement, agreementWords, disagreement } from './agreement.ts'
import type { LabEvent } from './event.ts'
import { HEALTHY, type LinkCondition } from './fault.ts'
import { fold } from './fold.ts'
import type { LabSettings } from './lab-settings.ts'
import { EMPTY_LAB, type LabState, linkOf } from './lab-state.ts'
import { neighboursOf, TOPOLOGIES } from './topology.ts'

type Unnumbered = LabEvent extends infer Event ? (Event extends LabEvent ? Omit<Event, 'n' | 'at'> : never) : never

const ROOT = 40_000
const settingsOf = (n: number, topology: LabSettings['topology'] = 'line'): LabSettings => ({
  n,
  topology,
  linkDelayMs: 0,
  seed: 1,
  rootId: ROOT,
  basePort: 20_000,
  gossip: DEFAULTS,
})
const numbered = (events: readonly Unnumbered[]): LabEvent[] =>
  events.map((event, index) => ({ ...event, n: index + 1, at: index }))
const running = (node: number): Unnumbered => ({ type: 'running', node, tcp: [] })
const begins = (settings: LabSettings): Unnumbered[] => [
  { type: 'network', settings },
  ...Array.from({ length: settings.n }, (_, node) => running(node)),
]
const stored = (node: number, seq = 0, origin = ROOT): Unnumbered => ({
  type: 'stored',
  node,
  origin,
  seq,
  text: 'x',
  from: node === origin - ROOT ? null : ROOT,
})
const ended = (node: number): Unnumbered => ({ type: 'ended', node, end: { how: 'crashed' }, stderr: [] })
const starting = (node: number): Unnumbered => ({ type: 'starting', node, generation: 1, pid: 1, seed: 1 })
const cut = (way: `${number}>${number}`, change: Partial<LinkCondition> = { cut: true }): Unnumbered => ({
  type: 'links',
  links: { [way]: { ...HEALTHY, ...change } },
})

/** Events of four nodes on a line. */
const labOf = (...events: readonly Unnumbered[]) => fold(EMPTY_LAB, numbered([...begins(settingsOf(4)), ...events]))
const all = [stored(0), stored(1), stored(2), stored(3)]

describe('nodes agree', () => {
  test('when all nodes that can reach each other have the same messages', () => {
    expect(disagreement(labOf())).toBeUndefined()
    expect(disagreement(labOf(...all))).toBeUndefined()
    expect(disagreement(labOf(stored(0)))).toBe('nodes 0 and 1 have different messages (1 and 0)')
  })

  test('on either side of a crash, and of a link that is cut one way', () => {
    expect(disagreement(labOf(stored(0), ended(1)))).toBeUndefined()
    expect(disagreement(labOf(stored(0), stored(1), cut('1>2')))).toBeUndefined()
    expect(disagreement(labOf(stored(0), stored(1), cut('2>1')))).toBeUndefined()
    expect(disagreement(labOf(stored(0), stored(1), cut('1>2'), stored(2)))).toMatch(
      'nodes 2 and 3 have different messages',
    )
  })

  test('not while one of them is starting', () => {
    expect(disagreement(labOf(...all, ended(1), starting(1)))).toBe('node 1 is starting')
  })

  test('not when they have equally many messages beyond a gap, but not the same ones', () => {
    const beyond = [0, 1, 2, 3].flatMap((id) => [stored(id), stored(id, id === 3 ? 3 : 2)])
    expect(disagreement(labOf(...beyond))).toBe('nodes 0 and 3 have different messages (2 and 2)')
  })
})

test('agreement is reported of all nodes, or of those that can reach each other', () => {
  expect(agreementWords(labOf())).toBeNull()
  expect(agreementWords(labOf(stored(0)))).toBeNull()
  expect(agreementWords(labOf(...all))).toBe('All 4 running nodes have 1 message.')
  expect(agreementWords(labOf(...all, ended(3)))).toBe('All 3 running nodes have 1 message.')
  expect(agreementWords(labOf(...all, cut('1>2')))).toBe('Nodes that can reach each other have the same messages.')
})

test('a message that is lost with every node that had it keeps nobody from agreement', () => {
  const lab = labOf(stored(3, 0, ROOT + 3), ended(3), ...[0, 1, 2].map((id) => stored(id)))
  expect(agreementWords(lab)).toBe('All 3 running nodes have 1 message.')
})

/** The definition by itself: compares every two running nodes that a chain of links, open both ways, connects. */
function modelAgrees(lab: LabState): boolean {
  const { settings, nodes, messages } = lab
  if (!settings || nodes.some(({ status }) => status === 'starting')) return false
  const runs = (id: number) => nodes[id]?.status === 'running'
  const open = (a: number, b: number) => !linkOf(lab, a, b).cut && linkOf(lab, a, b).loss < 100
  const joined = nodes.map(({ id }) => nodes.map((other) => id === other.id))
  for (const [id, ids] of neighboursOf(settings.topology, nodes.length, settings.seed).entries())
    for (const other of ids)
      if (runs(id) && runs(other) && open(id, other) && open(other, id)) (joined[id] ?? [])[other] = true
  for (const { id: via } of nodes)
    for (const { id: a } of nodes)
      for (const { id: b } of nodes) if (joined[a]?.[via] && joined[via]?.[b]) (joined[a] ?? [])[b] = true
  const held = nodes.map(({ id }) => messages.filter(({ copies }) => copies[id]?.lostAt === null).map(({ key }) => key))
  return nodes.every(({ id: a }) =>
    nodes.every(({ id: b }) => !runs(a) || !runs(b) || !joined[a]?.[b] || String(held[a]) === String(held[b])),
  )
}

const N = 4
const node = fc.nat(N - 1)
const one = (arbitrary: fc.Arbitrary<Unnumbered>) => arbitrary.map((event) => [event])
const happening: fc.Arbitrary<readonly Unnumbered[]> = fc.oneof(
  { weight: 2, arbitrary: one(fc.tuple(node, fc.nat(2)).map(([id, seq]) => stored(id, seq))) },
  { weight: 4, arbitrary: fc.nat(2).map((seq) => [0, 1, 2, 3].map((id) => stored(id, seq))) },
  { weight: 1, arbitrary: one(node.map(ended)) },
  { weight: 1, arbitrary: node.map((id): Unnumbered[] => [starting(id), running(id)]) },
  {
    weight: 2,
    arbitrary: one(
      fc
        .tuple(node, node, fc.constantFrom<Partial<LinkCondition>>({ cut: true }, { loss: 100 }, { loss: 50 }, {}))
        .map(([from, to, change]) => cut(`${from}>${to}`, change)),
    ),
  },
)

test('after any events, the state and the running account agree with the definition', () => {
  const told = { agree: 0, differ: 0 }
  fc.assert(
    fc.property(fc.constantFrom(...TOPOLOGIES), fc.array(happening, { maxLength: 20 }), (topology, happenings) => {
      const events = numbered([...begins(settingsOf(N, topology)), ...happenings.flat()])
      let lab = EMPTY_LAB
      const account = new Agreement(lab)
      for (const event of events) {
        lab = fold(lab, [event])
        account.take(event)
        const agrees = modelAgrees(lab)
        expect(disagreement(lab) === undefined).toBe(agrees)
        const running = lab.nodes.filter(({ status }) => status === 'running')
        const isNews = agrees && running.length > 1 && running.some(({ messages }) => messages > 0)
        expect(account.isNews).toBe(isNews)
        expect(new Agreement(lab).isNews).toBe(isNews)
        expect(agreementWords(lab) !== null).toBe(isNews)
        told[isNews ? 'agree' : 'differ'] += 1
      }
    }),
  )
  // Both outcomes occurred, or the test proves nothing.
  expect(Math.min(told.agree, told.differ)).toBeGreaterThan(50)
})
