/** Pushes nodes apart if a link between them is too short. */
import type { Link } from '../../shared/model/topology.ts'
import { type Place, STEP } from '../canvas/geometry.ts'

interface Bounds {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** In small steps, so that a node with many neighbours finds its place among them. */
const ROUNDS = 150
const LINKED = { share: 0.25, spare: 1.01 }
const ALONE = { share: 0.4, gap: 6 }

/** Returns positions within the bounds, as far apart as nodes of this radius need, if possible. */
export function lengthen<At extends Place>(
  from: readonly At[],
  links: readonly Link[],
  { left, right, top, bottom }: Bounds,
  radius: number,
): At[] {
  const places = from.map((place) => ({ ...place }))
  const push = (a: number, b: number, least: number, share: number) => {
    const [here, there] = [places[a], places[b]]
    if (!here || !there) return
    const [dx, dy] = [there.x - here.x, there.y - here.y]
    const distance = Math.hypot(dx, dy) || 1
    if (distance >= least) return
    const by = (share * (least - distance)) / distance
    places[a] = { ...here, x: here.x - dx * by, y: here.y - dy * by }
    places[b] = { ...there, x: there.x + dx * by, y: there.y + dy * by }
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [a, b] of links) push(a, b, STEP * radius * LINKED.spare, LINKED.share)
    for (let a = 0; a < places.length; a += 1)
      for (let b = a + 1; b < places.length; b += 1) push(a, b, 2 * radius + ALONE.gap, ALONE.share)
    for (const [id, place] of places.entries())
      places[id] = {
        ...place,
        x: Math.min(right - radius, Math.max(left + radius, place.x)),
        y: Math.min(bottom - radius, Math.max(top + radius, place.y)),
      }
  }
  return places
}
