/**
 * Where everything stands. One column per node runs through stage, spread and space-time; a network that is no line,
 * or a line too long for readable columns, has a stage layout of its own above the columns.
 */
import { gridColumns, type Topology } from '../../shared/topology.ts'
import { ellipse } from './ellipse.ts'
import { wordsCollide } from './words.ts'

export interface Columns {
  /** Width of the whole, and of the room for titles at its left, in px. */
  readonly width: number
  readonly gutter: number
  readonly pitch: number
  /** Centre of each node's column, in px. */
  readonly x: readonly number[]
}

const WIDE = 640
/** With more nodes the stage takes the whole width, and its title stands above it. */
const DENSE_FROM = 17
const GUTTER = 172
const NARROW_GUTTER = 84
const RIGHT = 14

export function columnsFor(width: number, n: number, zoom = 1): Columns {
  const gutter = (width >= WIDE ? GUTTER : NARROW_GUTTER) * zoom
  const pitch = Math.max(1, width - gutter - RIGHT) / Math.max(1, n)
  return { width, gutter, pitch, x: Array.from({ length: n }, (_, id) => gutter + pitch * (id + 0.5)) }
}

export interface Place {
  readonly x: number
  readonly y: number
}

/** Where a node's words stand, so that no link runs through them. */
export type Side = 'below' | 'above' | 'left' | 'right' | 'corner'

export interface Stand extends Place {
  readonly side: Side
}

export interface StageLayout {
  /** By node id. */
  readonly places: readonly Stand[]
  /** Outer radius of a node's ring, in px. */
  readonly radius: number
  readonly height: number
  /** What there is room for beside a node: count and ports, the count, nothing. */
  readonly detail: 'full' | 'count' | 'none'
  /** How much larger than usual words are. */
  readonly scale: number
}

/** Below this distance of two nodes, in px, a line wraps. */
const MIN_PITCH = 58
const MIN_WRAPPED_PITCH = 66
const FULL_DETAIL_PITCH = 132
/** A smaller node has no room for a number that can be read. */
const MIN_RADIUS = 12
const MIN_DENSE_PITCH = 34
const LABEL_HEIGHT = { full: 46, count: 24, none: 4 }
/** Room for the words beside a node at the left and right of an ellipse, in px. */
const LABEL_WIDTH = 62
/** Room above for words about what was lost; the same where there is no room for words. */
const TOP = 34
/** Flatter than this no round is, in px. */
const LEAST_ROUND = 150
const DENSE_TOP = 6

export interface Room {
  readonly columns: Columns
  readonly topology: Topology
  /** Given when the stage has to fill a screen, in px. */
  readonly height?: number | undefined
  /** Higher than this it should not be, in px, as long as everything can be read. */
  readonly most?: number | undefined
  /** How much larger than usual all is drawn: 1 on a laptop, more on a large screen. */
  readonly scale?: number
}

interface Bounds {
  readonly scale: number
  readonly height: number | undefined
  readonly most: number
}

export const isDense = (n: number): boolean => n >= DENSE_FROM

export function layoutStage({ columns, topology, height, most, scale = 1 }: Room): StageLayout {
  const n = columns.x.length
  const bounds = { scale, height, most: most ?? Number.POSITIVE_INFINITY }
  if (topology === 'line' || n <= 2)
    return columns.pitch >= MIN_PITCH ? layoutColumns(columns, bounds) : layoutWrapped(columns, bounds)
  if (topology === 'grid') return layoutGrid(columns, bounds)
  return layoutRound(columns, topology === 'star', bounds)
}

function layoutColumns({ x, pitch }: Columns, { scale, height, most }: Bounds): StageLayout {
  const detail = pitch >= FULL_DETAIL_PITCH * scale ? 'full' : 'count'
  const below = LABEL_HEIGHT[detail] * scale
  const largest = height === undefined ? Math.min(39 * scale, (most - TOP - below) / 2) : Math.max(39, height * 0.16)
  const radius = clamp(pitch * 0.36, 20, Math.max(20, largest))
  const y = height === undefined ? TOP + radius : Math.max(TOP + radius, height / 2 - below / 2)
  const places = x.map((place) => ({ x: place, y, side: 'below' as const }))
  return { places, radius, height: height ?? TOP + 2 * radius + below, detail, scale }
}

