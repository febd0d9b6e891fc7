/** The end of a lesson: the sentence to take home, the first figure of each scene, and how many predictions were right. */
import { useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import { isPredicted } from '../model/lessons/session-state.ts'
import { isRight } from '../model/lessons/verdict.ts'
import { Figures } from './Figures.tsx'
import styles from './Lessons.module.css'
import type { Session } from './session.ts'

export function Ending({ session }: { readonly session: Session }) {
  const { outcomes, guesses } = useStore(session)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  const { scenes } = session.lesson
  const asked = scenes.flatMap(({ question }, place) => {
    const guess = guesses[place]
    return question && guess && isPredicted(guess) ? [isRight(guess, outcomes[place]?.right ?? [])] : []
  })
  return (
    <>
      <h2 ref={heading} tabIndex={-1}>
        Take home
      </h2>
      <p className={styles.takeaway}>{session.lesson.takeaway}</p>
      <h3>Measured in this run</h3>
      {scenes.map(({ heading }, place) => {
        const [first] = outcomes[place]?.figures ?? []
        if (!first) return null
        return (
          <div key={heading} className={styles.sum}>
            <h4>{heading}</h4>
            <Figures figures={[first]} />
            {(outcomes[place]?.otherwise.length ?? 0) > 0 && (
              <p className={styles.failed}>This scene turned out differently from what the lesson says.</p>
            )}
          </div>
        )
      })}
      {asked.length > 0 && (
        <p className={styles.text}>
          Correct predictions: {asked.filter((right) => right).length} of {asked.length}.
        </p>
      )}
    </>
  )
}
