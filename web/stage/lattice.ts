/**
 * Arranges nodes in rows and columns, so that every link leads to the next place: wrapped lines, folded rings, grids.
 */
import { gridColumns, type Link, linksOf } from '../../shared/model/topology.ts'
import { type Box, LABEL_HEIGHT, MIN_RADIUS, type Side, STEP, type StageLayout } from '../canvas/geometry.ts'
import { CORNER, wordsCollide, wordsWidth } from './words.ts'

/** Radius below which nodes have no words beside them, in px. */
const WORDY_RADIUS = 15
/** Words are left out if they would cost more than this share of the radius. */
const COST_OF_WORDS = 0.85
/** The same for small nodes that fill a screen, in px: they need all of it. */
const FILLING = { radius: 20, cost: 0.95 }
/** Fewer rows are preferred until more of them make the nodes larger by this factor, unless a height must be filled. */
const WORTH_A_ROW = 1.08
/** Room above the first row for words about a loss, in px. */
const TOP = { count: 16, none: 6 }
/** Maximum distance of rows that fill a screen, in radii; and of columns of a grid, as a multiple of that of its rows. */
const FAR_ROWS = 8
const FAR_COLUMNS = 2.4
/** Minimum gap between two rims if no larger one is possible, in px. */
const LEAST_GAP = 6

interface Cell {
  readonly column: number
  readonly row: number
}

interface Lattice {
  readonly cells: readonly Cell[]
  readonly across: number
  readonly down: number
  /** Font size of the largest node, in px. */
  readonly largest: number
  readonly links: readonly Link[]
  readonly isGrid: boolean
}

/** Rows in alternating directions. */
export function layoutWrapped(n: number, box: Box): StageLayout {
  const choices = Array.from({ length: n }, (_, more) => Math.ceil(n / (more + 1)))
  const links = linksOf('line', n)
  return roomiest(
    [...new Set(choices)].map((across) => ({
      cells: Array.from({ length: n }, (_, id) => {
        const row = Math.floor(id / across)
        const along = id % across
        return { column: row % 2 === 0 ? along : across - 1 - along, row }
      }),
      across,
      down: Math.ceil(n / across),
      largest: largestOf(box),
      links,
      isGrid: false,
    })),
    box,
  )
}

/**
 * Rows in alternating directions, and the first column back to the beginning. Null if the ring has too few nodes for
 * it.
 */
export function layoutFolded(n: number, box: Box): StageLayout | null {
  const links = linksOf('ring', n)
  const lattices: Lattice[] = []
  for (let down = 2; down <= n / 3; down += 2) {
    const across = Math.ceil(n / down)
    lattices.push({ cells: folded(n, across, down), across, down, largest: largestOf(box), links, isGrid: false })
  }
  return lattices.length === 0 ? null : roomiest(lattices, box)
}

/** With fewer nodes than places, pairs of rows turn one place earlier, and the way back has one node fewer. */
function folded(n: number, across: number, down: number): Cell[] {
  const spare = across * down - n
  const shorter = Math.floor(spare / 2)
  const cells: Cell[] = []
  for (let row = 0; row < down; row += 1) {
    const last = across - 1 - (Math.floor(row / 2) < shorter ? 1 : 0)
    for (let along = 0; along < last; along += 1) cells.push({ column: row % 2 === 0 ? along + 1 : last - along, row })
  }
  const back = down - (spare % 2)
  for (let place = back - 1; place >= 0; place -= 1)
    cells.push({ column: 0, row: back === 1 ? 0.5 : (place * (down - 1)) / (back - 1) })
  return cells
}

export function layoutGrid(n: number, box: Box): StageLayout {
  const across = gridColumns(n)
  const cells = Array.from({ length: n }, (_, id) => ({ column: id % across, row: Math.floor(id / across) }))
  const down = Math.ceil(n / across)
  return roomiest([{ cells, across, down, largest: largestOf(box), links: linksOf('grid', n), isGrid: true }], box)
}

const largestOf = ({ height, scale }: Box) => (height === undefined ? 34 * scale : 64)

interface Fit {
  readonly lattice: Lattice
  readonly detail: 'count' | 'none'
  /** As large as the length of links allows, in px: illegible if there is too little room. */
  readonly radius: number
}

