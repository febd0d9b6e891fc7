/** What stands at the side of the stage; what is not the inspector is loaded when it is asked for. */
import { useState } from 'react'
import { useStore } from 'zustand'
import { usePage } from '../page.ts'
import { Guard } from '../panels/Guard.tsx'
import { Inspector } from '../panels/Inspector.tsx'
import { Later } from '../panels/Later.tsx'
import styles from './SidePanel.module.css'

const lessonsPanel = () => import('./LessonsPanel.tsx')
const scenarioPanel = () => import('./ScenarioPanel.tsx')

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
            <Later name="the lessons" load={lessonsPanel}>
              {(Panel) => <Panel />}
            </Later>
          </Guard>
        </div>
      )}
      {side.kind === 'scenario' && (
        <Guard view="The scenario">
          <Later name="the scenario" load={scenarioPanel}>
            {(Panel) => <Panel key={`${side.file.name} ${side.file.text}`} file={side.file} />}
          </Later>
        </Guard>
      )}
    </>
  )
}
