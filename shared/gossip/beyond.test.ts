/**
 * Behaviour that the handout leaves open: loss, strangers, liars, restarts, and bounds. The machine is node 1 of a
 * line; the test plays its neighbours, 40000 and 40002.
 */
import { describe, expect, test } from 'vitest'
import type { SendEffect } from './effects.ts'
import { facts, LEFT, lines, ME, RIGHT, rumor, sends, status, TestNode } from './fixture.ts'
import { MAX_ANSWER_BYTES, MAX_EAGER, MAX_LAST_WORDS, MAX_PEERS, MAX_TEXT_BYTES } from './limits.ts'
import { originOf } from './origin.ts'
import { DEFAULTS } from './settings.ts'
import { byteLength } from './text.ts'
import { encodeDatagram, type Pair } from './wire.ts'

const FAR = 40_007

/** A node that has met both neighbours, with the defaults of the lab. */
function met(settings = {}) {
  const node = new TestNode({ ...DEFAULTS, ...settings })
  node.start()
  node.now = 4
  node.turn(status(LEFT, [LEFT, 0]))
  node.turn(status(RIGHT, [RIGHT, 0]))
  return node
}

describe('an unanswered rumor', () => {
  test('is repeated to the same neighbour until the ack timeouts have passed, ever more slowly', () => {
    const node = met()
    node.type('a')
    node.turn(status(RIGHT, [RIGHT, 0], [ME, 1]))
    const times: number[] = []
    while (node.now < 9_000) {
      const before = node.now
      for (const { to, why } of sends(node.pass(1))) if (why === 'repeat' && to === LEFT) times.push(before + 1 - 4)
    }
    expect(times).toEqual([50, 100, 200, 400, 800, 1_600, 2_600, 3_600])
  })

  test('is not repeated once a status shows that it arrived', () => {
    const node = met()
    node.type('a')
    node.now += 4
    node.turn(status(LEFT, [LEFT, 0], [ME, 1]))
    node.turn(status(RIGHT, [RIGHT, 0], [ME, 1]))
    expect(sends(node.pass(4_000))).toEqual([])
  })

  test('is never repeated with retries 0, the handout’s', () => {
    const node = met({ retries: 0 })
    node.type('a')
    expect(sends(node.pass(3_000)).filter(({ why }) => why === 'repeat')).toEqual([])
  })

  test('of a burst is sent again as soon as its answer is overdue, but a rumor beyond the gap is not', () => {
    const node = met()
    for (const text of ['a', 'b', 'c']) node.type(text)
    node.now += 4
    node.turn(status(LEFT, [LEFT, 0], [ME, 1]))
    node.turn(status(RIGHT, [RIGHT, 0], [ME, 3]))
    const again = sends(node.pass(30)).filter(({ to, why }) => to === LEFT && why === 'repeat')
    expect(again[0]?.datagram).toMatchObject({ origin: ME, seq: 1 })
    expect(again.every(({ datagram }) => datagram.kind === 'rumor' && datagram.seq === 1)).toBe(true)
  })

  test('on a link that has changed is repeated after twice the new time, and rumors sent before measure nothing', () => {
    const node = met()
    node.type('before')
    node.gossip.step({ kind: 'link-changed', port: LEFT, roundTripMs: 400 }, node.now)
    node.now += 4
    for (const port of [LEFT, RIGHT]) node.turn(status(port, [port, 0], [ME, 1]))
    node.type('after')
    node.turn(status(RIGHT, [RIGHT, 0], [ME, 2]))
    expect(sends(node.pass(799))).toEqual([])
    expect(sends(node.pass(1)).map(({ to, why }) => [to, why])).toEqual([[LEFT, 'repeat']])
  })

  test('on a link that takes longer than expected is not repeated in vain for ever', () => {
    const node = met({ fanout: 1, coin: 0 })
    let repeats = 0
    for (let seq = 0; seq < 12; seq += 1) {
      const to = sends(node.type('a'))[0]?.to ?? 0
      repeats = sends(node.pass(300)).length
      node.turn(status(to, [to, 0], [ME, seq + 1]))
      node.turn(status(to === LEFT ? RIGHT : LEFT, [to === LEFT ? RIGHT : LEFT, 0], [ME, seq + 1]))
    }
    expect(repeats).toBe(0)
  })

  test('beyond a gap of the node’s own log is neither repeated nor timed out: no status could acknowledge it', () => {
    const node = met()
    node.turn(rumor(LEFT, FAR, 1))
    const effects = node.pass(8_000)
    expect(sends(effects)).toEqual([])
    expect(facts(effects, 'silent')).toEqual([])
  })
})

