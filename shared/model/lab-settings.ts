/** Defines the settings of a lab, and their bounds. */
import type { Settings } from '../gossip/settings.ts'
import type { Topology } from './topology.ts'

export interface LabSettings {
  readonly n: number
  readonly topology: Topology
  readonly linkDelayMs: number
  readonly seed: number
  /** UDP port of node 0. */
  readonly rootId: number
  /** TCP port of node 0. */
  readonly basePort: number
  readonly gossip: Settings
  /** Whether datagrams carry a seal, made with the lab's key; without it they are the report's. */
  readonly keyed?: boolean
  /** Whether the nodes are simulated: the same code on a virtual clock and wire. */
  readonly simulated?: true
}

/** Maximum number of nodes in one lab, on any host. Each host has a bound of its own, which is not larger. */
export const MAX_NODES = 1_000
/** Maximum number of nodes that are processes of one machine. */
export const MAX_PROCESSES = 64
/** Number of nodes in the shortest line. */
export const MIN_NODES = 1
/** Default delay of a link, in ms: eyes can follow it. */
export const DEFAULT_LINK_DELAY_MS = 250
/** Longest delay of a link, in ms. */
export const MAX_LINK_DELAY_MS = 60_000
