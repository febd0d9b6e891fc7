/**
 * A node that alone remembers its generation has lost it, and begins a life that existed before. The machine is node 1
 * of a line; the test plays its neighbours, 40000 and 40002.
 */
import { describe, expect, test } from 'vitest'
import type { Effect, Identity } from './effects.ts'
import { facts, LEFT, lines, ME, RIGHT, rumor, sends, status, TestNode } from './fixture.ts'
import { MAX_GENERATION } from './limits.ts'
import { originOf } from './origin.ts'
import { DEFAULTS } from './settings.ts'
import type { Rumor, Status } from './wire.ts'

const FAR = 40_007
const PERIOD = DEFAULTS.antiEntropyMs
const HALF = Math.floor(MAX_GENERATION / 2)
const life = (generation: number) => originOf(ME, generation)

/** A machine that alone remembers its lives, with the defaults of the lab. */
function remembering(identity: Partial<Identity> = {}): TestNode {
  const node = new TestNode(DEFAULTS, { generationIs: 'remembered', ...identity })
  node.start()
  return node
}

const newLives = (effects: readonly Effect[]) => effects.filter(({ kind }) => kind === 'new-life')
const texts = (node: TestNode) => node.gossip.log.entries().map(({ text }) => text)
const keys = (node: TestNode) => node.gossip.log.entries().map(({ origin, seq, text }) => [origin, seq, text])

/** Evidence for a node in generation 0 that generation 0 existed before. */
const EVIDENCE: [string, Rumor | Status][] = [
  ['a status that knows more of the present life', status(LEFT, [ME, 1])],
  ['a status that knows a later life', status(LEFT, [life(1), 0])],
  ['a rumor under a number that is not reached', rumor(LEFT, ME, 3)],
  ['a rumor of a later life', rumor(LEFT, life(1), 0)],
]

describe('a neighbour shows that a life was lost', () => {
  test.each(EVIDENCE)(
    'by %s: a life above all known ones begins, and the machine reports it before all else',
    (_, evidence) => {
      const node = remembering()
      const generation = evidence === EVIDENCE[0]?.[1] || evidence === EVIDENCE[2]?.[1] ? 1 : 2
      const [first, ...rest] = node.turn(evidence)
      expect(first).toEqual({ kind: 'new-life', generation, shownBy: LEFT })
      expect(newLives(rest)).toEqual([])
      expect(node.gossip.self).toBe(life(generation))
      expect(lines(node.type('new'))[0]).toMatch(`{new,${life(generation)},0}`)
    },
  )

  test('by another text under a number of its own', () => {
    const node = remembering()
    node.type('new')
    const [first] = node.turn(rumor(LEFT, ME, 0, 'old'))
    expect(first).toEqual({ kind: 'new-life', generation: 1, shownBy: LEFT })
  })

  test('and of several lives that it knows the latest counts', () => {
    const node = remembering()
    expect(newLives(node.turn(status(LEFT, [life(4), 1], [life(9), 2], [life(7), 1])))).toMatchObject([
      { generation: 10 },
    ])
  })

  test('once: the same evidence again, however it comes, begins no further life', () => {
    const node = remembering()
    node.turn(status(LEFT, [ME, 2]))
    for (const from of [LEFT, RIGHT])
      for (const again of [status(from, [ME, 2]), rumor(from, ME, 0), rumor(from, ME, 1), status(from, [ME, 2])])
        expect(newLives([...node.turn(again), ...node.pass(2 * PERIOD)])).toEqual([])
    expect(node.gossip.self).toBe(life(1))
  })

  test('and messages of the life before come back as another origin’s', () => {
    const node = remembering()
    const hello = sends(node.turn(status(LEFT, [ME, 2])))
    expect(hello.map(({ to, why }) => [to, why])).toEqual(
      expect.arrayContaining([
        [LEFT, 'hello'],
        [RIGHT, 'hello'],
      ]),
    )
    expect(lines(hello).at(-1)).toBe(`40000 <- status:40001:{40001:0,${life(1)}:0}`)
    node.turn(rumor(LEFT, ME, 0, 'first'))
    node.turn(rumor(LEFT, ME, 1, 'second'))
    node.type('new')
    expect(texts(node)).toEqual(['first', 'second', 'new'])
  })
})

