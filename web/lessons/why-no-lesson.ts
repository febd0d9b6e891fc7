/** Says why a lesson cannot run in this lab. */
import type { Lesson } from '../../shared/language/lesson.ts'
import { needsOf } from '../../shared/language/needs.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import { needsCounters } from '../model/lessons/claims.ts'
import { whyNot } from '../model/why-not.ts'

/** Returns a sentence; undefined when the nodes of the lab can do all that the lesson asks for. */
export function whyNoLesson(lesson: Lesson, lab: Pick<LabState, 'nodes'>): string | undefined {
  const { setup, scenes } = lesson
  const lines = [...setup, ...scenes.flatMap(({ prepare, steps }) => [...prepare, ...steps])]
  const needs = lines.flatMap((line) => (line.kind === 'command' ? needsOf(line.command) : []))
  if (scenes.some(needsCounters) && lab.nodes.some(({ program }) => program))
    return whyNot(lab, 'all', ...needs) ?? 'It compares counters, which your program does not report.'
  return whyNot(lab, 'all', ...needs)
}
