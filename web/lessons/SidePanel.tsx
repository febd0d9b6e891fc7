/** What stands at the side of the stage; what is not the inspector is loaded when it is asked for. */
import { lazy, Suspense, useState } from 'react'
import { useStore } from 'zustand'
import { usePage } from '../page.ts'
import { Guard } from '../panels/Guard.tsx'
import { Inspector } from '../panels/Inspector.tsx'
import styles from './SidePanel.module.css'

const LessonsPanel = lazy(() => import('./LessonsPanel.tsx'))
const ScenarioPanel = lazy(() => import('./ScenarioPanel.tsx'))

export function SidePanel() {
  const side = useStore(usePage().side)
  const [lessons, setLessons] = useState(false)
  if (side.kind === 'lessons' && !lessons) setLessons(true)
  return (
    <>
      {side.kind === 'inspector' && (
        <Guard view="The inspector">
          <Inspector />
        </Guard>
      )}
      {/* A lesson goes on while somebody looks something up. */}
      {lessons && (
        <div className={styles.frame} data-shown={side.kind === 'lessons'}>
          <Guard view="The lesson">
            <Suspense fallback={<p role="status">Loading the lessons …</p>}>
              <LessonsPanel />
            </Suspense>
          </Guard>
        </div>
      )}
      {side.kind === 'scenario' && (
        <Guard view="The scenario">
          <Suspense fallback={<p role="status">Loading …</p>}>
            <ScenarioPanel key={`${side.file.name} ${side.file.text}`} file={side.file} />
          </Suspense>
        </Guard>
      )}
    </>
  )
}
