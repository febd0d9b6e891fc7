import { describe, expect, test } from 'vitest'
import docs from '../../docs/lessons.md?raw'
import type { Scene } from '../../shared/language/lesson.ts'
import { FIGURES } from '../../shared/language/lesson-figure.ts'
import { isFigure, type LessonText } from '../../shared/language/lesson-text.ts'
import { readLibrary } from './library.ts'

const { lessons, broken } = readLibrary()

test('every lesson of ours is valid, and they take a lesson’s time', () => {
  expect(broken).toEqual([])
  expect(lessons.length).toBeGreaterThanOrEqual(9)
  expect(lessons.reduce((sum, { lesson }) => sum + lesson.minutes, 0)).toBeGreaterThanOrEqual(20)
})

describe('a class predicts, sees, and gets figures:', () => {
  test.each(lessons)('$file', ({ lesson: { scenes } }) => {
    expect(scenes.some(({ question }) => question !== null)).toBe(true)
    expect(scenes.some(({ figures }) => figures.length > 0)).toBe(true)
    // Every statement after a run is checked against it.
    for (const { steps, after, notes, heading } of scenes) {
      const isHeld = after.some(({ claims, text }) => claims.length > 0 || text.length > 1)
      expect(isHeld || steps.length === 0, heading).toBe(true)
      expect(notes, heading).not.toEqual([])
    }
  })
})

/** At 150 words a minute, which is reading aloud, a screen of 60 words takes 24 seconds. */
const MOST_WORDS = 60
/** A sentence with more is read twice. */
const MOST_IN_A_SENTENCE = 20

const wordsIn = (text: string) => text.split(/\s+/).filter((word) => /\w/.test(word)).length
const written = (text: LessonText) => text.map((part) => (isFigure(part) ? '5 datagrams' : part)).join('')
const longest = (texts: readonly string[]) => texts.toSorted((a, b) => wordsIn(b) - wordsIn(a)).slice(0, 1)
const whysOf = ({ question }: Scene) => question?.choices.flatMap(({ why }) => (why ? written(why.text) : [])) ?? []

/** The words of a scene, screen by screen: before its run, and after it beside the longest reason. */
function screensOf(scene: Scene): string[][] {
  const { heading, before, question, after } = scene
  const choices = question?.choices ?? []
  return [
    [heading, ...before, ...(question ? [question.text] : []), ...choices.map(({ text }) => text)],
    [
      ...choices.flatMap(({ text, right }) => (right ? text : [])),
      ...longest(whysOf(scene)),
      ...after.flatMap(({ text, otherwise }) => longest([written(text), written(otherwise ?? [])])),
    ],
  ]
}

describe('a student at the back of the hall can follow:', () => {
  test.each(lessons)('$file', ({ lesson: { title, shows, takeaway, scenes } }) => {
    // More is cut off at the head of the panel on a small projector.
    expect(title.length, title).toBeLessThanOrEqual(22)
    expect(scenes[0]).toMatchObject({ isOpening: true })
    for (const scene of scenes) {
      for (const { text, right, why } of scene.question?.choices ?? []) expect(why !== null, text).toBe(!right)
      const screens = screensOf(scene)
      for (const screen of screens) expect(wordsIn(screen.join(' ')), screen.join('\n')).toBeLessThanOrEqual(MOST_WORDS)
      const sentences = [...screens.flat(), ...whysOf(scene), shows, takeaway].flatMap((text) => text.split(/[.?] /))
      for (const one of sentences) expect(wordsIn(one), one).toBeLessThanOrEqual(MOST_IN_A_SENTENCE)
    }
  })
})

test('an invalid file is reported with line and column, and the others stay available', () => {
  const { lessons: read, broken: named } = readLibrary({ '../../lessons/99-mine.md': '# hello\n' })
  expect(read).toEqual([])
  expect(named).toEqual([
    { file: 'lessons/99-mine.md', problems: expect.arrayContaining([expect.stringMatching(/^1:1: /)]) },
  ])
})

test('docs/lessons.md documents every figure', () => {
  for (const { form, does } of FIGURES) expect(docs).toContain(`| \`${form}\` | ${does} |`)
})

test('the example in docs/lessons.md is a valid lesson', () => {
  const [, example = ''] = /^````markdown\n([\s\S]*?)^````$/m.exec(docs) ?? []
  expect(readLibrary({ '../../lessons/example.md': example }).broken).toEqual([])
})
