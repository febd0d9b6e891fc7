/** Three looks at the same time, as tabs: space-time, infection curves, events. One at a time, so that a page stays calm. */
import { Tabs } from 'radix-ui'
import { useState } from 'react'
import type { Columns } from '../stage/layout.ts'
import { SpaceTime } from '../timeline/SpaceTime.tsx'
import { EventTable } from './EventTable.tsx'
import { Guard } from './Guard.tsx'
import { InfectionCurve } from './InfectionCurve.tsx'
import { Sampling } from './Sampling.tsx'
import styles from './Views.module.css'

const WINDOWS_MS = [1_000, 2_000, 3_000, 5_000, 10_000, 30_000, 60_000]

interface Props {
  readonly columns: Columns
  readonly narrow: boolean
  /** In px. */
  readonly leastHeight: number
}

export function TimeViews({ columns, narrow, leastHeight }: Props) {
  const [windowMs, setWindowMs] = useState(3_000)
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
          {tab === 'space-time' && (
            <label>
              <span>last </span>
              <select
                value={windowMs}
                onChange={(event) => setWindowMs(Number(event.target.value))}
                aria-label="Time shown"
              >
                {WINDOWS_MS.map((ms) => (
                  <option key={ms} value={ms}>
                    {ms / 1_000} s
                  </option>
                ))}
              </select>
            </label>
          )}
          <Sampling />
        </div>
        <Tabs.Content value="space-time" tabIndex={-1}>
          <Guard view="The space-time diagram">
            <SpaceTime columns={columns} windowMs={windowMs} />
          </Guard>
        </Tabs.Content>
        <Tabs.Content
          value="curve"
          className={styles.tab}
          style={{ marginLeft: narrow ? 0 : columns.gutter }}
          tabIndex={-1}
        >
          <Guard view="The infection curves">
            <InfectionCurve />
          </Guard>
        </Tabs.Content>
        <Tabs.Content
          value="events"
          className={styles.tab}
          style={{ marginLeft: narrow ? 0 : columns.gutter }}
          tabIndex={-1}
        >
          <Guard view="The table of events">
            <EventTable />
          </Guard>
        </Tabs.Content>
      </section>
    </Tabs.Root>
  )
}
