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

export function columnsFor(width: number, n: number): Columns {
  const gutter = width >= WIDE ? GUTTER : NARROW_GUTTER
  const pitch = Math.max(1, width - gutter - RIGHT) / Math.max(1, n)
  return { width, gutter, pitch, x: Array.from({ length: n }, (_, id) => gutter + pitch * (id + 0.5)) }
}

export interface Place {
  readonly x: number
  readonly y: number
}

export interface StageLayout {
  /** By node id. */
  readonly places: readonly Place[]
  /** Outer radius of a node's ring, in px. */
  readonly radius: number
  readonly height: number
  /** What there is room for below a node: count and ports, the count, nothing. */
  readonly detail: 'full' | 'count' | 'none'
}

/** Below this distance of two nodes, in px, a line wraps. */
const MIN_PITCH = 58
const MIN_WRAPPED_PITCH = 66
const FULL_DETAIL_PITCH = 132
const LABEL_HEIGHT = { full: 46, count: 24, none: 4 }
const TOP = 34

export interface Room {
  readonly columns: Columns
  readonly topology: Topology
  /** Given when the stage has to fill a screen, in px. */
  readonly height?: number | undefined
}

export function layoutStage({ columns, topology, height }: Room): StageLayout {
  const n = columns.x.length
  if (topology === 'line' || n <= 2)
    return columns.pitch >= MIN_PITCH ? layoutColumns(columns, height) : layoutWrapped(columns, height)
  if (topology === 'grid') return layoutGrid(columns, height)
  return layoutRound(columns, topology === 'star', height)
}

function layoutColumns({ x, pitch }: Columns, height?: number): StageLayout {
  const detail = pitch >= FULL_DETAIL_PITCH ? 'full' : 'count'
  const largest = height === undefined ? 39 : Math.max(39, height * 0.16)
  const radius = clamp(pitch * 0.36, 20, largest)
  const natural = TOP + 2 * radius + LABEL_HEIGHT[detail]
  const y = height === undefined ? TOP + radius : Math.max(TOP + radius, height / 2 - LABEL_HEIGHT[detail] / 2)
  return { places: x.map((place) => ({ x: place, y })), radius, height: height ?? natural, detail }
}

/** Rows to and fro, so that every link stays short. */
function layoutWrapped(columns: Columns, height?: number): StageLayout {
  const n = columns.x.length
  const { left, room } = area(columns)
  const rows = Math.ceil(n / Math.max(1, Math.floor(room / MIN_WRAPPED_PITCH)))
  const perRow = Math.ceil(n / rows)
  const pitch = room / perRow
  const radius = clamp(pitch * 0.3, 18, 30)
  const rowHeight = Math.max(2 * radius + LABEL_HEIGHT.count + 24, ((height ?? 0) - TOP) / rows)
  const places = columns.x.map((_, id) => {
    const row = Math.floor(id / perRow)
    const along = row % 2 === 0 ? id % perRow : perRow - 1 - (id % perRow)
    return { x: left + pitch * (along + 0.5), y: TOP + radius + row * rowHeight }
  })
  return { places, radius, height: Math.max(height ?? 0, TOP + rows * rowHeight), detail: 'count' }
}

function layoutGrid(columns: Columns, height?: number): StageLayout {
  const n = columns.x.length
  const across = gridColumns(n)
  const down = Math.ceil(n / across)
  const { left, room } = area(columns)
  const pitchX = Math.min(room / across, 180)
  const pitchY = height === undefined ? clamp(pitchX, 60, 108) : Math.max(60, (height - TOP) / down)
  const detail = Math.min(pitchX, pitchY) >= 84 ? 'count' : 'none'
  const radius = clamp((Math.min(pitchX, pitchY) - LABEL_HEIGHT[detail]) * 0.34, 13, height === undefined ? 34 : 60)
  const start = left + (room - pitchX * across) / 2
  const places = columns.x.map((_, id) => ({
    x: start + pitchX * ((id % across) + 0.5),
    y: TOP + radius + Math.floor(id / across) * pitchY,
  }))
  return { places, radius, height: height ?? TOP + down * pitchY, detail }
}

/** On an ellipse, equally far apart along it; the hub of a star in its middle. */
function layoutRound(columns: Columns, hub: boolean, given?: number): StageLayout {
  const n = columns.x.length
  const around = hub ? n - 1 : n
  const { left, room } = area(columns)
  const height = given ?? Math.max(250, Math.min(460, 230 + around * 5), roundHeight(around, room))
  const middle = { x: left + room / 2, y: height / 2 + TOP / 4 }
  const detail = room / around >= 34 ? 'count' : 'none'
  const spare = LABEL_HEIGHT[detail]
  const estimate = (2 * (room * 0.8 + height)) / around
  const radius = clamp(Math.min(estimate * 0.26, height * 0.13), 12, given === undefined ? 34 : 64)
  const ry = Math.max(40, height / 2 - radius - spare / 2 - 14)
  const rx = Math.max(40, Math.min(room / 2 - radius - 16, ry * 2.6))
  const ring = ellipse(around, { x: middle.x, y: middle.y - spare / 2 }, rx, ry)
  const places = hub ? [{ x: middle.x, y: middle.y - spare / 2 }, ...ring] : ring
  return { places, radius, height, detail }
}

/** An ellipse of this width and height has room for so many nodes; its girth is at least pi * (rx + ry). */
const roundHeight = (around: number, room: number) => 2 * ((around * 28) / Math.PI - (room / 2 - 28) + 40)

function area({ width, gutter }: Columns) {
  const left = width >= WIDE ? gutter : RIGHT
  return { left, room: width - left - RIGHT }
}

/** From the top, clockwise. */
function ellipse(count: number, middle: Place, rx: number, ry: number): Place[] {
  const STEPS = 720
  const at = (step: number) => {
    const angle = (step / STEPS) * 2 * Math.PI - Math.PI / 2
    return { x: middle.x + rx * Math.cos(angle), y: middle.y + ry * Math.sin(angle) }
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

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))
