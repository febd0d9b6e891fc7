/** Divides the height of the page between stage, spread and the views of time. */

import type { Topology } from '../../shared/model/topology.ts'
import { MIN_RADIUS, SHORTEST_LINK, type StageLayout } from '../canvas/geometry.ts'
import { type Columns, columnsFor, isDense, isLarge } from '../model/columns.ts'
import { layoutStage, shortestLink } from '../stage/layout.ts'
import type { NowForm } from '../stage/NowLine.tsx'

export interface Page {
  readonly columns: Columns
  readonly topology: Topology
  readonly seed?: number | undefined
  /** Size of all views together, and of the window, in px. */
  readonly height: number
  readonly windowHeight: number
  readonly windowWidth: number
  /** 1, or more in projector mode. */
  readonly zoom: number
  /** Whether the views are below each other and the page scrolls, as on a phone. */
  readonly scrolls: boolean
  readonly isTouched: boolean
  readonly isHolding: boolean
  readonly isConsoleOpen: boolean
  readonly isFullScreen: boolean
  /** A framed run is being explained: space-time is its evidence. */
  readonly isFramed: boolean
  /** The person's choice of the stage's share of the height. */
  readonly split: number | null
}

export interface Shares extends Frame {
  readonly layout: StageLayout
  /** False if the stage needs the spread's room too, as in a hall. */
  readonly hasSpread: boolean
  /** The views of time are open, reduced to their tabs, or absent. */
  readonly time: 'open' | 'named' | 'away'
  /** Height of the stage, in px: that of its layout, or of its title beside it. */
  readonly stage: number
  /** Whether some link is shorter than it should be: there is too little room for so many nodes. */
  readonly hasShortLinks: boolean
}

/** The part of the answer that does not depend on the positions of nodes. Lengths in px. */
interface Frame {
  /**
   * Layout of the sentence and the figure in a hall: side by side, in two lines, or the first alone; null elsewhere.
   */
  readonly now: NowForm | null
  /** Whether the stage has the whole width, and no ports: in projector mode and on a phone. */
  readonly isBare: boolean
  readonly isTitleAbove: boolean
  readonly tabsAbove: boolean
  readonly leastStage: number
  readonly leastSpread: number
  readonly leastTime: number
  readonly named: number
  /** Height that stage, spread and time share. */
  readonly room: number
}

export const NARROW = 640
/** Heights of the parts above and below the stage, in px. */
const TITLE = 44
const TOUCHED_TITLE = 64
/** In a hall, with the present event in a row or two. */
const HALL_TITLE = { row: 42, sentence: 42, stacked: 72 }
/** Width of a sentence with a figure beside it, in px. */
const WIDE_SENTENCE = 1_000
const HOLD_BAR = 122
const PADDING = 18
const HALL_PADDING = 13
/** Extra height of the views in projector mode, where header and time bar are lower and there is no console below. */
const HALL_GAIN = 40
/** Height of the title beside the stage, which it always has. */
const STAGE_TITLE = 156
/** Minimum heights of the views of time: under tabs in a row, beside them, and only their tabs. In px. */
const TIME_BELOW_TABS = 200
const TIME = 200
const HALL_TIME = 224
const TIME_ABOVE_CONSOLE = 150
const TIME_NAMED = 38
/** Minimum heights of the spread, with a row or two. In px. */
const LEAST_SPREAD = 94
const LEAST_HALL_SPREAD = 116
/**
 * Share of a small screen that the stage keeps to when the page scrolls, and the share that it may take so that links
 * are visible.
 */
const SCREEN_SHARE = 0.5
const LARGEST_SCREEN_SHARE = 0.62
/** The views of time give way when that makes nodes larger by this factor. */
const WORTH_TIME = 1.6
/** The same in a hall, where the spread gives way too. */
const WORTH_ALL = { time: 1.2, spread: 1.06 }
/** In a hall nodes are larger than on a laptop by this factor, or the stage has all the room. */
const LARGER = 1.1
/** Radius of nodes for which that is worth it, in px. */
const SMALL = 14
/** Minimum height of space-time while it shows a run that is explained, in px. */
const LEAST_EVIDENCE = 150
/**
 * Parts beside the stage: margins, the rail of an empty panel, and the factor by which a panel is wider in a hall. In
 * px.
 */
