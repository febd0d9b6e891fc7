import type { Topology } from '../../shared/model/topology.ts'

/** Size of the lab of a soak. */
export interface Size {
  readonly nodes: number
  readonly topology: Topology
  /** Whether the network stays as large as it is, and all nodes restart instead of making another network. */
  readonly isFixed: boolean
}

/** A few nodes at first; the deeds make other networks. */
export const SMALL: Size = { nodes: 4, topology: 'line', isFixed: false }

/** Many nodes, whose statuses grow with each restart. */
export const large = (nodes: number): Size => ({ nodes, topology: 'random', isFixed: true })
