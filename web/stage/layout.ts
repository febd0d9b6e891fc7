/**
 * Computes the positions of everything. One column per node runs through stage, spread and space-time; a network that
 * is no line, or a line too long for readable columns, has a stage layout of its own above the columns.
 *
 * Invariant: a link is at least `SHORTEST_LINK` diameters long wherever a node of `MIN_RADIUS` leaves room for that.
 */
import { linksOf, type Topology } from '../../shared/model/topology.ts'
import {
  type Box,
  clamp,
  LABEL_HEIGHT,
  MIN_RADIUS,
  type Place,
  RIM,
  STEP,
  type StageLayout,
} from '../canvas/geometry.ts'
import { area, type Columns, isLarge } from '../model/columns.ts'
import { layoutLarge } from './large-layout.ts'
import { layoutFolded, layoutGrid, layoutWrapped } from './lattice.ts'
import { layoutMesh } from './mesh.ts'
import { heightFor, largestRound, layoutRound } from './round.ts'
import { layoutScattered } from './scattered.ts'

/** Distance of two columns from which on there is room for ports below a node, in px. */
const FULL_DETAIL_PITCH = 132
/** Maximum number of nodes that can all be linked without a link behind a third. */
const AS_MESH = 8
/** Room above for words about a loss. */
const TOP = 34
/** Minimum radius of a node in its column, in px; and the maximum factor by which a wrapped line is larger. */
const LEAST_IN_COLUMN = 16
const WORTH_WRAPPING = { usual: 1.6, bare: 1.04 }
/**
 * Maximum radius in a column, in px; in a hall also as a share of the columns' pitch: links stay as long as on a
 * laptop.
 */
const LARGEST = { usual: 39, hall: 36 }
const HALL_SHARE = 0.16
/** A ring is folded if that makes its nodes larger by this factor: the smaller they are in a circle, the sooner. */
const LEAST_IN_ROUND = 16
const WORTH_FOLDING = { small: 1.1, large: 1.15 }

export interface Room {
  readonly columns: Columns
  readonly topology: Topology
  /** The seed of the links of a random network. */
  readonly seed?: number | undefined
  /** Present when the stage must fill a screen, in px. */
  readonly height?: number | undefined
  /** Preferred maximum height, in px, as long as everything is legible. */
  readonly most?: number | undefined
  /** Height that the stage may take so that nodes are legible and links visible, in px. */
  readonly limit?: number | undefined
  /** Scale of the drawing: 1 on a laptop, more on a large screen. */
  readonly scale?: number
  /** The stage has the whole width and shows no ports, as on a projector and on a phone. */
  readonly isBare?: boolean
}

export function layoutStage({
  columns,
  topology,
  seed = 1,
  height,
  most,
  limit,
  scale = 1,
  isBare,
}: Room): StageLayout {
  const n = columns.x.length
  const bounds = { scale, height, most: most ?? Number.POSITIVE_INFINITY }
  const box: Box = { ...area(columns, isBare), ...bounds, limit: Math.max(limit ?? 0, bounds.most) }
  if (isLarge(n)) return layoutLarge(topology, n, seed, box)
  if (topology === 'line' || n <= 2) return layoutLine(columns, box, isBare === true)
  if (topology === 'grid') return layoutGrid(n, box)
  if (topology === 'ring') return layoutRing(n, box)
  if (topology === 'star') return layoutRound(n, box, 'star')
  const scattered =
    topology !== 'mesh' && n > AS_MESH ? layoutScattered({ topology, n, seed }, columns.width, box) : null
  return scattered ?? layoutMesh(n, box)
}

/** In the columns of the views below, unless a wrapped line is much larger. */
function layoutLine(columns: Columns, box: Box, isBare: boolean): StageLayout {
  const inColumns = layoutColumns(columns, box, isBare)
  const n = columns.x.length
  if (n < 2) return inColumns
  const wrapped = layoutWrapped(n, box)
  const worth = isBare ? WORTH_WRAPPING.bare : WORTH_WRAPPING.usual
  const isLarge = inColumns.radius >= LEAST_IN_COLUMN * box.scale && wrapped.radius <= worth * inColumns.radius
  return isLarge ? inColumns : wrapped
}

function layoutColumns({ x, pitch }: Columns, { scale, height, most }: Box, isBare: boolean): StageLayout {
  const detail = !isBare && pitch >= FULL_DETAIL_PITCH * scale ? 'full' : 'count'
  const below = LABEL_HEIGHT[detail] * scale
  const isHall = isBare && scale > 1
  const usual = (isHall ? LARGEST.hall : LARGEST.usual) * scale
  const largest = height === undefined ? Math.min(usual, (most - TOP - below) / 2) : Math.max(39, height * 0.16)
  const byPitch = isHall && height === undefined ? pitch * HALL_SHARE : pitch / STEP
  const radius = clamp(byPitch, MIN_RADIUS, Math.max(20, largest))
  const y = height === undefined ? TOP + radius : Math.max(TOP + radius, height / 2 - below / 2)
  const places = x.map((place) => ({ x: place, y, side: 'below' as const }))
  return { places, radius, height: height ?? TOP + 2 * radius + below, detail, scale }
}

/** In a circle while its nodes are large, folded when they would be small. */
function layoutRing(n: number, box: Box): StageLayout {
  const round = largestRound(n, box, 'ring', heightFor(n, box))
  const folded = layoutFolded(n, box)
  if (!round || !folded) return round ?? folded ?? layoutRound(n, box, 'ring')
  const worth = round.radius < LEAST_IN_ROUND ? WORTH_FOLDING.small : WORTH_FOLDING.large
  return folded.radius < worth * round.radius ? round : folded
}

/** Length of the shortest link, from rim to rim, in node diameters. */
export function shortestLink({ places, radius }: StageLayout, topology: Topology, seed: number): number {
  const distances = linksOf(topology, places.length, seed).map(([a, b]) => apart(places[a], places[b]))
  return Math.min(...distances) / (2 * radius) - RIM
}

const apart = (a: Place | undefined, b: Place | undefined) => (a && b ? Math.hypot(a.x - b.x, a.y - b.y) : Number.NaN)
