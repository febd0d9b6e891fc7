/** Computes predictions of theory: the time to all, in links, and rumors. */
import { gridColumns, type Topology } from '../../shared/model/topology.ts'

/**
 * In a mesh each node sends the message to `fanout` = 2 others a link later, and after each answer, two links later, to
 * one more with probability 1/2. So the number of nodes with the message grows with each link by the factor x of 1 = (2
 * / x) / (1 - 1 / (2 x^2)).
 */
const MESH_GROWTH = 1 + Math.sqrt(1.5)

/** The share of nodes that m rumors a node miss, each to a random node: s = e^-m (Demers et al. 1987, 1.4). */
export const residueOf = (rumors: number): number => Math.exp(-rumors)

export function linksToAll(topology: Topology, n: number): number {
  switch (topology) {
    case 'line':
    case 'star':
      return n - 1
    case 'ring':
      return Math.floor(n / 2)
    case 'grid':
      return gridColumns(n) - 1 + Math.ceil(n / gridColumns(n)) - 1
    case 'random':
    case 'small-world':
      // Each node has four neighbours, and got the message from one of them.
      return Math.log(n) / Math.log(3)
    case 'scale-free':
      // The distance of two nodes (Bollobás and Riordan, 2004).
      return n < 3 ? n - 1 : Math.log(n) / Math.log(Math.log(n))
    case 'geometric':
      // Across the square, a little less than the reach with each link.
      return Math.sqrt(n)
    case 'mesh':
      return Math.log(n) / Math.log(MESH_GROWTH)
  }
}
