/** What the class settled on, and whether that was right. */
import type { Question } from '../../shared/lesson.ts'
import type { Guess } from './session.ts'

/** What was chosen; else what most hands were for; null where nobody said anything or hands are equal. */
function settledOn({ chosen, hands }: Guess): number | null {
  if (chosen !== null) return chosen
  const most = Math.max(0, ...hands)
  const first = hands.indexOf(most)
  return most > 0 && hands.lastIndexOf(most) === first ? first : null
}

export const isRight = ({ choices }: Question, guess: Guess): boolean => {
  const settled = settledOn(guess)
  return settled !== null && choices[settled]?.right === true
}

/** Whether it was predicted, once the answer is there. */
export function verdictOf(question: Question, guess: Guess): string {
  const hands = handsInWords(question, guess)
  if (isRight(question, guess)) return `Predicted right.${hands}`
  const settled = settledOn(guess)
  const what =
    settled === null ? 'Predicted by some.' : `Predicted otherwise: ${question.choices[settled]?.text ?? ''}.`
  return `${what}${hands}`
}

function handsInWords({ choices }: Question, { hands }: Guess): string {
  const all = hands.reduce((sum, count) => sum + count, 0)
  return all === 0 ? '' : ` ${hands[choices.findIndex(({ right }) => right)] ?? 0} of ${all} hands were right.`
}

/** What was chosen, while it runs. */
export function guessInWords({ choices }: Question, guess: Guess): string {
  const settled = settledOn(guess)
  return settled === null ? 'Opinions are divided.' : `Predicted: ${choices[settled]?.text ?? ''}.`
}
