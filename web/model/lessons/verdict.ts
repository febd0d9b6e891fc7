/** Words the prediction of the class, and whether it was right in this run. */
import type { Question } from '../../../shared/language/lesson.ts'
import { type Guess, isPredicted } from './session-state.ts'

/** Returns the choice, or the one with most hands; null without a choice, or with equal hands. */
export function settledOn({ chosen, hands }: Guess): number | null {
  if (chosen !== null) return chosen
  const most = Math.max(0, ...hands)
  const first = hands.indexOf(most)
  return most > 0 && hands.lastIndexOf(most) === first ? first : null
}

/** `right` are the indices of the choices that are right in this run. */
export const isRight = (guess: Guess, right: readonly number[]): boolean => {
  const settled = settledOn(guess)
  return settled !== null && right.includes(settled)
}

/** Returns whether it was predicted, once the answer is known. */
export function verdictOf(question: Question, guess: Guess, right: readonly number[]): string {
  if (!isPredicted(guess)) return 'No prediction.'
  const hands = handsInWords(guess, right)
  if (isRight(guess, right)) return `Predicted right.${hands}`
  const settled = settledOn(guess)
  if (settled === null) return `Opinions were divided.${hands}`
  return `Your prediction: ${question.choices[settled]?.text ?? ''}.${hands}`
}

function handsInWords({ hands }: Guess, right: readonly number[]): string {
  const all = hands.reduce((sum, count) => sum + count, 0)
  const fitting = right.reduce((sum, place) => sum + (hands[place] ?? 0), 0)
  return all === 0 ? '' : ` ${fitting} of ${all} hands were right.`
}

/** Returns the prediction in words while a scene runs. */
export function guessInWords({ choices }: Question, guess: Guess): string {
  if (!isPredicted(guess)) return 'No prediction.'
  const settled = settledOn(guess)
  return settled === null ? 'Opinions are divided.' : `Your prediction: ${choices[settled]?.text ?? ''}.`
}