describe('a question', () => {
  test('that is not answered is repeated, and then left to anti-entropy', () => {
    const node = new TestNode(DEFAULTS)
    node.start()
    const asked = sends(node.pass(4_900))
    expect(asked.map(({ to, why }) => [to, why])).toEqual(
      Array(3)
        .fill([
          [LEFT, 'ask'],
          [RIGHT, 'ask'],
        ])
        .flat(),
    )
  })

  test('is answered when it is the first of a neighbour’s life, and only then', () => {
    const node = new TestNode(DEFAULTS)
    expect(lines(node.turn(status(LEFT, [LEFT, 0])))).toEqual(['40000 <- status:40001:{40001:0}'])
    expect(lines(node.turn(status(LEFT, [LEFT, 0])))).toEqual([])
    expect(lines(node.turn(status(LEFT, [originOf(LEFT, 1), 0])))).toHaveLength(1)
    expect(lines(node.turn(status(51_000, [51_000, 0])))).toEqual([])
  })
})

describe('a neighbour that starts again', () => {
  const held = (settings = {}) => {
    const node = met(settings)
    for (const text of ['a', 'b']) node.type(text)
    node.now += 4
    node.turn(status(LEFT, [LEFT, 0], [ME, 2]))
    return node
  }

  test('in a new generation is believed at once to have no messages', () => {
    const node = held()
    expect(sends(node.turn(status(LEFT, [originOf(LEFT, 1), 0]))).filter(({ why }) => why === 'missing')).toHaveLength(
      2,
    )
  })

  test('without generations is believed an ack timeout after it knew more', () => {
    const node = held()
    node.now += 1_100
    expect(sends(node.turn(status(LEFT, [LEFT, 0])))).toHaveLength(2)
  })

  test('differs from an overtaken status: the messages it had a moment ago are not sent again', () => {
    const node = held()
    expect(sends(node.turn(status(LEFT, [LEFT, 0], [ME, 1])))).toEqual([])
  })

  test('gets nothing while its statuses seem to be overtaken, in the same generation or in one before', () => {
    const node = held()
    node.turn(status(RIGHT, [RIGHT, 0], [ME, 2]))
    node.turn(status(LEFT, [originOf(LEFT, 2), 0], [ME, 2]))
    node.type('c')
    node.now += 200
    const empty = [status(LEFT, [originOf(LEFT, 2), 0]), status(LEFT, [LEFT, 0]), status(LEFT, [LEFT, 0], [ME, 3])]
    for (const one of [...empty, ...empty]) expect(sends(node.turn(one))).toEqual([])
  })

  test('is not taken for its own past: a status of the life before, overtaken by the new one, changes nothing', () => {
    const node = held()
    node.turn(status(LEFT, [originOf(LEFT, 1), 0], [ME, 2]))
    expect(sends(node.turn(status(LEFT, [LEFT, 0])))).toEqual([])
  })

  test('gets what it cannot have yet when the shell says that it is up, unless it spoke first', () => {
    const node = held()
    const up = { kind: 'neighbour-up', port: LEFT, generation: 1 } as const
    expect(sends(node.gossip.step(up, node.now)).map(({ to }) => to)).toEqual([LEFT, LEFT])
    node.turn(status(LEFT, [originOf(LEFT, 1), 0], [ME, 2]))
    expect(sends(node.gossip.step(up, node.now))).toEqual([])
  })
})

describe('a rumor that claims to be mine and is not', () => {
  test.each([
    ['a number that I have not reached', rumor(LEFT, ME, 0)],
    ['a life of mine that is still to come', rumor(LEFT, originOf(ME, 1), 0)],
  ])('is refused without an answer: %s', (_, forged) => {
    const node = new TestNode()
    const effects = node.turn(forged)
    expect(sends(effects)).toEqual([])
    expect(facts(effects, 'refused')[0]?.why).toMatch(/claims to be from this node/)
    expect(node.gossip.log.size).toBe(0)
  })

  test('also with another text under a number of mine', () => {
    const node = new TestNode()
    node.type('true')
    expect(sends(node.turn(rumor(LEFT, ME, 0, 'false')))).toEqual([])
    expect(sends(node.turn(rumor(LEFT, ME, 0, 'true')))).toHaveLength(1)
  })

  test('but a message that the node sent in an earlier life is taken back', () => {
    const node = new TestNode({}, { generation: 1 })
    node.turn(rumor(LEFT, ME, 0, 'before'))
    expect(node.gossip.log.entries().map(({ text }) => text)).toEqual(['before'])
  })

  test('nor does the node ask for messages of its own that it does not have', () => {
    expect(sends(new TestNode().turn(status(LEFT, [ME, 7])))).toEqual([])
  })

  test('a neighbour’s own messages are sent to it last, so that a forged one blocks nothing', () => {
    const node = new TestNode({ window: 1 })
    node.turn(rumor(RIGHT, LEFT, 0, 'forged'))
    node.turn(rumor(RIGHT, FAR, 0))
    node.pass(1_500)
    expect(sends(node.turn(status(LEFT, [LEFT, 0])))[0]?.datagram).toMatchObject({ origin: FAR })
  })
})