const MARGINS = 46
const HALL_MARGINS = 57
const RAIL = 52
const PANEL_GROWS = 1.2
/** Minimum height below its tabs at which a view of time is worth showing, in px. */
const LEAST_TIME = 90

/** Scales everything on the stage where there is room, because a projector is seen from afar. */
const scaleFor = ({ columns, height, zoom }: Pick<Page, 'columns' | 'height' | 'zoom'>) =>
  zoom * Math.min(1.5, Math.max(1, Math.min(height / 660, columns.width / 900)))

export function sharesOf(page: Page): Shares {
  const frame = frameOf(page)
  const { windowHeight, split } = page
  const { room, leastStage, leastSpread, leastTime, named } = frame
  const lay = (bounds: Bounds) => layoutIn(page, frame, bounds)
  const shares = (layout: StageLayout, time: Shares['time'], hasSpread = true): Shares => ({
    ...frame,
    layout,
    time,
    hasSpread,
    stage: Math.max(layout.height, leastStage),
    hasShortLinks: isShort(layout, page),
  })
  if (page.isFullScreen && !page.isFramed)
    return shares(
      lay({ height: Math.max(240, frame.now ? room : page.height - (frame.isTitleAbove ? 76 : 20)) }),
      'away',
    )
  if (page.scrolls) {
    const most = Math.max(320, SCREEN_SHARE * windowHeight)
    return shares(lay({ most, limit: LARGEST_SCREEN_SHARE * windowHeight }), 'open')
  }
  if (page.isFramed) return withEvidence(page, frame, shares)
  if (isLarge(page.columns.x.length)) {
    const rest = split === null ? leastSpread + leastTime : (1 - split) * room
    return shares(lay({ height: Math.max(leastStage, room - rest) }), 'open')
  }
  // On a small screen, an open console itself reports events.
  const makesWay = page.isConsoleOpen && room < STAGE_TITLE * page.zoom + leastSpread + leastTime
  if (split !== null) {
    const height = Math.max(leastStage, Math.min(split * room, room - LEAST_SPREAD))
    const rest = room - height - leastSpread
    const time = makesWay ? 'away' : rest < named + LEAST_TIME ? 'named' : 'open'
    return { ...shares(lay({ height, most: height }), time), leastTime: Math.min(leastTime, rest) }
  }
  const upTo = (rest: number) => Math.max(leastStage, room - rest)
  if (makesWay) return shares(lay({ most: upTo(leastSpread), limit: room }), 'away')
  const compact = lay({ most: upTo(leastSpread + leastTime) })
  const roomy = lay({ most: upTo(leastSpread + named), limit: room })
  const fits = roomy.height <= upTo(leastSpread + named)
  if (page.zoom === 1) {
    if (isEnough(compact, roomy, page)) return shares(compact, 'open')
    if (fits) return shares(roomy, 'named')
  }
  if (page.zoom === 1) return shares(lay({ most: upTo(named), limit: room }), 'named', false)
  const usual = sharesOf(onLaptop(page)).layout
  const alone = lay({ most: room, limit: room })
  const isWorth = (layout: StageLayout, factor: number) =>
    alone.radius < factor * layout.radius && layout.radius >= LARGER * usual.radius
  if (!isShort(compact, page) && isWorth(compact, WORTH_ALL.time)) return shares(compact, 'open')
  if (fits && isWorth(roomy, WORTH_ALL.spread)) return shares(roomy, 'named')
  if (alone.radius >= LARGER * usual.radius) return shares(alone, 'away', false)
  const filled = lay({ height: room, most: room })
  return shares(!isShort(filled, page) && filled.radius > alone.radius ? filled : alone, 'away', false)
}

