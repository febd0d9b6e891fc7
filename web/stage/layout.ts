/**
 * Where everything stands. One column per node runs through stage, spread and space-time; a network that is no line,
 * or a line too long for readable columns, has a stage layout of its own above the columns.
 */
import { gridColumns, type Topology } from '../../shared/topology.ts'

export interface Columns {
  /** Width of the whole, and of the room for titles at its left, in px. */
  readonly width: number
  readonly gutter: number
  readonly pitch: number
  /** Centre of each node's column, in px. */
  readonly x: readonly number[]
}

const WIDE = 640
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
const LABEL_HEIGHT = { full: 46, count: 24, none: 4 }
/** Room for the words beside a node at the left and right of an ellipse, in px. */
const LABEL_WIDTH = 62
const TOP = 34

export interface Room {
  readonly columns: Columns
  readonly topology: Topology
  /** Given when the stage has to fill a screen, in px. */
  readonly height?: number | undefined
  /** How much larger than usual all is drawn: 1 on a laptop, more on a large screen. */
  readonly scale?: number
}

export function layoutStage({ columns, topology, height, scale = 1 }: Room): StageLayout {
  const n = columns.x.length
  if (topology === 'line' || n <= 2)
    return columns.pitch >= MIN_PITCH ? layoutColumns(columns, scale, height) : layoutWrapped(columns, scale, height)
  if (topology === 'grid') return layoutGrid(columns, scale, height)
  return layoutRound(columns, scale, topology === 'star', height)
}

function layoutColumns({ x, pitch }: Columns, scale: number, height?: number): StageLayout {
  const detail = pitch >= FULL_DETAIL_PITCH * scale ? 'full' : 'count'
  const radius = clamp(pitch * 0.36, 20, height === undefined ? 39 * scale : Math.max(39, height * 0.16))
  const below = LABEL_HEIGHT[detail] * scale
  const y = height === undefined ? TOP + radius : Math.max(TOP + radius, height / 2 - below / 2)
  const places = x.map((place) => ({ x: place, y, side: 'below' as const }))
  return { places, radius, height: height ?? TOP + 2 * radius + below, detail, scale }
}

/** Rows to and fro, so that every link stays short. */
function layoutWrapped(columns: Columns, scale: number, height?: number): StageLayout {
  const n = columns.x.length
  const { left, room } = area(columns)
  const rows = Math.ceil(n / Math.max(1, Math.floor(room / (MIN_WRAPPED_PITCH * scale))))
  const perRow = Math.ceil(n / rows)
  const pitch = room / perRow
  const radius = clamp(pitch * 0.3, 18, 27 * scale)
  const rowHeight = Math.max(2 * radius + LABEL_HEIGHT.count * scale + 20, ((height ?? 0) - TOP) / rows)
  const places = columns.x.map((_, id): Stand => {
    const row = Math.floor(id / perRow)
    const along = row % 2 === 0 ? id % perRow : perRow - 1 - (id % perRow)
    return { x: left + pitch * (along + 0.5), y: TOP + radius + row * rowHeight, side: 'below' }
  })
  return { places, radius, height: Math.max(height ?? 0, TOP + rows * rowHeight), detail: 'count', scale }
}

function layoutGrid(columns: Columns, scale: number, height?: number): StageLayout {
  const n = columns.x.length
  const across = gridColumns(n)
  const down = Math.ceil(n / across)
  const { left, room } = area(columns)
  const pitchX = Math.min(room / across, 190 * scale)
  const pitchY = height === undefined ? clamp(pitchX, 60, 90 * scale) : Math.max(60, (height - TOP) / down)
  const detail = pitchX >= 110 * scale && pitchY >= 76 ? 'count' : 'none'
  const radius = clamp(Math.min(pitchX, pitchY) * 0.3, 13, height === undefined ? 34 * scale : 64)
  const start = left + (room - pitchX * across) / 2
  const places = columns.x.map((_, id) => ({
    x: start + pitchX * ((id % across) + 0.5),
    y: TOP + radius + Math.floor(id / across) * pitchY,
    side: 'corner' as const,
  }))
  return { places, radius, height: height ?? TOP + down * pitchY, detail, scale }
}

/** On an ellipse, equally far apart along it; the hub of a star in its middle. */
function layoutRound(columns: Columns, scale: number, hub: boolean, given?: number): StageLayout {
  const n = columns.x.length
  const around = hub ? n - 1 : n
  const { left, room } = area(columns)
  const usual = Math.min(460, 236 + around * 5) * scale
  const height = given ?? Math.max(usual, roundHeight(around, room))
  const detail = room / around >= 30 && room > 400 ? 'count' : 'none'
  const girth = 2 * (room * 0.8 + height)
  const largest = given === undefined ? 33 * scale : 64
  const radius = clamp(Math.min((girth / around) * 0.24, height * (hub ? 0.1 : 0.13)), 12, largest)
  const spare = LABEL_HEIGHT[detail] * scale
  const ry = Math.max(40, height / 2 - radius - spare - 6)
  const rx = Math.max(40, Math.min(room / 2 - radius - (detail === 'none' ? 8 : LABEL_WIDTH * scale), ry * 3.6))
  const middle: Stand = { x: left + room / 2, y: height / 2, side: 'corner' }
  const ring = ellipse(around, middle, rx, ry)
  return { places: hub ? [middle, ...ring] : ring, radius, height, detail, scale }
}

/** An ellipse of this width and height has room for so many nodes; its girth is at least pi * (rx + ry). */
const roundHeight = (around: number, room: number) => 2 * ((around * 28) / Math.PI - (room / 2 - 28) + 40)

function area({ width, gutter }: Columns) {
  const left = width >= WIDE ? gutter : RIGHT
  return { left, room: width - left - RIGHT }
}

/** From the top, clockwise. */
function ellipse(count: number, middle: Place, rx: number, ry: number): Stand[] {
  const STEPS = 2_880
  const at = (step: number): Stand => {
    const angle = (step / STEPS) * 2 * Math.PI - Math.PI / 2
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    return { x: middle.x + rx * cos, y: middle.y + ry * sin, side: sideOf(cos, sin) }
  }
  const lengths = [0]
  for (let step = 1; step <= STEPS; step += 1) {
    const [a, b] = [at(step - 1), at(step)]
    lengths.push((lengths[step - 1] ?? 0) + Math.hypot(b.x - a.x, b.y - a.y))
  }
  const whole = lengths[STEPS] ?? 0
  return Array.from({ length: count }, (_, index) => {
    const target = (whole * index) / count
    return at(lengths.findIndex((length) => length >= target))
  })
}

/** Outwards, where no link goes. */
function sideOf(cos: number, sin: number): Side {
  if (Math.abs(cos) > 0.93) return cos < 0 ? 'left' : 'right'
  return sin < 0 ? 'above' : 'below'
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))
