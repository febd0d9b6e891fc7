/**
 * Nodes of which any two are linked: on an ellipse, where no three stand on a line, and so that the link from one to the
 * next but one passes as far as can be from the one between.
 */
import { area, type Columns } from './columns.ts'
import { closest, heightFor, largestRadius, layoutRound, roundWith } from './round.ts'
import type { Bounds, Place, StageLayout } from './stand.ts'
import { wordsCollide } from './words.ts'

/** Between a node's rim and the links of others, and between two rims, in px: their own link is seen there. */
const GAP = 3
const APART = 16
/** With less, words would take it from the nodes, in px. */
const ROOM_FOR_WORDS = 400
/** By so much less a radius is tried, in px. */
const STEP = 1.5
/** How the nodes stand, the wished first, as in `ellipse`: at the ends of a flat one there may be no room for it. */
const FLATTENED = [1, 0.75, 0.5, 0.25, 0]

interface Rule {
  /** The largest radius that links leave to nodes, by how far they pass from their middles. */
  readonly largest: (clearance: number) => number
  /** A node that is smaller is not worth it, in px. */
  readonly least: number
}

/** The wished first: clear of all links, and passed by them no nearer than a share of the radius. */
const RULES: readonly Rule[] = [
  { largest: (clearance) => clearance - GAP, least: 15 },
  { largest: (clearance) => clearance / 0.6, least: 17 },
  { largest: (clearance) => clearance / 0.4, least: 14 },
]

/** With very many nodes no link could be told from the next, and only the nodes matter. */
export function layoutMesh(columns: Columns, bounds: Bounds): StageLayout {
  const details = area(columns).room > ROOM_FOR_WORDS ? (['count', 'none'] as const) : (['none'] as const)
  for (const rule of RULES)
    for (const detail of details)
      for (const flattened of FLATTENED) {
        const layout = largest(columns, bounds, { detail, flattened, rule })
        if (layout) return layout
      }
  return layoutRound(columns, false, bounds)
}

interface Wish {
  readonly detail: 'count' | 'none'
  readonly flattened: number
  readonly rule: Rule
}

/** Smaller nodes leave more height to the round: so the one is found from the other, a few times over. */
function largest(columns: Columns, bounds: Bounds, { detail, flattened, rule }: Wish): StageLayout | null {
  const { scale } = bounds
  const height = heightFor(columns, bounds)
  let radius = largestRadius(bounds)
  while (radius >= rule.least * scale) {
    const layout = roundWith(detail, columns, false, bounds, height, { flattened, largest: radius })
    const most = Math.min(rule.largest(clearance(layout.places)), (closest(layout.places) - APART) / 2)
    if (layout.radius <= most + 0.01) {
      return detail === 'count' && wordsCollide(layout.places, layout.radius, scale) ? null : layout
    }
    radius = Math.max(most, Math.min(radius, layout.radius) - STEP * scale)
  }
  return null
}

/** How near the link of two neighbours on the round comes to the node between them. */
function clearance(places: readonly Place[]): number {
  const n = places.length
  const distances = places.map(({ x, y }, id) => {
    const [before, after] = [places[(id + n - 1) % n], places[(id + 1) % n]]
    if (!before || !after) return Number.POSITIVE_INFINITY
    const [dx, dy] = [after.x - before.x, after.y - before.y]
    return Math.abs(dx * (before.y - y) - (before.x - x) * dy) / Math.hypot(dx, dy)
  })
  return Math.min(...distances)
}
