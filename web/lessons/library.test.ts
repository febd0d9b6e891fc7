import { describe, expect, test } from 'vitest'
import docs from '../../docs/lessons.md?raw'
import { FIGURES } from '../../shared/lesson-figure.ts'
import { readLibrary } from './library.ts'

const { lessons, broken } = readLibrary()

test('every lesson of ours makes sense, and they take a lesson’s time', () => {
  expect(broken).toEqual([])
  expect(lessons.length).toBeGreaterThanOrEqual(9)
  expect(lessons.reduce((sum, { lesson }) => sum + lesson.minutes, 0)).toBeGreaterThanOrEqual(20)
})

describe('a class predicts, sees, and gets figures:', () => {
  test.each(lessons)('$file', ({ lesson: { scenes } }) => {
    expect(scenes.some(({ question }) => question !== null)).toBe(true)
    expect(scenes.some(({ figures }) => figures.length > 0)).toBe(true)
    // What a question claims, the lines that answer it wait for or expect.
    for (const { question, steps, heading } of scenes)
      if (question)
        expect(
          steps.some(({ kind }) => kind === 'until' || kind === 'expect'),
          heading,
        ).toBe(true)
  })
})

test('a file that makes no sense is named with line and column, and the others can be held', () => {
  const { lessons: read, broken: named } = readLibrary({ '../../lessons/99-mine.md': '# hello\n' })
  expect(read).toEqual([])
  expect(named).toEqual([
    { file: 'lessons/99-mine.md', problems: expect.arrayContaining([expect.stringMatching(/^1:1: /)]) },
  ])
})

test('docs/lessons.md tells of every figure', () => {
  for (const { form, does } of FIGURES) expect(docs).toContain(`| \`${form}\` | ${does} |`)
})
