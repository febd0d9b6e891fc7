/** Stage, spread and space-time, one above the other in the same columns. */
import { Maximize2, Minimize2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Acts } from '../classroom/Acts.tsx'
import { usePageState, useZoom } from '../page.ts'
import { columnsFor, isDense } from '../stage/columns.ts'
import { layoutStage } from '../stage/layout.ts'
import { Stage } from '../stage/Stage.tsx'
import type { Bond } from '../store/store.ts'
import type { FullScreen } from '../use-full-screen.ts'
import { ONE_COLUMN, useMedia } from '../use-media.ts'
import { Guard } from './Guard.tsx'
import { HealButton } from './HealButton.tsx'
import { HoldBar } from './HoldBar.tsx'
import { HoldButton } from './HoldButton.tsx'
import { isHolding } from './held.ts'
import { Sampling } from './Sampling.tsx'
import { Spread } from './Spread.tsx'
import { type TimeTab, TimeViews } from './TimeViews.tsx'
import { Misunderstood } from './Trouble.tsx'
import { IconButton } from './ui.tsx'
import styles from './Views.module.css'

interface Props {
  readonly width: number
  readonly height: number
  readonly n: number
  readonly fullScreen: FullScreen
}

const NARROW = 640

export function Views({ width, height, n, fullScreen }: Props) {
  const topology = usePageState(({ lab }) => lab.settings?.topology ?? 'line')
  const loaded = usePageState((state) => state.loaded)
  const zoom = useZoom()
  const scrolls = useMedia(ONE_COLUMN)
  const columns = useMemo(() => columnsFor(width, n, zoom), [width, n, zoom])
  const narrow = width < NARROW
  const touched = useMedia('(pointer: coarse)')
  // Beside the diagram there is no room for what a finger can hit.
  const tabsAbove = narrow || touched
  const scale = zoom * scaleFor(width, height)
  const dense = isDense(n)
  const rows = usePageState(({ lab }) => Math.min(lab.messages.length, ROWS_AT_LEAST))
  const holding = usePageState(({ lab }) => isHolding(lab))
  const drawer = usePageState((state) => state.drawer)
  const [tab, setTab] = useState<TimeTab>('space-time')
  const room =
    height - PADDING * zoom - (dense ? (touched ? TOUCHED_TITLE : TITLE * zoom) : 0) - (holding ? HOLD_BAR * zoom : 0)
  const least = {
    spread: Math.max(94 * zoom, Math.min(0.23 * room, 160)),
    time: tabsAbove && scrolls ? TIME_BELOW_TABS + 60 * zoom : Math.max(TIME_TITLE * zoom, Math.min(0.28 * room, 280)),
  }
  // Who opens the console on a small screen reads there what happens.
  const makesWay = drawer && !scrolls && room < STAGE_TITLE * zoom + least.spread + least.time
  // A page that scrolls shows the stage at once; one that does not shares what there is.
  const rest = Math.max(dense ? 0 : STAGE_TITLE * zoom, room - least.spread - (makesWay ? 0 : least.time))
  const most = scrolls ? Math.max(320, SCREEN_SHARE * innerHeight) : rest
  const aligned = useMemo(() => {
    if (topology === 'random') return false
    const { places } = layoutStage({ columns, topology })
    return places.every(({ x }, id) => x === columns.x[id])
  }, [columns, topology])
  if (!loaded) return <Waiting />
  if (n === 0)
    return (
      <p className={styles.waiting} role="status">
        The lab is there, and starts its first nodes …
      </p>
    )

  return (
    <>
      <section className={styles.view} aria-label="Stage" data-narrow={narrow || dense}>
        <div className={styles.title}>
          <h2>Stage</h2>
          <p className={styles.claim}>real processes, real UDP</p>
          <Sampling />
          <IconButton
            label={fullScreen.on ? 'Leave full screen' : 'Stage on the full screen'}
            onClick={fullScreen.toggle}
          >
            {fullScreen.on ? <Minimize2 size={16} aria-hidden /> : <Maximize2 size={16} aria-hidden />}
          </IconButton>
          <Acts>
            <HealButton />
            <HoldButton />
          </Acts>
        </div>
        <Guard view="The stage">
          <div className={styles.stage} data-narrow={narrow || dense}>
            <Stage
              columns={columns}
              scale={scale}
              most={most}
              height={fullScreen.on ? Math.max(240, height - (narrow || dense ? 76 : 20)) : undefined}
            />
          </div>
        </Guard>
        <Guard view="Hold and step">
          <HoldBar />
        </Guard>
      </section>
      {!fullScreen.on && (
        <>
          <section
            className={`${styles.view} ${styles.spread}`}
            style={{ minHeight: Math.min(least.spread, zoom * (64 + 25 * Math.max(1, rows))) }}
            aria-label="Spread"
          >
            <div className={styles.heading}>
              <h2>Spread</h2>
              <Sampling />
            </div>
            <Guard view="The spread">
              <Spread
                columns={columns}
                heads={!aligned}
                rowHeight={Math.round((touched ? 32 : 24) * Math.min(scale, 1.25 * zoom))}
              />
            </Guard>
          </section>
          {!makesWay && (
            <TimeViews
              columns={columns}
              narrow={narrow}
              tabsAbove={tabsAbove}
              leastHeight={least.time}
              tab={tab}
              setTab={setTab}
            />
          )}
        </>
      )}
    </>
  )
}

/** What stands above and below the stage, in px. */
const TITLE = 44
const TOUCHED_TITLE = 64
const HOLD_BAR = 104
const PADDING = 18
/** What stands beside the stage is so high, however little room there is. */
const STAGE_TITLE = 156
/** Three tabs and what zooms, one below the other. */
const TIME_TITLE = 150
/** Under tabs in a row. */
const TIME_BELOW_TABS = 200
/** Of a small screen that the stage takes at most, where the page scrolls. */
const SCREEN_SHARE = 0.5
/** Rows of the spread that the stage leaves room for, when there are so many. */
const ROWS_AT_LEAST = 4

/** Everything on the stage is larger where there is room: a projector is seen from afar. */
const scaleFor = (width: number, height: number) => Math.min(1.5, Math.max(1, Math.min(height / 660, width / 900)))

/** Before anything was seen of the lab. */
const WAITING: Readonly<Record<Exclude<Bond['phase'], 'refused'>, string>> = {
  connecting: 'Connecting to the lab …',
  lost: 'Here the lab will be, as soon as it answers.',
  live: 'The lab is there …',
  recording: 'Opening the recording …',
}

function Waiting() {
  const connection = usePageState((state) => state.connection)
  if (connection.phase === 'refused') return <Misunderstood error={connection.error} />
  return (
    <p className={styles.waiting} role="status">
      {WAITING[connection.phase]}
    </p>
  )
}
