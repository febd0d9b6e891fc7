/**
 * Where everything stands. One column per node runs through stage, spread and space-time; a network that is no line,
 * or a line too long for readable columns, has a stage layout of its own above the columns.
 */
import { gridColumns, type Topology } from '../../shared/topology.ts'
import { area, type Columns, isDense } from './columns.ts'
import { layoutMesh } from './mesh.ts'
import { layoutRound } from './round.ts'
import { layoutScattered } from './scattered.ts'
import { type Bounds, clamp, LABEL_HEIGHT, MIN_RADIUS, type StageLayout, type Stand } from './stand.ts'

/** Below this distance of two nodes, in px, a line wraps. */
const MIN_PITCH = 58
const MIN_WRAPPED_PITCH = 66
const FULL_DETAIL_PITCH = 132
const MIN_DENSE_PITCH = 34
/** Nodes so few that any two of them can be linked without a link behind a third. */
const AS_MESH = 8
/** Room above for words about what was lost; the same where there is no room for words. */
const TOP = 34
const DENSE_TOP = 6
/** Rows of a grid, in px: so near that nodes just clear each other, straight and leaning; so far that their links are seen. */
const LEAST_PITCH = 2 * MIN_RADIUS + 8
const LEANING_PITCH = 2 * MIN_RADIUS + 2
const SEEN_PITCH = 2 * MIN_RADIUS + 22

export interface Room {
  readonly columns: Columns
  readonly topology: Topology
  /** What decides who is linked with whom in a random network. */
  readonly seed?: number | undefined
  /** Given when the stage has to fill a screen, in px. */
  readonly height?: number | undefined
  /** Higher than this it should not be, in px, as long as everything can be read. */
  readonly most?: number | undefined
  /** How much larger than usual all is drawn: 1 on a laptop, more on a large screen. */
  readonly scale?: number
}

export function layoutStage({ columns, topology, seed = 1, height, most, scale = 1 }: Room): StageLayout {
  const n = columns.x.length
  const bounds = { scale, height, most: most ?? Number.POSITIVE_INFINITY }
  if (topology === 'line' || n <= 2)
    return columns.pitch >= MIN_PITCH ? layoutColumns(columns, bounds) : layoutWrapped(columns, bounds)
  if (topology === 'grid') return layoutGrid(columns, bounds)
  if (topology === 'mesh' || (topology === 'random' && n <= AS_MESH)) return layoutMesh(columns, bounds)
  const scattered = topology === 'random' ? layoutScattered(columns, seed, bounds) : null
  return scattered ?? layoutRound(columns, topology === 'star', bounds)
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
  const largest = height === undefined ? 27 * scale : 48
  const radius = clamp((room / Math.ceil(n / rows)) * 0.3, 18, largest)
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
    const turns = id % perRow === perRow - 1 && id < n - 1
    const side = !turns ? 'below' : row % 2 === 0 ? 'below left' : 'below right'
    return { x: left + pitch * (along + 0.5), y: top + row * rowHeight, side }
  })
}

function layoutGrid(columns: Columns, { scale, height, most }: Bounds): StageLayout {
  const n = columns.x.length
  const across = gridColumns(n)
  const down = Math.ceil(n / across)
  const { left, room } = area(columns)
  const top = isDense(n) ? DENSE_TOP : TOP
  const wide = Math.min(room / across, 190 * scale)
  const given = ((height ?? most) - top) / down
  const lean = leanOf(room, across, down, given)
  const pitchX = Math.min(wide, (room - lean * (down - 1)) / across)
  const least = lean > 0 ? LEANING_PITCH : LEAST_PITCH
  const natural = clamp(pitchX, 60, 90 * scale)
  const pitchY = Math.max(least, height === undefined ? Math.min(natural, given) : given)
  const detail = pitchX >= 110 * scale && pitchY >= 76 ? 'count' : 'none'
  const apart = Math.min(pitchX, Math.hypot(pitchY, lean))
  const largest = height === undefined ? 30 * scale : 64
  const radius = clamp(lean > 0 ? Math.min(apart * 0.29, pitchY / 2) : apart * 0.34, MIN_RADIUS, largest)
  const start = left + (room - pitchX * across - lean * (down - 1)) / 2
  const places = columns.x.map((_, id) => {
    const row = Math.floor(id / across)
    return {
      x: start + pitchX * ((id % across) + 0.5) + lean * row,
      y: top + (detail === 'none' ? pitchY / 2 : radius) + row * pitchY,
      side: 'corner' as const,
    }
  })
  return { places, radius, height: height ?? top + down * pitchY, detail, scale }
}

/** Rows so near each other that no link between them could be seen lean: each begins further right, by so many px. */
function leanOf(room: number, across: number, down: number, pitchY: number): number {
  if (down < 2 || pitchY >= SEEN_PITCH) return 0
  const half = room / (2 * across + down - 1)
  return half > SEEN_PITCH / 2 ? half : 0
}
