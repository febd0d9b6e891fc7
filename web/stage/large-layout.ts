/** Positions of the nodes of a network that is too large for nodes with numbers: they fill the area of the stage. */
import { geometricPoints } from '../../shared/model/complex-links.ts'
import { gridColumns, type Topology } from '../../shared/model/topology.ts'
import { type Box, clamp, type Place, type StageLayout } from '../canvas/geometry.ts'

/** Height without a wish for one, in px. */
const HEIGHT = 320
const MARGIN = 10
/** Room below for the words and the field of the stage, in px. */
const WORDS = 34
/** Share of its place that a node fills, and its largest and smallest radius, in px. */
const FILLED = 0.3
const [SMALLEST, LARGEST] = [1.5, 9]
/** Angle between two nodes of a spiral that fills its ellipse evenly. */
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5))

export function layoutLarge(topology: Topology, n: number, seed: number, box: Box): StageLayout {
  const height = box.height ?? (Number.isFinite(box.most) ? box.most : HEIGHT)
  const [width, depth] = [box.room - 2 * MARGIN, height - 2 * MARGIN - WORDS]
  const radius = clamp(FILLED * Math.sqrt((width * depth) / n), SMALLEST, LARGEST)
  const places = unitPlaces(topology, n, seed, width / depth).map(({ x, y }) => ({
    x: box.left + MARGIN + radius + x * (width - 2 * radius),
    y: MARGIN + radius + y * (depth - 2 * radius),
    side: 'below' as const,
  }))
  return { places, radius, height, detail: 'none', scale: box.scale }
}

/** Returns positions from 0 to 1; `ratio` is width by height. */
function unitPlaces(topology: Topology, n: number, seed: number, ratio: number): readonly Place[] {
  const ids = Array.from({ length: n }, (_, id) => id)
  switch (topology) {
    case 'grid':
      return inRows(ids, gridColumns(n), false)
    case 'line':
      return inRows(ids, Math.ceil(Math.sqrt(n * ratio)), true)
    case 'ring':
    case 'mesh':
    case 'small-world':
      return ids.map((id) => onEllipse((2 * Math.PI * id) / n - Math.PI / 2, 1))
    case 'geometric':
      return geometricPoints(n, seed)
    default:
      return ids.map((id) => onEllipse(id * GOLDEN_ANGLE, Math.sqrt(id / n)))
  }
}

const onEllipse = (angle: number, far: number): Place => ({
  x: 0.5 + (far * Math.cos(angle)) / 2,
  y: 0.5 + (far * Math.sin(angle)) / 2,
})

/** `winds` makes every other row run back, so that neighbours on a line stay neighbours. */
function inRows(ids: readonly number[], columns: number, winds: boolean): Place[] {
  const rows = Math.max(1, Math.ceil(ids.length / columns) - 1)
  return ids.map((id) => {
    const [row, column] = [Math.floor(id / columns), id % columns]
    const along = winds && row % 2 === 1 ? columns - 1 - column : column
    return { x: along / Math.max(1, columns - 1), y: row / rows }
  })
}