/** Rows to and fro, so that every link stays short. */
function layoutWrapped(columns: Columns, bounds: Bounds): StageLayout {
  const { scale, height, most } = bounds
  const n = columns.x.length
  const { left, room } = area(columns)
  const rows = Math.ceil(n / Math.max(1, Math.floor(room / (MIN_WRAPPED_PITCH * scale))))
  const radius = clamp((room / Math.ceil(n / rows)) * 0.3, 18, 27 * scale)
  const natural = 2 * radius + LABEL_HEIGHT.count * scale + 20
  if (height === undefined && TOP + rows * natural > most) return layoutDense(columns, bounds)
  const rowHeight = Math.max(natural, ((height ?? 0) - TOP) / rows)
  const places = toAndFro(n, rows, left, room, TOP + radius, rowHeight)
  return { places, radius, height: Math.max(height ?? 0, TOP + rows * rowHeight), detail: 'count', scale }
}

/** As many rows as make the nodes largest in the height that there is. */
function layoutDense(columns: Columns, { scale, most }: Bounds): StageLayout {
  const n = columns.x.length
  const { left, room } = area(columns)
  const radiusIn = (rows: number) =>
    Math.min((room / Math.ceil(n / rows)) * 0.36, ((most - DENSE_TOP) / rows) * 0.37, 24 * scale)
  const fewest = Math.ceil(n / Math.max(1, Math.floor(room / MIN_DENSE_PITCH)))
  const choices = Array.from({ length: Math.max(1, n - fewest) }, (_, more) => fewest + more)
  const rows = choices.reduce((best, next) => (radiusIn(next) > radiusIn(best) ? next : best), fewest)
  const radius = Math.max(MIN_RADIUS, radiusIn(rows))
  const rowHeight = Math.max(2 * radius + 8, Math.min((most - DENSE_TOP) / rows, 3.2 * radius))
  const places = toAndFro(n, rows, left, room, DENSE_TOP + rowHeight / 2, rowHeight)
  return { places, radius, height: DENSE_TOP + rows * rowHeight, detail: 'none', scale }
}

function toAndFro(n: number, rows: number, left: number, room: number, top: number, rowHeight: number): Stand[] {
  const perRow = Math.ceil(n / rows)
  const pitch = room / perRow
  return Array.from({ length: n }, (_, id) => {
    const row = Math.floor(id / perRow)
    const along = row % 2 === 0 ? id % perRow : perRow - 1 - (id % perRow)
    return { x: left + pitch * (along + 0.5), y: top + row * rowHeight, side: 'below' }
  })
}

function layoutGrid(columns: Columns, { scale, height, most }: Bounds): StageLayout {
  const n = columns.x.length
  const across = gridColumns(n)
  const down = Math.ceil(n / across)
  const { left, room } = area(columns)
  const pitchX = Math.min(room / across, 190 * scale)
  const top = isDense(n) ? DENSE_TOP : TOP
  const least = 2 * MIN_RADIUS + 8
  const natural = clamp(pitchX, 60, 90 * scale)
  const pitchY = Math.max(least, height === undefined ? Math.min(natural, (most - top) / down) : (height - top) / down)
  const detail = pitchX >= 110 * scale && pitchY >= 76 ? 'count' : 'none'
  const radius = clamp(Math.min(pitchX, pitchY) * 0.34, MIN_RADIUS, height === undefined ? 30 * scale : 64)
  const start = left + (room - pitchX * across) / 2
  const places = columns.x.map((_, id) => ({
    x: start + pitchX * ((id % across) + 0.5),
    y: top + (detail === 'none' ? pitchY / 2 : radius) + Math.floor(id / across) * pitchY,
    side: 'corner' as const,
  }))
  return { places, radius, height: height ?? top + down * pitchY, detail, scale }
}

