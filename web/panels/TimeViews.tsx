/** Three looks at the same time, as tabs: space-time, infection curves, events. One at a time, so that a page stays calm. */
import { Tabs } from 'radix-ui'
import { lazy, Suspense, useState } from 'react'
import type { Columns } from '../stage/layout.ts'
import { SpaceTime } from '../timeline/SpaceTime.tsx'
import { Guard } from './Guard.tsx'
import { Sampling } from './Sampling.tsx'
import styles from './Views.module.css'
import { Zoom } from './Zoom.tsx'

/** Behind tabs, so they come when somebody looks. */
const EventTable = lazy(() => import('./EventTable.tsx'))
const InfectionCurve = lazy(() => import('./InfectionCurve.tsx'))

interface Props {
  readonly columns: Columns
  readonly narrow: boolean
  /** In px. */
  readonly leastHeight: number
}

export function TimeViews({ columns, narrow, leastHeight }: Props) {
  const [tab, setTab] = useState('space-time')
  return (
    <Tabs.Root value={tab} onValueChange={setTab} orientation={narrow ? 'horizontal' : 'vertical'} asChild>
      <section
        className={`${styles.view} ${styles.spaceTime}`}
        aria-label="In time"
        data-narrow={narrow}
        style={{ minHeight: leastHeight }}
      >
        <div className={styles.title}>
          <Tabs.List className={styles.tabs} aria-label="Views of time">
            <Tabs.Trigger value="space-time">Space-time</Tabs.Trigger>
            <Tabs.Trigger value="curve">Curves</Tabs.Trigger>
            <Tabs.Trigger value="events">Events</Tabs.Trigger>
          </Tabs.List>
          {tab === 'space-time' && <Zoom />}
          <Sampling />
        </div>
        <Tabs.Content value="space-time" tabIndex={-1}>
          <Guard view="The space-time diagram">
            <SpaceTime columns={columns} />
          </Guard>
        </Tabs.Content>
        <Tabs.Content
          value="curve"
          className={styles.tab}
          style={{ marginLeft: narrow ? 0 : columns.gutter }}
          tabIndex={-1}
        >
          <Guard view="The infection curves">
            <Suspense fallback={null}>
              <InfectionCurve />
            </Suspense>
          </Guard>
        </Tabs.Content>
        <Tabs.Content
          value="events"
          className={styles.tab}
          style={{ marginLeft: narrow ? 0 : columns.gutter }}
          tabIndex={-1}
        >
          <Guard view="The table of events">
            <Suspense fallback={null}>
              <EventTable />
            </Suspense>
          </Guard>
        </Tabs.Content>
      </section>
    </Tabs.Root>
  )
}
