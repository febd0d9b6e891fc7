/** Finds the datagram under a pointer. */
import type { Spot } from '../canvas/datagrams.ts'
import type { Place, StageLayout } from '../canvas/geometry.ts'

/** Maximum distance between a datagram and a pointer, in px. */
const REACH = 14

/** Returns the nearest in reach; none on a node's disc: there the node is meant, also while datagrams fly over it. */
export function spotUnder<S extends Pick<Spot, 'at' | 'flight'>>(
  pointer: Place,
  spots: readonly S[],
  { places, radius }: Pick<StageLayout, 'places' | 'radius'>,
): S | undefined {
  const distanceTo = ({ x, y }: Place) => Math.hypot(x - pointer.x, y - pointer.y)
  if (places.some((place) => distanceTo(place) <= radius)) return undefined
  return spots
    .filter(({ at, flight }) => flight.phase !== 'arrived' && distanceTo(at) < REACH)
    .sort((a, b) => distanceTo(a.at) - distanceTo(b.at))[0]
}