describe('a text typed in the life that had been before', () => {
  test('is sent again under a number of the new life if others have another text', () => {
    const node = remembering()
    node.type('new')
    const effects = node.turn(rumor(LEFT, ME, 0, 'old'))
    expect(keys(node)).toEqual([
      [ME, 0, 'old'],
      [life(1), 0, 'new'],
    ])
    expect(facts(effects, 'stored')).toHaveLength(2)
    expect(lines(effects)).toContain(`40000 <- rumor:40001:{new,${life(1)},0}`)
  })

  test('and the old text is shown to the neighbours, who may have taken the new one', () => {
    const node = remembering()
    node.type('new')
    node.turn(status(LEFT, [LEFT, 0], [ME, 1]))
    node.turn(rumor(RIGHT, ME, 0, 'old'))
    const shown = lines(sends(node.pass(PERIOD)).filter(({ why }) => why === 'missing'))
    expect(shown).toContain('40000 <- rumor:40001:{old,40001,0}')
  })

  test('keeps its number if a neighbour has that text', () => {
    const node = remembering()
    node.type('new')
    node.turn(status(LEFT, [life(5), 1]))
    expect(texts(node)).toEqual(['new'])
    expect(facts(node.turn(rumor(RIGHT, ME, 0, 'new')), 'stored')).toEqual([])
    node.pass(3 * PERIOD)
    expect(keys(node)).toEqual([[ME, 0, 'new']])
  })

  test('is shown all the time, no longer counts in statuses, and is sent again when no neighbour sends it for a period', () => {
    const node = remembering()
    node.type('new')
    node.turn(status(LEFT, [life(5), 1]))
    expect(texts(node)).toEqual(['new'])
    expect(node.gossip.vector()).toContainEqual([ME, 0])
    const effects = node.pass(2 * PERIOD)
    expect(keys(node)).toEqual([[life(6), 0, 'new']])
    expect(facts(effects, 'stored')).toHaveLength(1)
  })

  test('is sent again before a crash', () => {
    const node = remembering()
    node.type('new')
    node.turn(status(LEFT, [life(5), 1]))
    const words = lines(node.gossip.step({ kind: 'crash' }, node.now))
    expect(words).toContain(`40002 <- rumor:40001:{new,${life(6)},0}`)
  })

  test('leaves the number of messages unchanged', () => {
    const node = remembering()
    for (const text of ['a', 'b', 'c', 'd']) node.type(text)
    node.turn(rumor(LEFT, ME, 5, 'beyond a gap'))
    node.turn(rumor(LEFT, ME, 0, 'a'))
    node.turn(rumor(LEFT, ME, 1, 'old'))
    node.pass(3 * PERIOD)
    expect(texts(node)).toEqual(['a', 'old', 'b', 'c', 'd'])
    expect(node.gossip.log.size).toBe(6)
  })
})

describe('is not believed', () => {
  test.each(EVIDENCE)('by a node whose lives are counted: %s', (_, evidence) => {
    const node = remembering({ generationIs: 'counted' })
    expect(newLives([...node.turn(evidence), ...node.pass(3 * PERIOD)])).toEqual([])
    expect(node.gossip.self).toBe(ME)
    expect(node.gossip.log.size).toBe(0)
    const refused = facts(node.turn(evidence), 'refused').map(({ why }) => why)
    expect(refused).toEqual(evidence.kind === 'rumor' ? ['it claims to be from this node and is not'] : [])
  })

  test.each(EVIDENCE)('from a port that is no neighbour’s: %s', (_, evidence) => {
    const node = remembering()
    expect(newLives(node.turn({ ...evidence, sender: 51_000 }))).toEqual([])
    expect(node.gossip.log.size).toBe(0)
  })

  test('past half of all generations', () => {
    const node = remembering()
    expect(newLives(node.turn(status(LEFT, [life(HALF), 1])))).toEqual([])
    expect(newLives(node.turn(status(LEFT, [life(MAX_GENERATION), 1], [life(HALF - 1), 1])))).toMatchObject([
      { generation: HALF },
    ])
    node.pass(2 * PERIOD)
    expect(newLives(node.turn(status(LEFT, [life(HALF), 7])))).toEqual([])
  })

  test('twice within a period of anti-entropy; a life shown meanwhile is believed after it', () => {
    const node = remembering()
    node.turn(status(LEFT, [ME, 1]))
    for (let generation = 1; generation < 100; generation += 1)
      expect(newLives(node.turn(rumor(RIGHT, life(generation), 0)))).toEqual([])
    const effects = node.pass(2 * PERIOD)
    expect(newLives(effects)).toEqual([{ kind: 'new-life', generation: 100, shownBy: RIGHT }])
  })

  test('of lives before the present one: such evidence is old', () => {
    const node = remembering({ generation: 3 })
    for (const generation of [0, 1, 2])
      for (const old of [status(LEFT, [life(generation), 9]), rumor(LEFT, life(generation), 0)])
        expect(newLives([...node.turn(old), ...node.pass(PERIOD)])).toEqual([])
    expect(node.gossip.log.size).toBe(3)
  })

  test('of the node’s own messages, which come back', () => {
    const node = remembering()
    node.type('mine')
    for (const back of [status(LEFT, [ME, 1]), rumor(LEFT, ME, 0, 'mine')])
      expect(newLives(node.turn(back))).toEqual([])
  })
})

