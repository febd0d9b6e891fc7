/** Defines a story of a network with faults as data, which can be generated, shrunk, printed and repeated. */
import type { Settings } from '../gossip/settings.ts'
import type { LinkCondition } from '../model/fault.ts'
import { neighboursOf, type Topology } from '../model/topology.ts'

/** `heal` ends cuts and holding, both ways. */
export type LinkDeed = 'cut' | 'cut one way' | 'hold' | 'heal'

export type Deed =
  | { readonly do: 'type'; readonly node: number; readonly text: string; readonly times: number }
  | { readonly do: 'start'; readonly node: number }
  /** The crash command, or a kill without final sendings. */
  | { readonly do: 'end'; readonly node: number; readonly lastWords: boolean }
  | { readonly do: LinkDeed; readonly node: number; readonly other: number }
  | { readonly do: 'hoard'; readonly node: number; readonly hoards: boolean }
  /** Killed, and restarted without its memory of its generations. */
  | { readonly do: 'forget'; readonly node: number }

export interface Scenario {
  readonly seed: number
  readonly topology: Topology
  readonly n: number
  readonly settings: Partial<Settings>
  /** Condition of every link. */
  readonly faults: Partial<LinkCondition>
  /** Node ids are taken modulo n; `after` is in ms since the previous action. */
  readonly deeds: readonly (Deed & { readonly after: number })[]
  readonly reuseGenerations?: boolean
  /** Whether nodes remember their generations by themselves and can forget them; then every text is typed once. */
  readonly standalone?: boolean
  /**
   * Nodes that run the report's plain protocol, modulo n. They start once: without generations a second life would use
   * numbers of the first again.
   */
  readonly plain?: readonly number[]
}

export interface Outcome {
  /** Violations; empty when there are none. */
  readonly violations: readonly string[]
  /** Time from the end of the faults to agreement, in ms. */
  readonly agreedAfter: number | undefined
  /** The bound on that time, in ms. */
  readonly bound: number
  readonly datagrams: number
}

/** Actions that keep a rumor from a running neighbour. */
export const DISTURBING: ReadonlySet<Deed['do']> = new Set(['cut', 'cut one way', 'hold', 'heal', 'hoard'])

/** The part of a scenario from which its world is created. */
export const optionsOf = ({ seed, topology, n, faults, reuseGenerations, standalone, plain }: Scenario) => ({
  seed,
  neighbours: neighboursOf(topology, n, seed),
  faults,
  reuseGenerations: reuseGenerations ?? false,
  standalone: standalone ?? false,
  plain: (plain ?? []).map((id) => id % n),
})
