/** Loads the lessons: every file in lessons/, in the order of their names. */
import type { Lesson } from '../../shared/language/lesson.ts'
import { parseLesson } from '../../shared/language/lesson-parser.ts'

export interface LoadedLesson {
  readonly file: string
  readonly lesson: Lesson
}

export interface BrokenLesson {
  readonly file: string
  /** Each with line and column. */
  readonly problems: readonly string[]
}

const FILES: Record<string, string> = import.meta.glob('../../lessons/*.md', {
  query: '?raw',
  import: 'default',
  eager: true,
})

export function readLibrary(files: Readonly<Record<string, string>> = FILES): {
  lessons: readonly LoadedLesson[]
  broken: readonly BrokenLesson[]
} {
  const lessons: LoadedLesson[] = []
  const broken: BrokenLesson[] = []
  for (const [path, text] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const file = path.replace(/^.*\/lessons\//, 'lessons/')
    const parsed = parseLesson(text)
    if (parsed.ok) lessons.push({ file, lesson: parsed.lesson })
    else
      broken.push({ file, problems: parsed.problems.map(({ line, column, error }) => `${line}:${column}: ${error}`) })
  }
  return { lessons, broken }
}