describe('two texts under one number, at a third node', () => {
  const later = originOf(FAR, 1)

  /** The node has `new`, which its origin should not have sent under this number, and has met `old`. */
  function disputing(identity: Partial<Identity> = {}): TestNode {
    const node = remembering(identity)
    node.turn(rumor(LEFT, FAR, 0, 'new'))
    node.turn(status(RIGHT, [FAR, 1]))
    return node
  }

  test('the first stays, and the sender of the other learns of it, once', () => {
    const node = disputing()
    expect(lines(node.receive(rumor(RIGHT, FAR, 0, 'old')))).toEqual(['40002 <- rumor:40001:{new,40007,0}'])
    expect(lines(node.receive(rumor(RIGHT, FAR, 0, 'old')))).toEqual([])
    expect(texts(node)).toEqual(['new'])
  })

  test('both go to the neighbours, a few times, so that the node whose number it is learns of it', () => {
    const node = disputing()
    node.turn(rumor(RIGHT, FAR, 0, 'old'))
    const shown = lines(sends(node.pass(10 * PERIOD)).filter(({ why }) => why === 'missing'))
    for (const line of ['rumor:40001:{old,40007,0}', 'rumor:40001:{new,40007,0}'])
      for (const port of [LEFT, RIGHT]) expect(shown.filter((one) => one === `${port} <- ${line}`)).toHaveLength(3)
  })

  test.each([
    ['the other text came before', true],
    ['the other text comes after', false],
  ])('the text that is sent again in a later life gives way; %s', (_, isBefore) => {
    const node = disputing()
    if (isBefore) node.turn(rumor(RIGHT, FAR, 0, 'old'))
    node.turn(rumor(LEFT, later, 0, 'new'))
    if (!isBefore) node.turn(rumor(RIGHT, FAR, 0, 'old'))
    expect(keys(node)).toEqual([
      [FAR, 0, 'old'],
      [later, 0, 'new'],
    ])
    node.turn(rumor(LEFT, FAR, 0, 'new'))
    expect(texts(node)).toEqual(['old', 'new'])
  })

  test('and if both are sent again, the first stays', () => {
    const node = disputing()
    node.turn(rumor(LEFT, later, 0, 'new'))
    node.turn(rumor(LEFT, later, 1, 'old'))
    node.turn(rumor(RIGHT, FAR, 0, 'old'))
    expect(node.gossip.log.text(FAR, 0)).toBe('new')
  })

  test.each([
    ['a stranger is not heard', {}, 51_000],
    ['where lives are counted nobody is', { generationIs: 'counted' as const }, RIGHT],
  ])('%s: the first stays, and the neighbours hear nothing', (_, identity, from) => {
    const node = disputing(identity)
    node.turn(rumor(LEFT, later, 0, 'new'))
    expect(lines(node.receive(rumor(from, FAR, 0, 'old')))).toEqual([])
    expect(node.gossip.log.text(FAR, 0)).toBe('new')
    expect(sends(node.pass(3 * PERIOD)).filter(({ why }) => why === 'missing')).toEqual([])
  })
})