describe('neighbours and strangers', () => {
  test('a datagram that claims to be from this node itself is refused', () => {
    expect(facts(new TestNode().turn(status(ME, [ME, 3])), 'refused')).toHaveLength(1)
  })

  test('a possible neighbour is greeted at start, and becomes a neighbour when it speaks', () => {
    const node = new TestNode({}, { neighbours: [LEFT], possibleNeighbours: [RIGHT] })
    expect(sends(node.start()).map(({ to }) => to)).toEqual([LEFT, RIGHT])
    expect(sends(node.pass(10_000)).map(({ to }) => to)).toEqual([LEFT])
    const effects = node.turn(status(RIGHT, [RIGHT, 0]))
    expect(facts(effects, 'neighbour')).toEqual([{ type: 'neighbour', port: RIGHT }])
    expect(node.gossip.neighbours).toEqual([LEFT, RIGHT])
    expect(sends(node.pass(10_000)).map(({ to }) => to)).toEqual([LEFT, RIGHT])
  })

  test('a stranger gets answers, but no gossip on the node’s initiative', () => {
    const node = new TestNode(DEFAULTS)
    expect(
      sends(node.turn(rumor(51_000, FAR, 0)))
        .map(({ to }) => to)
        .sort(),
    ).toEqual([LEFT, RIGHT, 51_000])
    expect(
      sends(node.type('a'))
        .map(({ to }) => to)
        .sort(),
    ).toEqual([LEFT, RIGHT])
  })

  test('a neighbour that is added while the node runs is greeted, and a removed one is left alone', () => {
    const node = new TestNode({}, { neighbours: [LEFT] })
    node.start()
    const effects = node.gossip.step({ kind: 'configure', neighbours: [RIGHT] }, 0)
    expect(sends(effects).map(({ to, why }) => [to, why])).toEqual([[RIGHT, 'hello']])
    expect(sends(node.type('a')).map(({ to }) => to)).toEqual([RIGHT])
  })

  test('settings changed while the node runs count from now on', () => {
    const node = new TestNode()
    node.start()
    node.gossip.step({ kind: 'configure', settings: { ...DEFAULTS, antiEntropyMs: 100 } }, 0)
    expect(sends(node.pass(350)).filter(({ why }) => why === 'anti-entropy')).toHaveLength(6)
  })
})

test('a crash command still sends messages typed before it, and says no goodbye', () => {
  const node = new TestNode({ window: 1 })
  for (let seq = 0; seq < MAX_LAST_WORDS + 10; seq += 1) node.type(`m${seq}`)
  const words = sends(node.gossip.step({ kind: 'crash' }, 0))
  const sent = new Set(words.map(({ to, datagram }) => `${to} ${encodeDatagram(datagram)}`))
  expect(sent.size).toBe(words.length)
  expect(words.every(({ datagram }) => datagram.kind === 'rumor' && datagram.origin === ME)).toBe(true)
  for (const to of [LEFT, RIGHT]) {
    const count = words.filter((word) => word.to === to).length
    expect(count).toBeLessThanOrEqual(MAX_LAST_WORDS)
    expect(count).toBeGreaterThan(MAX_LAST_WORDS - MAX_EAGER)
  }
})