/** On an ellipse, equally far apart along it; the hub of a star in its middle. As high as it must be to be read. */
function layoutRound(columns: Columns, hub: boolean, bounds: Bounds): StageLayout {
  const { scale, height: given, most } = bounds
  const n = columns.x.length
  const usual = Math.min(460, 236 + n * 5) * scale
  let height = given ?? Math.max(LEAST_ROUND * scale, Math.min(usual, most))
  for (;;) {
    for (const zigzag of given === undefined && isDense(n) ? [false, true] : [false]) {
      const layout = roundIn(columns, hub, bounds, height, zigzag)
      if (layout.radius >= MIN_RADIUS || given !== undefined) return layout
    }
    height *= 1.08
  }
}

/** With the nodes' words if there is room for them. */
function roundIn(columns: Columns, hub: boolean, bounds: Bounds, height: number, zigzag: boolean): StageLayout {
  const around = columns.x.length - (hub ? 1 : 0)
  const { room } = area(columns)
  if (room / around >= 30 && room > 400) {
    const layout = roundWith('count', columns, hub, bounds, height, zigzag)
    if (!wordsCollide(layout.places, layout.radius, layout.scale)) return layout
  }
  return roundWith('none', columns, hub, bounds, height, zigzag)
}

function roundWith(
  detail: 'count' | 'none',
  columns: Columns,
  hub: boolean,
  { scale, height: given }: Bounds,
  height: number,
  zigzag: boolean,
): StageLayout {
  const n = columns.x.length
  const around = hub ? n - 1 : n
  const { left, room } = area(columns)
  const spare = LABEL_HEIGHT[detail] * scale
  const beside = detail === 'none' ? 8 : LABEL_WIDTH * scale
  const girth = 2 * (room * 0.8 + height)
  const largest = given === undefined ? 33 * scale : 64
  const wished = clamp(Math.min((girth / around) * 0.24, height * (hub ? 0.1 : 0.13)), MIN_RADIUS, largest)
  const ry = Math.max(20, height / 2 - wished - spare - 6)
  const widest = isDense(n) ? Number.POSITIVE_INFINITY : ry * 3.6
  const rx = Math.max(40, Math.min(room / 2 - wished - beside, widest))
  const middle: Stand = { x: left + room / 2, y: height / 2, side: 'corner' }
  const points = zigzag ? zigzagOf(around, middle, rx, ry, 2 * wished + 10) : ellipse(around, middle, rx, ry)
  const ring = points.map(({ x, y, cos, sin }) => ({ x, y, side: sideOf(cos, sin) }))
  const places = hub ? [middle, ...ring] : ring
  return { places, radius: Math.min(wished, closest(places) / 2 - 1), height, detail, scale }
}

/** How far the two nearest are from each other. */
function closest(places: readonly Place[]): number {
  let least = Number.POSITIVE_INFINITY
  for (const [index, { x, y }] of places.entries())
    for (const other of places.slice(index + 1)) least = Math.min(least, Math.hypot(x - other.x, y - other.y))
  return least
}

/** Each other one on an ellipse inside the other. */
function zigzagOf(count: number, middle: Place, rx: number, ry: number, apart: number) {
  const outer = ellipse(Math.ceil(count / 2), middle, rx, ry)
  const inner = ellipse(Math.floor(count / 2), middle, rx - apart, Math.max(1, ry - apart), 0.5)
  return outer.flatMap((point, place) => [point, ...inner.slice(place, place + 1)])
}

function area({ width, gutter, x }: Columns) {
  const left = width >= WIDE && !isDense(x.length) ? gutter : RIGHT
  return { left, room: width - left - RIGHT }
}

/** Outwards, where no link goes. */
function sideOf(cos: number, sin: number): Side {
  if (Math.abs(cos) > 0.93) return cos < 0 ? 'left' : 'right'
  return sin < 0 ? 'above' : 'below'
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))
