import { describe, expect, test } from 'vitest'
import docs from '../../docs/lessons.md?raw'
import { FIGURES } from '../../shared/language/lesson-figure.ts'
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
    // All that is said after a run is held against it.
    for (const { steps, after, notes, heading } of scenes) {
      const isHeld = after.some(({ claims, text }) => claims.length > 0 || text.length > 1)
      expect(isHeld || steps.length === 0, heading).toBe(true)
      expect(notes, heading).not.toEqual([])
    }
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
