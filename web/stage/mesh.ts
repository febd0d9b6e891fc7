/**
 * Arranges nodes of which any two are linked: on an ellipse, where no three are on a line, and so that the link from
 * one to the next but one passes as far as possible from the one between.
 */

import { type Box, MIN_RADIUS, type Place, STEP, type StageLayout } from '../canvas/geometry.ts'
import { closest, heightFor, largestRadius, layoutRound, roundWith } from './round.ts'
import { wordsCollide } from './words.ts'

/** Gap between a node's rim and the links of others, in px. */
const GAP = 3
/** Minimum gap before words would take room from the nodes, in px. */
const ROOM_FOR_WORDS = 400
/** Precision of a radius, in px. */
const FINENESS = 0.25
/** Arrangements, the preferred first, as in `ellipse`: the ends of a flat one may have no room for it. */
const FLATTENED = [1, 0.75, 0.5, 0.25, 0]

interface Rule {
  /** Maximum radius of nodes, from the distances of links to their centres. */
  readonly largest: (clearance: number) => number
  /** Minimum radius that is worth it, in px. */
  readonly least: number
}

/** The preferred first: clear of all links, then with links no nearer than a share of the radius. */
const RULES: readonly Rule[] = [
  { largest: (clearance) => clearance - GAP, least: 15 },
  { largest: (clearance) => clearance / 0.6, least: 15 },
  { largest: (clearance) => clearance / 0.4, least: MIN_RADIUS },
]

/** With more nodes single links are indistinguishable, and only the nodes matter. */
const MOST_LINKED = 20

export function layoutMesh(n: number, box: Box): StageLayout {
  if (n > MOST_LINKED) return layoutRound(n, box, 'crowd')
  const details = box.room > ROOM_FOR_WORDS ? (['count', 'none'] as const) : (['none'] as const)
  const usual = heightFor(n, box)
  const mayGrow = box.height === undefined && usual < box.limit && Number.isFinite(box.limit)
  // If a screen must be filled, links pass as near as necessary.
  const rules = box.height === undefined ? RULES.map((rule) => [rule]) : [RULES]
  for (const height of mayGrow ? [usual, box.limit] : [usual])
    for (const tried of rules) {
      const wishes = tried.flatMap((rule) =>
        details.flatMap((detail) => FLATTENED.map((flattened) => ({ detail, flattened, rule }))),
      )
      const found = wishes.map((wish) => largest(n, box, height, wish)).filter((layout) => layout !== null)
      if (found.length > 0) return found.reduce((best, next) => (worth(next) > worth(best) ? next : best))
    }
  return layoutRound(n, box, 'crowd')
}

/** Words beside a node make up for a somewhat smaller radius. */
const worth = ({ radius, detail }: StageLayout) => radius * (detail === 'none' ? 1 : 1.35)

interface Wish {
  readonly detail: 'count' | 'none'
  readonly flattened: number
  readonly rule: Rule
}

/** Smaller nodes leave more height to the ellipse, and so more distance: bisection finds the largest that fit. */
function largest(n: number, box: Box, height: number, { detail, flattened, rule }: Wish): StageLayout | null {
  const layoutWith = (radius: number) => roundWith(detail, n, false, box, height, { flattened, radius })
  const fits = ({ places, radius }: StageLayout) =>
    radius <= Math.min(rule.largest(clearance(places)), closest(places) / STEP) + 0.01
  let high = Math.min(largestRadius(box), height * 0.13)
  let found = layoutWith(Math.min(rule.least, high))
  if (!fits(found)) return null
  while (high - found.radius > FINENESS) {
    const tried = layoutWith((found.radius + high) / 2)
    if (fits(tried)) found = tried
    else high = tried.radius
  }
  return detail === 'count' && wordsCollide(found.places, found.radius, box.scale) ? null : found
}

/** Returns how near the link of two neighbours on the ellipse comes to the node between them. */
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