function roomiest(lattices: readonly Lattice[], box: Box): StageLayout {
  const best = (detail: 'count' | 'none') =>
    lattices
      .map((lattice): Fit => ({ lattice, detail, radius: radiusIn(lattice, box, detail) }))
      .reduce((best, next) => (next.radius > best.radius * worthARow(best, box) ? next : best))
  const [wordy, plain] = [best('count'), best('none')]
  const isSmall = box.height !== undefined && plain.radius < FILLING.radius
  const cost = isSmall ? FILLING.cost : COST_OF_WORDS
  if (wordy.radius >= WORDY_RADIUS && wordy.radius >= cost * plain.radius) {
    const layout = place(wordy, box)
    if (!wordsCollide(layout.places, layout.radius, layout.scale)) return layout
  }
  return place(plain, box)
}

const worthARow = ({ radius }: Fit, { height }: Box) => (radius < MIN_RADIUS || height !== undefined ? 1 : WORTH_A_ROW)

function radiusIn({ across, down, largest, isGrid }: Lattice, box: Box, detail: 'count' | 'none'): number {
  const { room, scale, height, most, limit } = box
  const beside = wordsBeside(scale, detail)
  const aside = isGrid && detail === 'count' ? 1 + CORNER : 0
  const byWidth =
    across < 2 ? largest : Math.min(room / (STEP * (across - 1) + 2), (room - beside) / (STEP * (across - 1) + aside))
  const byHeight = (tall: number) => (tall - around(scale, detail)) / (STEP * (down - 1) + 2)
  const radius = Math.min(largest, byWidth, byHeight(height ?? most))
  return radius >= MIN_RADIUS ? radius : Math.min(MIN_RADIUS, byWidth, byHeight(height ?? limit))
}

/** Room for words at both ends of a row, and above the first and below the last row. In px. */
const wordsBeside = (scale: number, detail: 'count' | 'none') => (detail === 'none' ? 0 : wordsWidth(14 * scale))
const around = (scale: number, detail: 'count' | 'none') => TOP[detail] + LABEL_HEIGHT[detail] * scale

function pitchOf({ lattice: { across, isGrid }, detail, radius }: Fit, { room, scale }: Box): number {
  if (across < 2) return 0
  const drawn = Math.max(MIN_RADIUS, radius)
  const { before, after } = margins(isGrid, drawn, wordsBeside(scale, detail))
  const free = (room - before - after) / (across - 1)
  return isGrid ? Math.min(free, FAR_COLUMNS * STEP * drawn) : free
}

/** Room for half a node at both ends of a row, and for its words: below it, or at a corner of it. In px. */
function margins(isGrid: boolean, radius: number, words: number) {
  const half = Math.max(radius, words / 2)
  return isGrid ? { before: radius, after: Math.max(radius, CORNER * radius + words) } : { before: half, after: half }
}

function place(fit: Fit, box: Box): StageLayout {
  const { lattice, detail } = fit
  const { cells, across, down, isGrid } = lattice
  const { left, room, scale, height, most, limit } = box
  const radius = Math.max(MIN_RADIUS, fit.radius)
  const pitchX = pitchOf(fit, box)
  const rows = Math.max(1, down - 1)
  const tall = height ?? (fit.radius < MIN_RADIUS + 0.01 ? Math.max(most, limit) : most)
  const free = (tall - around(scale, detail) - 2 * radius) / rows
  const pitchY = Math.max(2 * radius + LEAST_GAP, Math.min(free, (height === undefined ? STEP : FAR_ROWS) * radius))
  const natural = around(scale, detail) + 2 * radius + (down - 1) * pitchY
  const top = TOP[detail] + radius + Math.max(0, (height ?? 0) - natural) / 2
  const { before, after } = margins(isGrid, radius, wordsBeside(scale, detail))
  const start = left + (room + before - after - pitchX * (across - 1)) / 2
  const places = cells.map(({ column, row }, id) => ({
    x: start + pitchX * column,
    y: top + pitchY * row,
    side: isGrid ? ('corner' as const) : sideOf(id, lattice),
  }))
  return { places, radius, height: Math.max(height ?? 0, natural), detail, scale }
}

/** Beside a downward link. */
function sideOf(id: number, { cells, across, links }: Lattice): Side {
  const here = cells[id]
  const leadsDown = links.some(([a, b]) => {
    const other = cells[a === id ? b : a]
    return (a === id || b === id) && here && other && other.column === here.column && other.row > here.row
  })
  if (!leadsDown || !here) return 'below'
  return here.column > (across - 1) / 2 ? 'below left' : 'below right'
}
