import { expect, test } from 'vitest'
import { parseLesson } from '../../../shared/language/lesson-parser.ts'
import type { LabEvent } from '../../../shared/model/event.ts'
import { fold } from '../../../shared/model/fold.ts'
import { EMPTY_LAB } from '../../../shared/model/lab-state.ts'
import { readLibrary } from '../../lessons/library.ts'
import { lineOf } from '../test-settings.ts'
import { judge } from './claims.ts'
import { verdictOf } from './verdict.ts'

type Unnumbered = LabEvent extends infer Event ? (Event extends LabEvent ? Omit<Event, 'n'> : never) : never

const LESSON = `---
title: A title
shows: something
minutes: 2
takeaway: a sentence
---
\`\`\`
network 3 line
\`\`\`
# What does it cost?
? How many datagrams?
- [ ] 4 {cost hello = 4}
  ! A rumor on each link comes to mind. But each is answered: it took {cost hello}.
- [x] 8 {cost hello = 8}
- [ ] 10 {cost hello = 10}
  ! Some rumors could be repeated. But none was. {cost hello < 9}
\`\`\`
0 msg 1 hello
\`\`\`
Four links, and two datagrams on each. {cost hello = 8}
~ It took {cost hello} this time.

All of it within four links. {time hello < 4 links}

Because gossip is cheap.
= cost hello
`

function sceneOf(text = LESSON) {
  const parsed = parseLesson(text)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const [scene] = parsed.lesson.scenes
  if (!scene?.question) throw new Error('no question')
  return { scene, question: scene.question }
}

const START = fold(EMPTY_LAB, [
  { n: 1, at: 0, type: 'network', settings: lineOf(3) },
  { n: 2, at: 0, type: 'starting', node: 0, generation: 0, pid: 7, seed: 1 },
  { n: 3, at: 1, type: 'running', node: 0, tcp: [20_000] },
  { n: 4, at: 2, type: 'stored', node: 0, origin: 40_000, seq: 0, text: 'hello', from: null },
])

/** The message has caused so many datagrams. */
const costing = (count: number) =>
  fold(
    START,
    Array.from(
      { length: count },
      (_, place): LabEvent => ({
        n: START.last + place + 1,
        at: 10,
        type: 'sent',
        node: 0,
        to: 40_001,
        why: 'new',
        bytes: 1,
        delayMs: 0,
        content: { kind: 'rumor', origin: 40_000, seq: 0 },
      }),
    ),
  )

test('the choice that matches the measurement is the right one, whatever the file expected', () => {
  const { scene, question } = sceneOf()
  const asExpected = judge(scene, START, costing(8), false)
  expect(asExpected).toMatchObject({ right: [1], differences: [] })
  const dearer = judge(scene, START, costing(10), false)
  expect(dearer.right).toEqual([2])
  expect(verdictOf(question, { chosen: 1, hands: [0, 3, 1], isSkipped: false }, dearer.right)).toBe(
    'Your prediction: 8. 1 of 4 hands were right.',
  )
  expect(judge(scene, START, costing(18), false).right).toEqual([])
})

test('a sentence changes with the measurement, and one without an alternative is called usual', () => {
  const { scene } = sceneOf()
  expect(judge(scene, START, costing(8), false).revealed).toEqual([
    { text: 'Four links, and two datagrams on each.', usual: false },
    { text: 'All of it within four links.', usual: false },
    { text: 'Because gossip is cheap.', usual: false },
  ])
  const dearer = judge(scene, START, costing(10), false)
  expect(dearer.revealed[0]).toEqual({ text: 'It took 10 datagrams this time.', usual: false })
  expect(dearer.differences).toEqual([
    'expected cost hello = 8; measured 10 datagrams, 10 rumors, 0 acknowledgements for “hello”',
  ])
  const slow = sceneOf(LESSON.replace('< 4 links', '> 4 links'))
  expect(judge(slow.scene, START, costing(8), false).revealed[1]).toMatchObject({ usual: true })
})

test('if a line failed, a choice without a claim is not right', () => {
  const { scene } = sceneOf(
    LESSON.replace(/ \{cost hello = \d+\}/g, '')
      .replace(/- (\[.\]) \d+/g, '- $1 these')
      .replace('0 msg 1 hello', '0 msg 1 hello\nexpect held 0 = 1')
      .replace(/Four links[\s\S]*Because/, 'Because'),
  )
  expect(judge(scene, START, costing(8), false).right).toEqual([1])
  expect(judge(scene, START, costing(8), true)).toMatchObject({ right: [], revealed: [{ usual: true }] })
})

test('each choice that is wrong in this run has its reason, unless the run does not bear the reason out', () => {
  const { scene } = sceneOf()
  expect(judge(scene, START, costing(8), false).wrong).toEqual([
    { place: 0, why: 'A rumor on each link comes to mind. But each is answered: it took 8 datagrams.' },
    { place: 2, why: 'Some rumors could be repeated. But none was.' },
  ])
  expect(judge(scene, START, costing(10), false).wrong.map(({ place }) => place)).toEqual([0])
  expect(judge(scene, START, costing(18), false).wrong.map(({ place }) => place)).toEqual([0])
})

/** A ring of eight, where each hop of "again" takes so many ms: the two directions meet at node 4. */
function ringAfter(msPerHop: number) {
  const nodes = Array.from({ length: 8 }, (_, node) => node)
  const starts = nodes.flatMap((node): Unnumbered[] => [
    { at: 0, type: 'starting', node, generation: 0, pid: node + 1, seed: 1 },
    { at: 1, type: 'running', node, tcp: [20_000 + node] },
  ])
  const copies = nodes
    .map((node) => ({ node, hops: Math.min(node, 8 - node) }))
    .sort((a, b) => a.hops - b.hops)
    .map(({ node, hops }): Unnumbered => {
      const from = hops === 0 ? null : 40_000 + (node <= 4 ? node - 1 : (node + 1) % 8)
      return { at: 10 + hops * msPerHop, type: 'stored', node, origin: 40_000, seq: 0, text: 'again', from }
    })
  const settings = { ...lineOf(8), topology: 'ring', linkDelayMs: 300 } as const
  const events = [{ at: 0, type: 'network', settings } as const, ...starts, ...copies]
  return fold(
    EMPTY_LAB,
    events.map((event, place): LabEvent => ({ ...event, n: place + 1 })),
  )
}

test.each([300, 900])('the lesson of the ring is right about it, also where a link of 300 ms takes %i ms', (ms) => {
  const ring = readLibrary().lessons.find(({ file }) => file.endsWith('ring.md'))
  const scene = ring?.lesson.scenes.find(({ prepare }) => prepare.length > 0)
  if (!scene?.question) throw new Error('no question')
  const { right, differences } = judge(scene, EMPTY_LAB, ringAfter(ms), false)
  expect(differences).toEqual([])
  expect(right.map((place) => scene.question?.choices[place]?.right)).toEqual([true])
})