describe('the answer to one datagram is bounded', () => {
  test('a status causes at most a window of rumors, and no more bytes than the bound and one message', () => {
    const node = new TestNode({ window: 1_024 })
    for (let seq = 0; seq < 100; seq += 1) node.type(`${seq}`.padEnd(MAX_TEXT_BYTES, 'x'))
    node.pass(1_500)
    const answer = sends(node.turn(status(51_000)))
    const bytes = answer.reduce((sum, { datagram }) => sum + byteLength(encodeDatagram(datagram)), 0)
    expect(answer.length).toBeGreaterThan(1)
    expect(bytes).toBeLessThan(MAX_ANSWER_BYTES + MAX_TEXT_BYTES + 1_000)
  })

  test('only so many new messages are in flight to a neighbour; its answers call for the rest', () => {
    const node = new TestNode({ ...DEFAULTS, retries: 0 })
    for (let seq = 0; seq < 200; seq += 1) node.type(`m${seq}`)
    const first = sends(node.turn(status(LEFT, [LEFT, 0], [ME, MAX_EAGER])))
    expect(first.map(({ why }) => why)).toEqual(Array(DEFAULTS.window).fill('missing'))
  })

  test('a long status that calls for an answer gets only the parts that name its origins', () => {
    const node = new TestNode()
    for (let port = 1; port <= 12_000; port += 1) node.receive(rumor(51_000, port, 0))
    node.flushAcks()
    expect(sends(node.turn(rumor(51_000, 12_001, 0))).filter(({ to }) => to === 51_000)).toHaveLength(1)
    const question = sends(node.turn({ ...status(51_000, [50_000, 9]), partial: true }))
    expect(question.map(({ why }) => why)).toEqual(['ask'])
  })

  test('strangers come and go, neighbours stay known', () => {
    const node = new TestNode(DEFAULTS)
    for (let port = 1; port <= 3 * MAX_PEERS; port += 1) {
      node.now += 1
      expect(facts(node.turn(status(port, [port, 0])), 'refused')).toEqual([])
    }
    expect(sends(node.type('a'))).toHaveLength(2)
  })

  test('within one turn their number is bounded', () => {
    const node = new TestNode()
    const refused = Array.from({ length: MAX_PEERS + 1 }, (_, place) =>
      facts(node.receive(rumor(place + 1, FAR, 0)), 'refused'),
    ).flat()
    // The neighbour that got the rumor first counts too.
    expect(refused.map(({ why }) => why)).toEqual(Array(2).fill('too many peers'))
  })
})

describe('a status in parts', () => {
  test('a message of an origin that a part does not name is unknown, not absent: it is not sent', () => {
    const node = new TestNode({ window: 16 })
    node.turn(rumor(RIGHT, FAR, 0))
    node.pass(1_500)
    const part = { ...status(LEFT, [LEFT, 0]), partial: true }
    expect(sends(node.turn(part))).toEqual([])
    const naming = { ...status(LEFT, [FAR, 0] satisfies Pair), partial: true }
    expect(sends(node.turn(naming))).toHaveLength(1)
  })

  test('a message that a neighbour was found to lack stays lacking until the neighbour says otherwise, also when it speaks in parts', () => {
    const node = new TestNode({ window: 2 })
    for (const origin of [1, 2, 3, 4, 5]) node.turn(rumor(RIGHT, origin, 0))
    node.pass(1_500)
    const seqs = (sent: readonly SendEffect[]) =>
      sent.map(({ datagram }) => (datagram.kind === 'rumor' ? datagram.origin : undefined))
    expect(seqs(sends(node.turn(status(LEFT, [LEFT, 0]))))).toEqual([1, 2])
    expect(seqs(sends(node.turn({ ...status(LEFT, [1, 1], [2, 1]), partial: true })))).toEqual([3, 4])
    expect(seqs(sends(node.turn({ ...status(LEFT, [3, 1], [4, 1], [5, 1]), partial: true })))).toEqual([])
  })
})

test('a message that came before an earlier one is reported as kept back, and as stored when that one comes', () => {
  const node = met()
  const early = node.turn(rumor(LEFT, LEFT, 1, 'second'))
  expect(facts(early, 'kept-back')).toEqual([{ type: 'kept-back', origin: LEFT, seq: 1, from: LEFT }])
  expect(facts(early, 'stored')).toEqual([])
  expect(facts(node.turn(rumor(LEFT, LEFT, 1, 'second')), 'kept-back')).toEqual([])
  const filled = node.turn(rumor(LEFT, LEFT, 0, 'first'))
  expect(facts(filled, 'stored').map(({ seq }) => seq)).toEqual([0, 1])
  expect(facts(filled, 'kept-back')).toEqual([])
})

test('a message that a peer sent from beyond a gap is not sent back, until its status says that it lacks just that', () => {
  const node = met()
  node.turn(rumor(RIGHT, FAR, 2))
  for (const seq of [0, 1, 2, 3]) node.turn(rumor(LEFT, FAR, seq))
  const missing = (low: number) =>
    sends(node.turn(status(RIGHT, [FAR, low], [RIGHT, 0]))).map(({ datagram }) => 'seq' in datagram && datagram.seq)
  node.now += 2_000
  expect(missing(0)).toEqual([0, 1, 3])
  for (let time = 0; time < 3; time += 1) expect(missing(0)).toEqual([])
  node.now += 2_000
  // A life before this one sent it.
  expect(missing(2)).toContain(2)
})
