/** Lessons at the side of the stage: the list of them, or the one that is held. */

import { useMemo, useRef, useState } from 'react'
import type { LabState } from '../../shared/lab-state.ts'
import { usePage } from '../page.ts'
import { LeaveLesson } from './LeaveLesson.tsx'
import { LessonList } from './LessonList.tsx'
import { LessonView } from './LessonView.tsx'
import { type LoadedLesson, readLibrary } from './library.ts'
import { liveLab } from './live.ts'
import type { Pace } from './pace.ts'
import styles from './SidePanel.module.css'
import { isStillThere, linesToRestore } from './session.ts'

export default function LessonsPanel() {
  const page = usePage()
  const library = useMemo(() => readLibrary(), [])
  const [held, setHeld] = useState<LoadedLesson | null>(null)
  const [pace, setPace] = useState<Pace>('class')
  const [leaving, setLeaving] = useState(false)
  /** The network of before the first lesson. */
  const before = useRef<LabState | null>(null)

  function hold(lesson: LoadedLesson) {
    before.current ??= liveLab(page)
    setLeaving(false)
    setHeld(lesson)
  }
  function leave() {
    setLeaving(false)
    setHeld(null)
    before.current = null
  }

  /** The lesson could not make its network. */
  const isUntouched = () => before.current !== null && isStillThere(before.current, liveLab(page))

  if (!held)
    return (
      <LessonList
        library={library}
        pace={pace}
        setPace={setPace}
        hold={hold}
        close={() => page.side.setState({ kind: 'inspector' }, true)}
      />
    )
  const place = library.lessons.indexOf(held)
  return (
    <>
      {leaving && (
        <LeaveLesson
          restore={before.current ? linesToRestore(before.current, liveLab(page)) : []}
          stay={() => setLeaving(false)}
          leave={leave}
        />
      )}
      {/* Who comes back finds it as it was. */}
      <div className={styles.frame} data-shown={!leaving}>
        <LessonView
          key={held.file}
          loaded={held}
          number={place + 1}
          of={library.lessons.length}
          pace={pace}
          following={library.lessons[place + 1] ?? null}
          hold={hold}
          leave={() => (isUntouched() ? leave() : setLeaving(true))}
        />
      </div>
    </>
  )
}
