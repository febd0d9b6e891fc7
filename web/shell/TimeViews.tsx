/**
 * Three views of the same time, as tabs: space-time, infection curves, events. One at a time, so that a page stays
 * calm.
 */
import { Tabs } from 'radix-ui'
import { type CSSProperties, type ReactNode, useState } from 'react'
import type { Columns } from '../model/columns.ts'
import { EventTable } from '../timeline/EventTable.tsx'
import { InfectionCurve } from '../timeline/InfectionCurve.tsx'
import { SpaceTime } from '../timeline/SpaceTime.tsx'
import { Guard } from '../ui/Guard.tsx'
import { Later } from '../ui/Later.tsx'
import { Sampling } from '../ui/Sampling.tsx'
import { Button } from '../ui/ui.tsx'
import styles from './Views.module.css'
import { Zoom } from './Zoom.tsx'

interface Props {
  readonly columns: Columns
  readonly narrow: boolean
  /** In a row, not beside the view. */
  readonly tabsAbove: boolean
  /** In px. */
  readonly leastHeight: number
  readonly tab: TimeTab
  readonly setTab: (tab: TimeTab) => void
  /** Present while there is room for the tabs only: takes room from the stage. */
  readonly makeRoom: ((view: 'time' | 'spread') => void) | undefined
  /** The spread has no room either, and has its tab here. */
  readonly isSpreadHidden: boolean
}

const spaceTimeTable = () => import('../timeline/SpaceTimeTable.tsx')

const TABS = { 'space-time': 'Space-time', curve: 'Curves', events: 'Events' }
export type TimeTab = keyof typeof TABS
const isTab = (value: string): value is TimeTab => Object.hasOwn(TABS, value)

export function TimeViews({ columns, narrow, tabsAbove, leastHeight, tab, setTab, makeRoom, isSpreadHidden }: Props) {
  const [asTable, setAsTable] = useState(false)
  // Below the zoom buttons there is no room for it.
  const inCorner = tab === 'space-time' && !tabsAbove && !makeRoom
  const choose = (value: string) => {
    if (!isTab(value)) return
    setTab(value)
    makeRoom?.('time')
  }
  const beside = { marginLeft: narrow ? 0 : columns.gutter }
  return (
    <Tabs.Root
      value={tab}
      onValueChange={choose}
      orientation={tabsAbove || makeRoom ? 'horizontal' : 'vertical'}
      asChild
    >
      <section
        className={`${styles.view} ${styles.spaceTime}`}
        aria-label="Views of time"
        data-narrow={tabsAbove || makeRoom !== undefined}
        data-named={makeRoom !== undefined}
        style={{ minHeight: makeRoom ? 0 : leastHeight }}
      >
        <div className={styles.title}>
          <Tabs.List className={styles.tabs} aria-label="Views of time">
            {Object.entries(TABS).map(([value, name]) => (
              <Tabs.Trigger
                key={value}
                value={value}
                onMouseDown={(event) => {
                  if (event.button !== 0) return
                  // A click would focus it by script, and browsers then draw a focus ring.
                  event.preventDefault()
                  // Yet a click elsewhere ends typing.
                  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
                  choose(value)
                }}
              >
                {name}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          {makeRoom && isSpreadHidden && (
            <Button kind="quiet" onClick={() => makeRoom('spread')}>
              Spread
            </Button>
          )}
          {tab === 'space-time' && !makeRoom && <Zoom asTable={asTable} setAsTable={setAsTable} />}
          {!inCorner && <Sampling />}
        </div>
        {inCorner && (
          <div className={styles.corner}>
            <Sampling />
          </div>
        )}
        {/* Tabs name their panels, also while these have no room. */}
        <Panel value="space-time" view="The space-time diagram">
          {!makeRoom && !asTable && <SpaceTime columns={columns} />}
          {!makeRoom && asTable && (
            <div className={styles.tab} style={beside}>
              <Later name="the table" load={spaceTimeTable}>
                {(Table) => <Table />}
              </Later>
            </div>
          )}
        </Panel>
        <Panel value="curve" view="The infection curves" className={styles.tab} style={beside}>
          {!makeRoom && <InfectionCurve />}
        </Panel>
        <Panel value="events" view="The table of events" className={styles.tab} style={beside}>
          {!makeRoom && <EventTable />}
        </Panel>
      </section>
    </Tabs.Root>
  )
}

interface PanelProps {
  readonly value: string
  readonly view: string
  readonly className?: string | undefined
  readonly style?: CSSProperties
  readonly children: ReactNode
}

/** An invisible view is not mounted, and not drawn. */
function Panel({ view, children, ...rest }: PanelProps) {
  return (
    <Tabs.Content {...rest} tabIndex={-1}>
      <Guard view={view}>{children}</Guard>
    </Tabs.Content>
  )
}
