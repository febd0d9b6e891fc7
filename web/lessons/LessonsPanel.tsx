/** Lessons beside the stage: their list, or the running one. */

import { useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { Pace } from '../model/lessons/pace.ts'
import { arrangementOf, isStillThere } from '../store/undo/arrangement.ts'
import { usePage, usePageState } from '../ui/page.ts'
import { LeaveLesson } from './LeaveLesson.tsx'
import { LessonList } from './LessonList.tsx'
import styles from './Lessons.module.css'
import { LessonView } from './LessonView.tsx'
import { type LoadedLesson, readLibrary } from './library.ts'
import { liveLab } from './live.ts'

export default function LessonsPanel() {
  const page = usePage()
  const { lesson: heldStore, undo } = page
  const library = useMemo(() => readLibrary(), [])
  const file = useStore(heldStore, ({ held }) => held?.file)
  const before = useStore(heldStore, ({ held }) => held?.before ?? null)
  const [pace, setPace] = useState<Pace>(heldStore.getState().held?.pace ?? 'class')
  const [leaving, setLeaving] = useState(false)
  const lab = usePageState(({ connection }) => (connection.phase === 'live' ? connection.lab : null))
  const lesson = library.lessons.find((one) => one.file === file)

  function hold(next: LoadedLesson) {
    setLeaving(false)
    heldStore.setState({ held: { file: next.file, pace, before: before ?? arrangementOf(liveLab(page)), memo: null } })
  }
  const isUntouched = () => before !== null && isStillThere(before, liveLab(page))
  function leave(isRestored: boolean) {
    heldStore.setState({ held: null })
    if (before && !isRestored && !isUntouched()) void undo.offerNetwork(before)
  }

  if (!lesson)
    return (
      <LessonList
        library={library}
        pace={pace}
        setPace={setPace}
        hold={hold}
        close={() => page.side.setState({ kind: 'inspector' }, true)}
      />
    )
  const place = library.lessons.indexOf(lesson)
  return (
    <>
      {leaving && <LeaveLesson before={before} stay={() => setLeaving(false)} leave={leave} />}
      {/* Kept for people who come back. */}
      <div className={styles.frame} data-shown={!leaving}>
        <LessonView
          key={file}
          loaded={lesson}
          number={place + 1}
          pace={pace}
          lab={lab}
          following={library.lessons[place + 1] ?? null}
          hold={hold}
          leave={() => (isUntouched() ? leave(false) : setLeaving(true))}
        />
      </div>
    </>
  )
}
