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
  const { lesson: openLesson, undo } = page
  const library = useMemo(() => readLibrary(), [])
  const file = useStore(openLesson, ({ open }) => open?.file)
  const before = useStore(openLesson, ({ open }) => open?.before ?? null)
  const [pace, setPace] = useState<Pace>(openLesson.getState().open?.pace ?? 'class')
  const [leaving, setLeaving] = useState(false)
  const lab = usePageState(({ connection }) => (connection.phase === 'live' ? connection.lab : null))
  const lesson = library.lessons.find((one) => one.file === file)

  function open(next: LoadedLesson) {
    setLeaving(false)
    openLesson.setState({ open: { file: next.file, pace, before: before ?? arrangementOf(liveLab(page)), memo: null } })
  }
  const isUntouched = () => before !== null && isStillThere(before, liveLab(page))
  function leave(isRestored: boolean) {
    openLesson.setState({ open: null })
    if (before && !isRestored && !isUntouched()) void undo.offerNetwork(before)
  }

  if (!lesson)
    return (
      <LessonList
        library={library}
        pace={pace}
        setPace={setPace}
        open={open}
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
          open={open}
          leave={() => (isUntouched() ? leave(false) : setLeaving(true))}
        />
      </div>
    </>
  )
}
