/** Stage, spread and space-time, one above the other in the same columns. */
import { Maximize2, Minimize2, PanelBottomClose, PanelBottomOpen } from 'lucide-react'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { type Columns, columnsFor, isLarge } from '../model/columns.ts'
import { DIFFERS, SIMULATED } from '../model/network-words.ts'
import { Inferred } from '../spread/Inferred.tsx'
import { LargeSpread } from '../spread/LargeSpread.tsx'
import { Spread } from '../spread/Spread.tsx'
import { endOfBubble, FirstMessage, useFirstNode } from '../stage/FirstMessage.tsx'
import { HealButton } from '../stage/HealButton.tsx'
import { HoldBar } from '../stage/HoldBar.tsx'
import { HoldButton } from '../stage/HoldButton.tsx'
import { LargeStage } from '../stage/LargeStage.tsx'
import { Legend } from '../stage/Legend.tsx'
import { NowLine } from '../stage/NowLine.tsx'
import { Stage } from '../stage/Stage.tsx'
import { Waiting } from '../stage/Waiting.tsx'
import { Acts } from '../ui/Acts.tsx'
import { Guard } from '../ui/Guard.tsx'
import { useIsSimulated, usePageState, useZoom } from '../ui/page.ts'
import { Sampling } from '../ui/Sampling.tsx'
import { IconButton } from '../ui/ui.tsx'
import type { FullScreen } from '../ui/use-full-screen.ts'
import { ONE_COLUMN, TOUCHED, useMedia } from '../ui/use-media.ts'
import { Splitter } from './Splitter.tsx'
import { NARROW, type Shares } from './shares.ts'
import { type TimeTab, TimeViews } from './TimeViews.tsx'
import { useShares } from './use-shares.ts'
import { type Split, useSplit } from './use-split.ts'
import styles from './Views.module.css'

interface Props {
  readonly width: number
  readonly height: number
  readonly n: number
  readonly fullScreen: FullScreen
  /** A control beside the title of the stage, or none. */
  readonly findings: ReactNode
}

export function Views({ width, height, n, fullScreen, findings }: Props) {
  const topology = usePageState(({ lab }) => lab.settings?.topology)
  const split = useSplit(`${n} ${topology}`)
  const loaded = usePageState((state) => state.loaded)
  const zoom = useZoom()
  const scrolls = useMedia(ONE_COLUMN)
  const columns = useMemo(() => columnsFor(width, n, zoom), [width, n, zoom])
  const isTouched = useMedia(TOUCHED)
  const rows = usePageState(({ lab }) => Math.min(lab.messages.length, ROWS_AT_LEAST))
  const [tab, setTab] = useState<TimeTab>('space-time')
  const firstNode = useFirstNode()
  const framed = usePageState((state) => state.framed)
  const isFramed = framed !== null
  // A hall that reads the last event does not read the possible next ones.
  const isBarAway = isFramed && zoom > 1
  useEffect(() => {
    if (framed) setTab('space-time')
  }, [framed])
  const shares = useShares({ columns, height, isFullScreen: fullScreen.on, isBarAway, split: split.share })
  const { layout, isTitleAbove, leastSpread, stage, room } = shares
  if (!loaded || n === 0) return <Waiting />
  const makeRoom = (view: 'time' | 'spread') =>
    split.makeRoom((room - leastSpread - (view === 'time' ? shares.leastTime : shares.named)) / room)
  const isAligned = layout.places.every(({ x }, id) => x === columns.x[id])
  const first = firstNode === null || scrolls ? null : placeOfFirst(firstNode, columns, shares, isAligned)
  const isLegendBeside = first !== null && first.side !== 'above'
  const legendRoom = isLegendBeside ? columns.width - endOfBubble(first.x, zoom) : null
  const rowHeight = (isTouched ? 32 : 24) * Math.min(layout.scale, 1.25 * zoom)
  return (
    <>
      <section
        className={styles.view}
        aria-label="Stage"
        data-view="stage"
        data-narrow={isTitleAbove}
        data-hall={shares.now !== null}
      >
        <StageTitle {...{ shares, fullScreen, split, findings }} openViews={() => makeRoom('time')} />
        <Guard view="The stage">
          <div className={styles.stage} data-narrow={isTitleAbove}>
            {isLarge(n) ? (
              <LargeStage columns={columns} layout={layout} />
            ) : (
              <Stage columns={columns} layout={layout} />
            )}
            {firstNode !== null && !fullScreen.on && <FirstMessage id={firstNode} at={first} />}
          </div>
        </Guard>
        {!isBarAway && (
          <Guard view="Hold and step">
            <HoldBar />
          </Guard>
        )}
      </section>
      {(!fullScreen.on || isFramed) && (
        <>
          {!scrolls && <Splitter stage={stage} room={room} split={split} />}
          {shares.hasSpread && (
            <section
              className={`${styles.view} ${styles.spread}`}
              style={{ minHeight: Math.min(leastSpread, zoom * (64 + 25 * Math.max(1, rows))) }}
              aria-label="Spread"
            >
              <div className={styles.heading}>
                <h2>Spread</h2>
                <Inferred />
                <Sampling />
                <Legend room={legendRoom} />
              </div>
              <Guard view="The spread">
                {isLarge(n) ? (
                  <LargeSpread columns={columns} />
                ) : (
                  <Spread
                    isLed={firstNode !== null}
                    columns={columns}
                    heads={!isAligned}
                    rowHeight={Math.round(rowHeight)}
                  />
                )}
              </Guard>
            </section>
          )}
          {shares.time !== 'away' && (
            <TimeViews
              columns={columns}
              narrow={columns.width < NARROW}
              tabsAbove={shares.tabsAbove}
              leastHeight={shares.leastTime}
              tab={tab}
              setTab={setTab}
              makeRoom={shares.time === 'named' ? makeRoom : undefined}
              isSpreadHidden={!shares.hasSpread}
            />
          )}
        </>
      )}
    </>
  )
}

