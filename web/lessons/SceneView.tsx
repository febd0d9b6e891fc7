/** Shows a scene: its text, its question, its run, and the explanation of the outcome. */
import { useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import type { Scene } from '../../shared/language/lesson.ts'
import { atPace, type Pace } from '../model/lessons/pace.ts'
import type { Outcome } from '../model/lessons/session-state.ts'
import { shown, shownLines } from '../model/shown.ts'
import { useMayAct, usePage } from '../ui/page.ts'
import { bringStageInSight } from '../ui/stage-in-sight.ts'
import { Answer, Asked, Choices, OtherAnswers } from './Choices.tsx'
import { Figures } from './Figures.tsx'
import styles from './Lessons.module.css'
import { Lines } from './Lines.tsx'
import { Marked } from './Marked.tsx'
import type { Session } from './session.ts'

interface Props {
  readonly session: Session
  readonly place: number
  readonly pace: Pace
}

export function SceneView({ session, place, pace }: Props) {
  const { phase, now, guesses, outcomes, isBroken } = useStore(session)
  const scene = session.lesson.scenes[place]
  const guess = guesses[place]
  const outcome = outcomes[place] ?? null
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    heading.current?.focus({ preventScroll: true })
    bringStageInSight()
  }, [])
  if (!scene || !guess) return null
  const { question } = scene
  const size = question === null ? styles.large : ''
  const running = phase === 'running' || phase === 'measuring'
  const reading = phase === 'telling' || phase === 'preparing'
  return (
    <>
      <h2 ref={heading} tabIndex={-1}>
        {scene.heading}
      </h2>
      {isBroken && (
        <p className={styles.otherwise} role="status">
          The page was reloaded or the lab restarted while this lesson ran. The next run makes its network again.
        </p>
      )}
      {/* The text makes room for the outcome. */}
      {(reading || question === null) && (
        <div className={`${styles.told} ${size}`}>
          {scene.before.map((text) => (
            <Paragraph key={text} text={text} />
          ))}
        </div>
      )}
      {question && phase === 'telling' && <Choices session={session} question={question} guess={guess} />}
      {question && running && <Asked question={question} guess={guess} />}
      {running && <Lines steps={atPace(scene.steps, pace)} now={now} />}
      {outcome && (
        <div className={`${styles.came} ${size}`} role="status">
          {question && <Answer question={question} guess={guess} outcome={outcome} />}
          <Came outcome={outcome} />
          {question && <OtherAnswers question={question} guess={guess} outcome={outcome} />}
          {outcome.printed.length > 0 && <pre className={styles.printed}>{shownLines(outcome.printed)}</pre>}
        </div>
      )}
      <Notes notes={scene.notes} />
    </>
  )
}

/** Notes are folded, and absent for viewers and in projector mode. */
function Notes({ notes }: Pick<Scene, 'notes'>) {
  const projected = useStore(usePage().projector)
  const presents = useMayAct()
  if (notes.length === 0 || projected || !presents) return null
  return (
    <details className={styles.notes}>
      <summary>Presenter notes</summary>
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </details>
  )
}

function Came({ outcome: { otherwise, revealed, figures } }: { readonly outcome: Outcome }) {
  return (
    <>
      {otherwise.length > 0 && (
        <div className={styles.otherwise}>
          <p>
            <strong>This run turned out differently</strong> from what the lesson says:
          </p>
          {otherwise.map((problem) => (
            <p key={problem} className={styles.line}>
              {shown(problem)}
            </p>
          ))}
        </div>
      )}
      {revealed.map(({ text, usual }) => (
        <Paragraph key={text} text={usual ? `*Usually:* ${text}` : text} />
      ))}
      <Figures figures={figures} />
    </>
  )
}

function Paragraph({ text }: { readonly text: string }) {
  return (
    <p className={styles.text}>
      <Marked text={text} />
    </p>
  )
}
