/** The panel beside the stage. Lessons and scenarios load when somebody opens them. */
import { ArrowLeft } from 'lucide-react'
import { useState } from 'react'
import { useStore } from 'zustand'
import { Inspector } from '../inspector/Inspector.tsx'
import type { Side } from '../store/side.ts'
import { Guard } from '../ui/Guard.tsx'
import { Later } from '../ui/Later.tsx'
import { usePage, usePageState } from '../ui/page.ts'
import { Button } from '../ui/ui.tsx'
import styles from './SidePanel.module.css'

const lessonsPanel = () => import('../lessons/LessonsPanel.tsx')
const scenarioPanel = () => import('../lessons/ScenarioPanel.tsx')

export function SidePanel() {
  const side = useStore(usePage().side)
  const isSelected = usePageState(({ selection }) => selection !== null)
  const [lessons, setLessons] = useState(false)
  if (side.kind === 'lessons' && !lessons) setLessons(true)
  return (
    <>
      {(side.kind === 'inspector' || isSelected) && (
        <Guard view="The inspector">
          {side.kind !== 'inspector' && <Back to={side.kind} />}
          <Inspector />
        </Guard>
      )}
      {/* A lesson and a scenario go on while somebody looks something up. */}
      {lessons && (
        <div className={styles.frame} data-shown={side.kind === 'lessons' && !isSelected}>
          <Guard view="The lesson">
            <Later name="the lessons" load={lessonsPanel}>
              {(Panel) => <Panel />}
            </Later>
          </Guard>
        </div>
      )}
      {side.kind === 'scenario' && (
        <div className={styles.frame} data-shown={!isSelected}>
          <Guard view="The scenario">
            <Later name="the scenario" load={scenarioPanel}>
              {(Panel) => <Panel key={`${side.file.name} ${side.file.text}`} file={side.file} />}
            </Later>
          </Guard>
        </div>
      )}
    </>
  )
}

const BACK = { lessons: 'Back to lessons', scenario: 'Back to the scenario' }

/** Back from a selection on the stage, as Escape and the keys of a remote do. */
function Back({ to }: { readonly to: Exclude<Side['kind'], 'inspector'> }) {
  const { store } = usePage()
  return (
    <Button className={styles.back ?? ''} aria-keyshortcuts="Escape PageDown" onClick={() => store.select(null)}>
      <ArrowLeft size={16} aria-hidden /> {BACK[to]} <kbd aria-hidden>Esc</kbd>
    </Button>
  )
}
