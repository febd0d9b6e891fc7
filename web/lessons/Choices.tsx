/** A question and its choices: one is chosen, or hands are counted, before anything runs. */
import { Check, Minus, Plus } from 'lucide-react'
import type { Question } from '../../shared/lesson.ts'
import { Hidden } from '../panels/ui.tsx'
import styles from './Lessons.module.css'
import type { Guess, Session } from './session.ts'

interface Props {
  readonly session: Session
  readonly question: Question
  readonly guess: Guess
  /** It can be guessed now. */
  readonly open: boolean
  /** The answer is there. */
  readonly done: boolean
}

export function Choices({ session, question: { text, choices }, guess, open, done }: Props) {
  const counted = guess.hands.some((count) => count > 0)
  return (
    <fieldset className={styles.question}>
      <legend>{text}</legend>
      {choices.map((choice, index) => (
        <div key={choice.text} className={styles.choice} data-right={done && choice.right} data-done={done}>
          <button
            type="button"
            aria-pressed={guess.chosen === index}
            disabled={!open}
            onClick={() => session.choose(index)}
          >
            {done && choice.right && <Check size={20} aria-hidden />}
            <span>{choice.text}</span>
            {done && choice.right && <Hidden>, this is right</Hidden>}
          </button>
          <Hands
            count={guess.hands[index] ?? 0}
            name={choice.text}
            open={open}
            shown={open || counted}
            raise={(by) => session.raise(index, by)}
          />
        </div>
      ))}
      {open && <p className={styles.quiet}>Choose one, or count hands, before it runs.</p>}
    </fieldset>
  )
}

interface HandsProps {
  readonly count: number
  readonly name: string
  readonly open: boolean
  readonly shown: boolean
  readonly raise: (by: 1 | -1) => void
}

function Hands({ count, name, open, shown, raise }: HandsProps) {
  if (!shown) return null
  return (
    <span className={styles.hands}>
      {open && (
        <button
          type="button"
          aria-label={`One hand less for: ${name}`}
          disabled={count === 0}
          onClick={() => raise(-1)}
        >
          <Minus size={16} aria-hidden />
        </button>
      )}
      <output aria-label={`Hands for: ${name}`}>{count}</output>
      {open && (
        <button type="button" aria-label={`One hand more for: ${name}`} onClick={() => raise(1)}>
          <Plus size={16} aria-hidden />
        </button>
      )}
    </span>
  )
}
