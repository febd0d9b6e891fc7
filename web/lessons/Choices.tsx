/** Shows a question: first its choices, then the prediction while the scene runs, then the answer. */
import { Check } from 'lucide-react'
import type { SyntheticEvent } from 'react'
import type { Question } from '../../shared/language/lesson.ts'
import { type Guess, isPredicted, type Outcome } from '../model/lessons/session-state.ts'
import { guessInWords, settledOn, verdictOf } from '../model/lessons/verdict.ts'
import styles from './Choices.module.css'
import lesson from './Lessons.module.css'
import { Marked } from './Marked.tsx'
import type { Session } from './session.ts'

interface Props {
  readonly session: Session
  readonly question: Question
  readonly guess: Guess
}

export function Choices({ session, question: { text, choices }, guess }: Props) {
  return (
    <fieldset className={styles.question}>
      <legend>{text}</legend>
      {choices.map((choice, index) => (
        <div key={choice.text} className={styles.choice}>
          <button type="button" aria-pressed={guess.chosen === index} onClick={() => session.choose(index)}>
            {choice.text}
          </button>
          <Hands count={guess.hands[index] ?? 0} name={choice.text} raise={(by) => session.raise(index, by)} />
        </div>
      ))}
      <p className={lesson.quiet} role="status">
        {guess.isSkipped && !isPredicted(guess)
          ? 'No prediction yet. Choose an answer, or press Page down again to run without one.'
          : 'Choose one, or count hands.'}
      </p>
    </fieldset>
  )
}

interface HandsProps {
  readonly count: number
  readonly name: string
  readonly raise: (by: 1 | -1) => void
}

function Hands({ count, name, raise }: HandsProps) {
  return (
    <fieldset className={styles.hands} aria-label={`Hands for: ${name}`}>
      <button
        type="button"
        aria-label="−1 hand"
        title="Remove one hand"
        disabled={count === 0}
        onClick={() => raise(-1)}
      >
        −1
      </button>
      <output aria-label="Hands">{count}</output>
      <button type="button" aria-label="+1 hand" title="Add one hand" onClick={() => raise(1)}>
        +1
      </button>
    </fieldset>
  )
}

/** Repeats the question and the prediction briefly, while the run has the attention. */
export function Asked({ question, guess }: { readonly question: Question; readonly guess: Guess }) {
  return (
    <div>
      <p className={lesson.quiet}>{question.text}</p>
      <p className={styles.predicted}>{guessInWords(question, guess)}</p>
    </div>
  )
}

interface AnswerProps {
  readonly question: Question
  readonly guess: Guess
  readonly outcome: Outcome
}

/** The answer that this run gave, who predicted it, and why the predicted one is tempting and wrong. */
export function Answer({ question, guess, outcome: { right, wrong } }: AnswerProps) {
  const own = wrong.find(({ place }) => place === settledOn(guess))
  return (
    <div className={styles.answered}>
      <p className={lesson.quiet}>{question.text}</p>
      {right.map((place) => (
        <p key={place} className={styles.answer}>
          <Check size={20} aria-hidden /> {question.choices[place]?.text}
        </p>
      ))}
      {right.length === 0 && <p className={styles.answer}>None of these answers is right in this run</p>}
      <p className={styles.predicted}>{verdictOf(question, guess, right)}</p>
      {own && (
        <p className={styles.why}>
          <Marked text={own.why} />
        </p>
      )}
    </div>
  )
}

/** Scrolls to an opened fold, which may lie below the edge of the panel. */
function bringInSight({ currentTarget }: SyntheticEvent<HTMLDetailsElement>) {
  if (currentTarget.open) currentTarget.scrollIntoView({ block: 'nearest' })
}

/** Shows why the answers that nobody predicted are tempting and wrong. Folded, because a hall reads one reason. */
export function OtherAnswers({ question, guess, outcome: { wrong } }: AnswerProps) {
  const others = wrong.filter(({ place }) => place !== settledOn(guess))
  if (others.length === 0) return null
  return (
    <details className={styles.others} onToggle={bringInSight}>
      <summary>Why not another answer?</summary>
      {others.map(({ place, why }) => (
        <p key={place}>
          <strong>{question.choices[place]?.text}</strong> <Marked text={why} />
        </p>
      ))}
    </details>
  )
}
