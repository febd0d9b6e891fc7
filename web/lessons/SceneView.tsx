/** A scene: what is told, what the class guesses, what runs, and what came out. */
import { Fragment, useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import type { Scene } from '../../shared/lesson.ts'
import { Choices } from './Choices.tsx'
import { Figures } from './Figures.tsx'
import styles from './Lessons.module.css'
import { Lines } from './Lines.tsx'
import { atPace, type Pace } from './pace.ts'
import type { Outcome, Session } from './session.ts'
import { verdictOf } from './verdict.ts'

interface Props {
  readonly session: Session
  readonly place: number
  readonly pace: Pace
}

export function SceneView({ session, place, pace }: Props) {
  const { phase, now, guesses, outcomes } = useStore(session)
  const scene = session.lesson.scenes[place]
  const guess = guesses[place]
  const outcome = outcomes[place] ?? null
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  if (!scene || !guess) return null
  const { question } = scene
  const running = phase === 'running' || phase === 'measuring'
  return (
    <>
      <h2 ref={heading} tabIndex={-1}>
        {scene.heading}
      </h2>
      {/* Once the answer is there, it is what counts. */}
      {!(outcome && question) && scene.before.map((text) => <Paragraph key={text} text={text} />)}
      {question && (
        <Choices
          session={session}
          question={question}
          guess={guess}
          done={outcome !== null}
          open={phase === 'telling'}
        />
      )}
      {running && <Lines steps={atPace(scene.steps, pace)} now={now} />}
      {outcome && <Came scene={scene} outcome={outcome} verdict={question ? verdictOf(question, guess) : null} />}
    </>
  )
}

function Came({
  scene,
  outcome,
  verdict,
}: {
  readonly scene: Scene
  readonly outcome: Outcome
  readonly verdict: string | null
}) {
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    element.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  const { otherwise, printed, figures } = outcome
  return (
    <div ref={element} className={styles.came} role="status">
      {otherwise.length > 0 ? (
        <div className={styles.otherwise}>
          <p>
            <strong>This run came out otherwise.</strong> What was seen instead:
          </p>
          {otherwise.map((problem) => (
            <p key={problem} className={styles.line}>
              {problem}
            </p>
          ))}
          <p>What usually happens:</p>
        </div>
      ) : (
        verdict !== null && <p className={styles.verdict}>{verdict}</p>
      )}
      {scene.after.map((text) => (
        <Paragraph key={text} text={text} />
      ))}
      {printed.length > 0 && <pre className={styles.printed}>{printed.join('\n')}</pre>}
      <Figures figures={figures} />
    </div>
  )
}

/** `code` is what somebody types, *these* are new words. */
function Paragraph({ text }: { readonly text: string }) {
  let place = 0
  const parts = text.split(/(`[^`]+`|\*[^*]+\*)/).map((part) => {
    place += part.length
    return { key: place, mark: part.charAt(0), part }
  })
  return (
    <p className={styles.text}>
      {parts.map(({ key, mark, part }) => {
        if (mark === '`') return <code key={key}>{part.slice(1, -1)}</code>
        return mark === '*' ? <em key={key}>{part.slice(1, -1)}</em> : <Fragment key={key}>{part}</Fragment>
      })}
    </p>
  )
}