/** About the same page outside of projector mode: the panel beside the stage is narrower there. */
function onLaptop(page: Page): Page {
  const { columns, windowWidth, height } = page
  const panel = Math.max(RAIL, (windowWidth - columns.width - HALL_MARGINS) / PANEL_GROWS)
  const width = windowWidth - MARGINS - panel
  return { ...page, columns: columnsFor(width, columns.x.length), height: height - HALL_GAIN, zoom: 1 }
}

type MakeShares = (layout: StageLayout, time: Shares['time'], hasSpread?: boolean) => Shares

/** Keeps space-time open. First some of its height gives way, then the spread, and last the length of links. */
function withEvidence(page: Page, frame: Frame, shares: MakeShares): Shares {
  const { room, leastStage, leastSpread } = frame
  const leastTime = Math.max(Math.min(frame.leastTime, room - leastStage - leastSpread), LEAST_EVIDENCE)
  const beside = (others: number): StageLayout => {
    const most = Math.max(leastStage, room - others)
    if (page.split === null) return layoutIn(page, frame, { most })
    const height = Math.max(leastStage, Math.min(page.split * room, most))
    return layoutIn(page, frame, { height, most: height })
  }
  const layout = beside(leastSpread + leastTime)
  const fits = Math.max(layout.height, leastStage) <= room - leastSpread - leastTime
  if (fits && !isShort(layout, page)) return { ...shares(layout, 'open'), leastTime }
  return shares(beside(frame.leastTime), 'open', false)
}

function frameOf({ columns, height, zoom, scrolls, isTouched, isHolding, isConsoleOpen }: Page): Frame {
  const isNarrow = columns.width < NARROW
  const isBare = isNarrow || zoom > 1
  const isTitleAbove = isBare || isDense(columns.x.length)
  const now = zoom === 1 || scrolls ? null : nowIn(columns)
  // Beside the diagram there is no room for controls that a finger can hit.
  const tabsAbove = isNarrow || isTouched || zoom > 1
  const title = now ? HALL_TITLE[now] : isTitleAbove ? (isTouched ? TOUCHED_TITLE : TITLE * zoom) : 0
  const room = height - (now ? HALL_PADDING : PADDING * zoom) - title - (isHolding ? HOLD_BAR * zoom : 0)
  const time = isConsoleOpen ? TIME_ABOVE_CONSOLE * zoom : now ? HALL_TIME : TIME
  return {
    now,
    isBare,
    isTitleAbove,
    tabsAbove,
    leastStage: isTitleAbove ? 100 * zoom : STAGE_TITLE * zoom,
    leastSpread: Math.max(now ? LEAST_HALL_SPREAD : LEAST_SPREAD, Math.min((zoom > 1 ? 0.18 : 0.23) * room, 160)),
    leastTime: tabsAbove && scrolls ? TIME_BELOW_TABS + 60 * zoom : Math.max(time, Math.min(0.28 * room, 280)),
    named: now ? TIME_NAMED : TIME_NAMED * zoom,
    room,
  }
}

const nowIn = ({ width, x }: Columns) => (width >= WIDE_SENTENCE ? 'row' : isDense(x.length) ? 'sentence' : 'stacked')

type Bounds = Pick<Parameters<typeof layoutStage>[0], 'height' | 'most' | 'limit'>

function layoutIn(page: Page, { isBare }: Frame, bounds: Bounds): StageLayout {
  const { columns, topology, seed } = page
  return layoutStage({ columns, topology, seed, isBare, scale: scaleFor(page), ...bounds })
}

const isShort = (layout: StageLayout, { topology, seed = 1 }: Page) =>
  !isLarge(layout.places.length) && shortestLink(layout, topology, seed) < SHORTEST_LINK - 0.01

/** Returns whether the views of time can stay open: without them, the stage would not be much better. */
function isEnough(compact: StageLayout, roomy: StageLayout, page: Page): boolean {
  if (isShort(compact, page) && !isShort(roomy, page)) return false
  if (compact.radius >= SMALL) return true
  return compact.radius > MIN_RADIUS && roomy.radius < WORTH_TIME * compact.radius
}
