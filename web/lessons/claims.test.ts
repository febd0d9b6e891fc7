import { expect, test } from 'vitest'
import { parseLesson } from '../../shared/language/lesson.ts'
import type { LabEvent } from '../../shared/model/event.ts'
import { fold } from '../../shared/model/fold.ts'
import { EMPTY_LAB } from '../../shared/model/lab-state.ts'
import { lineOf } from '../test-settings.ts'
import { judge } from './claims.ts'
import { verdictOf } from './verdict.ts'

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
- [x] 8 {cost hello = 8}
- [ ] 10 {cost hello = 10}
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

test('the choice that fits the measurement is the right one, whatever the file expected', () => {
  const { scene, question } = sceneOf()
  const asExpected = judge(scene, START, costing(8), false)
  expect(asExpected).toMatchObject({ right: [1], differences: [] })
  const dearer = judge(scene, START, costing(10), false)
  expect(dearer.right).toEqual([2])
  expect(verdictOf(question, { chosen: 1, hands: [0, 3, 1], isSkipped: false }, dearer.right)).toBe(
    'Predicted otherwise: 8. 1 of 4 hands were right.',
  )
  expect(judge(scene, START, costing(18), false).right).toEqual([])
})

test('a sentence changes with the measurement, and what has no other words is called usual', () => {
  const { scene } = sceneOf()
  expect(judge(scene, START, costing(8), false).revealed).toEqual([
    { text: 'Four links, and two datagrams on each.', usual: false },
    { text: 'All of it within four links.', usual: false },
    { text: 'Because gossip is cheap.', usual: false },
  ])
  const dearer = judge(scene, START, costing(10), false)
  expect(dearer.revealed[0]).toEqual({ text: 'It took 10 datagrams this time.', usual: false })
  expect(dearer.differences).toEqual([
    'expected cost hello = 8; measured 10 datagrams, 10 rumors, 0 acknowledgements of “hello”',
  ])
  const slow = sceneOf(LESSON.replace('< 4 links', '> 4 links'))
  expect(judge(slow.scene, START, costing(8), false).revealed[1]).toMatchObject({ usual: true })
})

test('where a line was not met, a choice without a claim is not right', () => {
  const { scene } = sceneOf(
    LESSON.replace(/ \{cost hello = \d+\}/g, '')
      .replace(/- (\[.\]) \d+/g, '- $1 these')
      .replace('0 msg 1 hello', '0 msg 1 hello\nexpect held 0 = 1')
      .replace(/Four links[\s\S]*Because/, 'Because'),
  )
  expect(judge(scene, START, costing(8), false).right).toEqual([1])
  expect(judge(scene, START, costing(8), true)).toMatchObject({ right: [], revealed: [{ usual: true }] })
})
