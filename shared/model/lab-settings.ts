/** The settings of a lab, and their bounds. */
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
  /** Datagrams carry a seal made with a key that the lab gave its nodes; without, they are the report's. */
  readonly keyed?: boolean
}

/** Nodes in one lab. */
export const MAX_NODES = 64
/** The shortest line there can be. */
export const MIN_NODES = 1
/** Delay of a link in a lab that nobody has set otherwise, in ms: eyes can follow it. */
export const DEFAULT_LINK_DELAY_MS = 250
/** Longest delay of a link, in ms. */
export const MAX_LINK_DELAY_MS = 60_000
