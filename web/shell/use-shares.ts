import { useMemo } from 'react'
import type { Columns } from '../model/columns.ts'
import { isHolding as isHoldingNow } from '../model/held.ts'
import { usePageState, useZoom } from '../ui/page.ts'
import { ONE_COLUMN, TOUCHED, useMedia } from '../ui/use-media.ts'
import { type Shares, sharesOf } from './shares.ts'

interface Room {
  readonly columns: Columns
  /** Size of all views together, in px. */
  readonly height: number
  readonly isFullScreen: boolean
  /** Reserves no room for the hold bar. */
  readonly isBarAway: boolean
  readonly split: number | null
}

/** Divides the room among the views: again when one of its inputs changes, not with each datagram. */
export function useShares({ columns, height, isFullScreen, isBarAway, split }: Room): Shares {
  const topology = usePageState(({ lab }) => lab.settings?.topology ?? 'line')
  const seed = usePageState(({ lab }) => lab.settings?.seed)
  const zoom = useZoom()
  const scrolls = useMedia(ONE_COLUMN)
  const isTouched = useMedia(TOUCHED)
  const isHolding = usePageState(({ lab }) => isHoldingNow(lab)) && !isBarAway
  const isConsoleOpen = usePageState((state) => state.drawer)
  const isFramed = usePageState(({ framed }) => framed !== null)
  return useMemo(() => {
    const network = { columns, topology, seed }
    const screen = { height, windowHeight: innerHeight, windowWidth: innerWidth, zoom, scrolls, isTouched }
    return sharesOf({ ...network, ...screen, isHolding, isConsoleOpen, isFullScreen, isFramed, split })
  }, [
    columns,
    topology,
    seed,
    height,
    zoom,
    scrolls,
    isTouched,
    isHolding,
    isConsoleOpen,
    isFullScreen,
    isFramed,
    split,
  ])
}
