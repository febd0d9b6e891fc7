/** A lesson as it is parsed: what a teacher writes in a file (docs/lessons.md), and the page shows. */

import type { Figure } from './lesson-figure.ts'
import type { Bound, Claim, LessonText } from './lesson-text.ts'
import type { ScenarioLine } from './scenario.ts'

export interface Lesson {
  readonly title: string
  readonly shows: string
  readonly minutes: number
  /** One sentence to take home. */
  readonly takeaway: string
  /** Lines that run before the first scene: the network, and its settings. */
  readonly setup: readonly ScenarioLine[]
  readonly scenes: readonly Scene[]
}

/** One idea: a text, a question, a run and its explanation. */
export interface Scene {
  readonly heading: string
  /** The everyday example that a lesson opens with: text alone, under the lesson's title. */
  readonly isOpening: boolean
  /** Paragraphs. */
  readonly before: readonly string[]
  /** Lines that create the scene's own network before its question. */
  readonly prepare: readonly ScenarioLine[]
  readonly question: Question | null
  readonly steps: readonly ScenarioLine[]
  readonly after: readonly Reveal[]
  readonly figures: readonly Figure[]
  /** Notes that only the presenter sees. */
  readonly notes: readonly string[]
}

/** A paragraph shown after a run: itself if its claims are true, otherwise the alternative text, if there is one. */
export interface Reveal extends Bound {
  readonly otherwise: LessonText | null
}

export interface Question {
  readonly text: string
  readonly choices: readonly Choice[]
}

export interface Choice {
  readonly text: string
  /** The right answer according to the file. */
  readonly right: boolean
  /** If it has claims, a run in which they are true makes it the right answer. */
  readonly claims: readonly Claim[]
  /** Reason why it is tempting and wrong. Shown after a run in which it is wrong and these claims hold. */
  readonly why: Bound | null
}