/** Returns the position of the prompt for the first message, in px. */
function placeOfFirst(node: number, { x, gutter }: Columns, { hasSpread }: Shares, isAligned: boolean) {
  const side = !hasSpread ? 'above' : isAligned ? 'below node' : 'below'
  return { x: x[side === 'below node' ? node : 0] ?? gutter, side } as const
}

interface TitleProps extends Pick<Props, 'fullScreen' | 'findings'> {
  readonly shares: Shares
  readonly split: Split
  readonly openViews: () => void
}

/** Above the stage or beside it: its name, the present event in a hall, and the controls of the whole stage. */
function StageTitle({ shares, fullScreen, split, findings, openViews }: TitleProps) {
  const hasProgram = usePageState(({ lab }) => lab.nodes.some(({ program }) => program))
  const isBlind = usePageState(({ lab }) => lab.nodes.some(({ gate }) => typeof gate === 'string'))
  const isSimulated = useIsSimulated()
  const real = isBlind ? 'real processes, datagrams not seen' : `real processes${hasProgram ? '' : ', real UDP'}`
  const what = isSimulated ? 'simulated, virtual clock' : real
  return (
    <div className={styles.title}>
      <h2>Stage</h2>
      <p
        className={styles.claim}
        data-short={shares.hasShortLinks}
        title={isSimulated ? `${SIMULATED}. ${DIFFERS}` : undefined}
      >
        {shares.hasShortLinks ? 'Links are drawn short: this many nodes need more room' : what}
      </p>
      {shares.now && <NowLine form={shares.now} />}
      <Sampling />
      {shares.now && !fullScreen.on && (
        <ViewsBelow isAlone={shares.time === 'away' && !shares.hasSpread} split={split} open={openViews} />
      )}
      <IconButton label={fullScreen.on ? 'Leave full screen' : 'Full-screen stage'} onClick={fullScreen.toggle}>
        {fullScreen.on ? <Minimize2 size={16} aria-hidden /> : <Maximize2 size={16} aria-hidden />}
      </IconButton>
      <Acts>
        <HealButton />
        <HoldButton />
      </Acts>
      {findings}
    </div>
  )
}

interface BelowProps {
  readonly isAlone: boolean
  readonly split: Split
  readonly open: () => void
}

/** In a hall the stage may have all the room; the views below it open on demand. */
function ViewsBelow({ isAlone, split, open }: BelowProps) {
  if (!isAlone && split.share === null) return null
  return (
    <IconButton
      label={isAlone ? 'Show the views below the stage' : 'Give the stage more room'}
      onClick={isAlone ? open : () => split.move(null)}
    >
      {isAlone ? <PanelBottomOpen size={18} aria-hidden /> : <PanelBottomClose size={18} aria-hidden />}
    </IconButton>
  )
}

/** Number of rows of the spread that the stage leaves room for, if there are so many. */
const ROWS_AT_LEAST = 4
