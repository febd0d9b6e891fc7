/** Checks the statements of a lesson against the figures of its run. */

import type { Choice, Reveal, Scene } from '../../../shared/language/lesson.ts'
import type { Figure } from '../../../shared/language/lesson-figure.ts'
import { type Claim, isFigure, type LessonText } from '../../../shared/language/lesson-text.ts'
import type { LabState } from '../../../shared/model/lab-state.ts'
import { isCounted, type Measured, measureFigure } from './figures.ts'

/** A paragraph after a run, in the words that match it. */
export interface Revealed {
  readonly text: string
  /** Whether the run contradicts the paragraph, and the lesson has no alternative. */
  readonly usual: boolean
}

/** A choice that is wrong in this run, by place, and its sentence. */
export interface WrongChoice {
  readonly place: number
  readonly why: string
}

export interface Judged {
  /** Indices of the choices that are right in this run. */
  readonly right: readonly number[]
  readonly revealed: readonly Revealed[]
  /** Reasons why other choices are tempting and wrong. */
  readonly wrong: readonly WrongChoice[]
  readonly figures: readonly Measured[]
  /** False claims, with their measured values. */
  readonly differences: readonly string[]
}

/** Returns a figure of the run. */
type Measure = (figure: Figure) => Measured

/**
 * Judges a scene by the lab before its run and after. `failed` means that a line of the scene failed; then a choice
 * without a claim is not right.
 */
export function judge(scene: Scene, before: LabState, lab: LabState, failed: boolean): Judged {
  const measure: Measure = (figure) => measureFigure(figure, before, lab)
  const holds = (claim: Claim) => fits(claim, measure(claim.figure), lab.settings?.linkDelayMs ?? 0)
  const isRight = ({ right, claims }: Choice) => (claims.length > 0 ? claims.every(holds) : right && !failed)
  const choices = scene.question?.choices ?? []
  const expected = [...choices.filter(({ right }) => right), ...scene.after].flatMap(({ claims }) => claims)
  const unmet = expected.filter((claim) => !holds(claim)).map((claim) => difference(claim, measure(claim.figure)))
  return {
    right: choices.flatMap((choice, place) => (isRight(choice) ? [place] : [])),
    wrong: choices.flatMap((choice, place) =>
      choice.why && !isRight(choice) && choice.why.claims.every(holds)
        ? [{ place, why: written(choice.why.text, measure) }]
        : [],
    ),
    revealed: scene.after.map((reveal) => revealedIn(reveal, reveal.claims.every(holds), failed, measure)),
    figures: scene.figures.map(measure),
    differences: [...new Set(unmet)],
  }
}

function revealedIn({ text, otherwise, claims }: Reveal, holds: boolean, failed: boolean, measure: Measure): Revealed {
  if (!holds && otherwise) return { text: written(otherwise, measure), usual: false }
  return { text: written(text, measure), usual: claims.length > 0 ? !holds : failed }
}

const written = (text: LessonText, measure: Measure): string =>
  text.map((part) => (isFigure(part) ? measure(part).value : part)).join('')

function fits({ is, value, inLinks }: Claim, { amount, nodes }: Measured, linkDelayMs: number): boolean {
  if (typeof value !== 'number') return is === '=' && nodes !== undefined && nodes.join() === value.join()
  if (amount === null) return false
  const limit = inLinks ? value * linkDelayMs : value
  switch (is) {
    case '=':
      return amount === limit
    case '>=':
      return amount >= limit
    case '<=':
      return amount <= limit
    case '<':
      return amount < limit
    case '>':
      return amount > limit
  }
}

const difference = ({ written }: Claim, { value, words }: Measured): string =>
  `expected ${written}; measured ${value}, ${words}`

/** Returns whether a claim of a scene depends on a counter, which nodes report only once a second. */
export function needsCounters({ question, after, figures }: Scene): boolean {
  const choices = question?.choices ?? []
  const whys = choices.flatMap(({ why }) => why ?? [])
  const bound = [...choices, ...whys, ...after]
  const texts = [
    ...whys.flatMap(({ text }) => text),
    ...after.flatMap(({ text, otherwise }) => [...text, ...(otherwise ?? [])]),
  ].filter(isFigure)
  return [...figures, ...texts, ...bound.flatMap(({ claims }) => claims.map(({ figure }) => figure))].some(isCounted)
}
