/**
 * Who a message is from: the UDP port of the node that took it from a person, and that node's generation.
 *
 * A crash loses the node's counter. Were it to begin again at 0 it would use (origin, 0) twice for different texts
 * and the network could never agree again. So every start has a generation, and both travel as one integer; at
 * generation 0 it is the plain port of the report.
 */
export type Origin = number

export const originOf = (port: number, generation: number): Origin => port + 65_536 * generation
export const portOf = (origin: Origin): number => origin % 65_536
export const generationOf = (origin: Origin): number => Math.floor(origin / 65_536)

/** The name of one message, the same everywhere: `40000.2`, or `40000+1.2` in generation 1. */
export const messageKey = (origin: Origin, seq: number): string => `${formatOrigin(origin)}.${seq}`

/** An origin as people are shown it: the port, and the generation where it is not 0. */
export function formatOrigin(origin: Origin): string {
  const generation = generationOf(origin)
  return generation === 0 ? `${portOf(origin)}` : `${portOf(origin)}+${generation}`
}
