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

export function verdictOf(question: Question, guess: Guess): string {
  const answer = question.choices.findIndex(({ right }) => right)
  const hands = guess.hands.reduce((sum, count) => sum + count, 0)
  const share = hands === 0 ? '' : ` ${guess.hands[answer] ?? 0} of ${hands} hands were for it.`
  const text = question.choices[answer]?.text ?? ''
  return `${isRight(question, guess) ? 'Predicted right' : 'It is'}: ${text}.${share}`.replace(/([.!?])\./, '$1')
}
