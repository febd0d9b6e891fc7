/**
 * Identifies the source of a message: the UDP port of the node that took it from a person, and that node's generation.
 *
 * A crash loses the node's counter. A node that counted from 0 again would use (origin, 0) for two texts, and the
 * network could never agree again. So every start has a generation, and both travel as one integer; at generation 0 it
 * is the plain port of the report.
 */
export type Origin = number

export const originOf = (port: number, generation: number): Origin => port + 65_536 * generation
export const portOf = (origin: Origin): number => origin % 65_536
export const generationOf = (origin: Origin): number => Math.floor(origin / 65_536)

/** Returns the name of one message, the same in every node: `40000.2`, or `40000+1.2` in generation 1. */
export const messageKey = (origin: Origin, seq: number): string => `${formatOrigin(origin)}.${seq}`

/** Returns an origin as people see it: the port, and the generation unless it is 0. */
export function formatOrigin(origin: Origin): string {
  const generation = generationOf(origin)
  return generation === 0 ? `${portOf(origin)}` : `${portOf(origin)}+${generation}`
}
