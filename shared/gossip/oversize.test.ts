/**
 * The largest datagram that the operating system sends. The machine is node 1 of a line; the test plays its neighbours.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { facts, LEFT, lines, ME, RIGHT, rumor, sends, status, TestNode } from './fixture.ts'
import { RUMOR_FRAME_BYTES } from './limits.ts'
import { Oversize } from './oversize.ts'
import { DEFAULTS } from './settings.ts'
import { byteLength } from './text.ts'
import { encodeDatagram, type Pair } from './wire.ts'

/** The limit of macOS where nobody enlarged the buffer. */
const MOST = 9_216
const BIG = 'x'.repeat(10_240)
const FAR = 40_009

/** A node that has met both neighbours, on a system with that limit. */
function limited(settings = {}) {
  const node = new TestNode({ ...DEFAULTS, ...settings })
  node.gossip.step({ kind: 'limit', bytes: MOST }, node.now)
  node.start()
  node.now = 4
  node.turn(status(LEFT, [LEFT, 0]))
  node.turn(status(RIGHT, [RIGHT, 0]))
  return node
}

describe('a typed text that cannot leave', () => {
  test('is refused with the limit, and takes no number', () => {
    const node = limited()
    expect(node.gossip.problemOf(BIG)).toBe('the text cannot be sent: 10,276 bytes, this system sends at most 9,216')
    expect(lines(node.type(BIG))).toEqual([])
    expect(lines(node.type('next'))).toContain(`${RIGHT} <- rumor:${ME}:{next,${ME},0}`)
  })

  test('is measured as it travels: percent-encoded, from whatever port', () => {
    const node = limited()
    const room = MOST - RUMOR_FRAME_BYTES
    expect(node.gossip.problemOf('x'.repeat(room))).toBeUndefined()
    expect(node.gossip.problemOf('x'.repeat(room + 1))).toMatch(/cannot be sent/)
    expect(node.gossip.problemOf(','.repeat(room / 3))).toBeUndefined()
    expect(node.gossip.problemOf(','.repeat(room / 3 + 1))).toMatch(/cannot be sent/)
    expect(new TestNode().gossip.problemOf(BIG)).toBeUndefined()
  })
})

describe('a message that came and cannot leave', () => {
  test('is stored, acknowledged and reported once, and never sent', () => {
    const node = limited()
    const effects = node.turn(rumor(LEFT, FAR, 0, BIG))
    expect(facts(effects, 'stored')).toHaveLength(1)
    const bytes = encodeDatagram(rumor(ME, FAR, 0, BIG)).length
    expect(facts(effects, 'oversized')).toEqual([{ type: 'oversized', origin: FAR, seq: 0, bytes, most: MOST }])
    expect(lines(effects)).toEqual([`${LEFT} <- status:${ME}:{${FAR}:1,${ME}:0}`])
    const later = [
      ...node.turn(rumor(LEFT, FAR, 0, BIG)),
      ...node.turn(status(RIGHT, [RIGHT, 0])),
      ...node.pass(60_000),
    ]
    expect(facts(later, 'oversized')).toEqual([])
    expect(facts(later, 'silent')).toEqual([])
    expect(sends(later).filter(({ datagram }) => datagram.kind === 'rumor')).toEqual([])
  })

  test('goes where a datagram of exactly that length may go', () => {
    const node = limited()
    const frame = encodeDatagram(rumor(ME, FAR, 0, '')).length
    expect(sends(node.turn(rumor(LEFT, FAR, 0, 'x'.repeat(MOST - frame)))).map(({ to }) => to)).toContain(RIGHT)
    const effects = node.turn(rumor(LEFT, FAR, 1, 'x'.repeat(MOST - frame + 1)))
    expect(sends(effects).map(({ to }) => to)).not.toContain(RIGHT)
  })

  test('delays later messages of its origin, for peers that lack it, and nothing else', () => {
    const node = limited()
    node.turn(rumor(LEFT, FAR, 0, BIG))
    expect(lines(node.turn(rumor(LEFT, FAR, 1, 'behind')))).toEqual([`${LEFT} <- status:${ME}:{${FAR}:2,${ME}:0}`])
    expect(lines(node.turn(rumor(LEFT, LEFT, 0, 'other')))).toContain(`${RIGHT} <- rumor:${ME}:{other,${LEFT},0}`)
    node.now += 2_000
    const has = node.turn(status(RIGHT, [RIGHT, 0], [LEFT, 1], [FAR, 1]))
    expect(lines(has)).toEqual([`${RIGHT} <- rumor:${ME}:{behind,${FAR},1}`])
  })

  test('keeps the node neither from sending other messages, nor from asking for messages that it lacks', () => {
    const node = limited()
    node.turn(rumor(LEFT, FAR, 0, BIG))
    node.turn(rumor(LEFT, LEFT, 0, 'other'))
    node.now += 2_000
    expect(lines(node.turn(status(RIGHT, [FAR, 0], [RIGHT, 0])))).toEqual([`${RIGHT} <- rumor:${ME}:{other,${LEFT},0}`])
    const stuck = node.turn(status(RIGHT, [FAR, 0], [LEFT, 1], [RIGHT, 0]))
    expect(facts(stuck, 'compared')).toMatchObject([{ verdict: 'they lack' }])
    expect(sends(stuck)).toEqual([])
    node.now += 2_000
    const effects = node.turn(status(RIGHT, [FAR, 0], [LEFT, 1], [RIGHT, 3]))
    expect(sends(effects)).toMatchObject([{ to: RIGHT, why: 'ask' }])
  })

  test('is reported when the limit is learned after the message came', () => {
    const node = new TestNode(DEFAULTS)
    node.start()
    node.turn(rumor(LEFT, FAR, 0, BIG))
    expect(facts(node.gossip.step({ kind: 'limit', bytes: MOST }, node.now), 'oversized')).toHaveLength(1)
    expect(facts(node.gossip.step({ kind: 'limit', bytes: 65_507 }, node.now), 'oversized')).toEqual([])
    expect(sends(node.turn(status(RIGHT, [RIGHT, 0]))).map(({ datagram }) => datagram.kind)).toContain('rumor')
  })
})

test('a status is split by what the system sends', () => {
  const node = limited()
  const origins = 2_000
  for (let place = 0; place < origins; place += 1) node.turn(rumor(LEFT, 100_000 + place, 0, 'x'))
  const statuses = sends(node.pass(10_000)).filter(({ why, to }) => why === 'anti-entropy' && to === LEFT)
  const named = new Set<number>()
  for (const { datagram } of statuses) {
    expect(byteLength(encodeDatagram(datagram))).toBeLessThanOrEqual(MOST)
    expect(datagram).toMatchObject({ partial: true })
    for (const [origin] of 'pairs' in datagram ? (datagram.pairs as readonly Pair[]) : []) named.add(origin)
  }
  expect(statuses.length).toBeGreaterThan(1)
  expect(named.size).toBe(origins + 1)
})

test('an origin is blocked from its first message that is too large and that a peer lacks', () => {
  const oversize = new Oversize(ME)
  oversize.limit(RUMOR_FRAME_BYTES)
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(20)), fc.nat(22), fc.nat(22), (large, low, seq) => {
      oversize.limit(RUMOR_FRAME_BYTES)
      for (const each of large) oversize.note({ origin: FAR, seq: each, text: BIG })
      expect(oversize.blocks(FAR, seq, low)).toBe(large.some((each) => each >= low && each <= seq))
      expect(oversize.blocks(LEFT, seq, low)).toBe(false)
    }),
  )
})
