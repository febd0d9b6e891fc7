/** How stage, spread and the views of time share the height of the page. */
import type { Topology } from '../../shared/topology.ts'
import { type Columns, isDense } from '../stage/columns.ts'
import { layoutStage, shortestLink } from '../stage/layout.ts'
import { MIN_RADIUS, SHORTEST_LINK, type StageLayout } from '../stage/stand.ts'

export interface Page {
  readonly columns: Columns
  readonly topology: Topology
  readonly seed?: number | undefined
  /** Of all views together, and of the window, in px. */
  readonly height: number
  readonly windowHeight: number
  /** 1, and more in projector mode. */
  readonly zoom: number
  /** One view stands below the other and the page scrolls, as on a phone. */
  readonly scrolls: boolean
  readonly isTouched: boolean
  readonly isHolding: boolean
  readonly isConsoleOpen: boolean
  readonly isFullScreen: boolean
  /** Share of the height that the person gave to the stage. */
  readonly split: number | null
}

export interface Shares extends Frame {
  readonly layout: StageLayout
  /** False where the stage needs its room too, as in a hall. */
  readonly hasSpread: boolean
  /** The views of time are open, only named by their tabs, or not there. */
  readonly time: 'open' | 'named' | 'away'
  /** Height of the stage, in px: that of its layout, or of its title beside it. */
  readonly stage: number
  /** Some link is shorter than it should be: there is too little room for so many nodes. */
  readonly hasShortLinks: boolean
}

/** The part of the answer that does not depend on where the nodes stand. Lengths in px. */
interface Frame {
  /** The stage has the whole width, and no ports: in projector mode and on a phone. */
  readonly isBare: boolean
  readonly isTitleAbove: boolean
  readonly tabsAbove: boolean
  readonly leastStage: number
  readonly leastSpread: number
  readonly leastTime: number
  readonly named: number
  /** What stage, spread and time have together. */
  readonly room: number
}

export const NARROW = 640
/** What stands above and below the stage, in px. */
const TITLE = 44
const TOUCHED_TITLE = 64
const HOLD_BAR = 122
const PADDING = 18
/** What stands beside the stage is so high, however little room there is. */
const STAGE_TITLE = 156
/** Least height of the views of time: under tabs in a row, beside them, and only their tabs. In px. */
const TIME_BELOW_TABS = 200
const TIME = 200
const TIME_ABOVE_CONSOLE = 150
const TIME_NAMED = 38
/** Of the spread, with a row or two. In px. */
const LEAST_SPREAD = 94
/** The stage keeps to this share of a small screen where the page scrolls, and may take as much so that links are seen. */
const SCREEN_SHARE = 0.5
const LARGEST_SCREEN_SHARE = 0.62
/** The views of time give way when that makes nodes larger by this factor. */
const WORTH_TIME = 1.6
/** The same in a hall, where the spread gives way too. */
const WORTH_ALL = { time: 1.2, spread: 1.06 }
/** Nodes as small as this are worth it, in px. */
const SMALL = 14
/** With less below its tabs, a view of time is not worth showing, in px. */
const LEAST_TIME = 90

/** Everything on the stage is larger where there is room: a projector is seen from afar. */
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
  if (page.isFullScreen)
    return shares(lay({ height: Math.max(240, page.height - (frame.isTitleAbove ? 76 : 20)) }), 'away')
  if (page.scrolls) {
    const most = Math.max(320, SCREEN_SHARE * windowHeight)
    return shares(lay({ most, limit: LARGEST_SCREEN_SHARE * windowHeight }), 'open')
  }
  // Who opens the console on a small screen reads there what happens.
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
  const isHall = page.zoom > 1
  const fits = roomy.height <= upTo(leastSpread + named)
  if (!isHall && isEnough(compact, roomy, page)) return shares(compact, 'open')
  if (!isHall && fits) return shares(roomy, 'named')
  const alone = lay({ most: upTo(named), limit: room })
  const gains = (layout: StageLayout, factor: number) => alone.radius >= factor * layout.radius
  if (isHall && !isShort(compact, page) && !gains(compact, WORTH_ALL.time)) return shares(compact, 'open')
  return fits && !gains(roomy, WORTH_ALL.spread) ? shares(roomy, 'named') : shares(alone, 'named', false)
}

function frameOf({ columns, height, zoom, scrolls, isTouched, isHolding, isConsoleOpen }: Page): Frame {
  const isNarrow = columns.width < NARROW
  const isBare = isNarrow || zoom > 1
  const isTitleAbove = isBare || isDense(columns.x.length)
  // Beside the diagram there is no room for what a finger can hit.
  const tabsAbove = isNarrow || isTouched
  const title = isTitleAbove ? (isTouched ? TOUCHED_TITLE : TITLE * zoom) : 0
  const room = height - PADDING * zoom - title - (isHolding ? HOLD_BAR * zoom : 0)
  const time = isConsoleOpen ? TIME_ABOVE_CONSOLE * zoom : TIME
  return {
    isBare,
    isTitleAbove,
    tabsAbove,
    leastStage: isTitleAbove ? 100 * zoom : STAGE_TITLE * zoom,
    leastSpread: Math.max(LEAST_SPREAD, Math.min((zoom > 1 ? 0.18 : 0.23) * room, 160)),
    leastTime: tabsAbove && scrolls ? TIME_BELOW_TABS + 60 * zoom : Math.max(time, Math.min(0.28 * room, 280)),
    named: TIME_NAMED * zoom,
    room,
  }
}

type Bounds = Pick<Parameters<typeof layoutStage>[0], 'height' | 'most' | 'limit'>

function layoutIn(page: Page, { isBare }: Frame, bounds: Bounds): StageLayout {
  const { columns, topology, seed } = page
  return layoutStage({ columns, topology, seed, isBare, scale: scaleFor(page), ...bounds })
}

const isShort = (layout: StageLayout, { topology, seed = 1 }: Page) =>
  shortestLink(layout, topology, seed) < SHORTEST_LINK - 0.01

/** Whether the views of time can stay open: without them, the stage would not be much better. */
function isEnough(compact: StageLayout, roomy: StageLayout, page: Page): boolean {
  if (isShort(compact, page) && !isShort(roomy, page)) return false
  if (compact.radius >= SMALL) return true
  return compact.radius > MIN_RADIUS && roomy.radius < WORTH_TIME * compact.radius
}
