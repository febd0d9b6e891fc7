/** A story of a network with faults, as data: so that it can be made up, shrunk, printed and run again. */
import type { Settings } from '../gossip/settings.ts'
import { neighboursOf, type Topology } from '../model/topology.ts'
import { CALM, type Faults } from './air.ts'

export type Deed =
  | { readonly do: 'type'; readonly node: number; readonly text: string; readonly times: number }
  | { readonly do: 'start'; readonly node: number }
  /** The crash command, or a kill without last words. */
  | { readonly do: 'end'; readonly node: number; readonly lastWords: boolean }
  | { readonly do: 'cut' | 'cut one way' | 'heal'; readonly node: number; readonly other: number }
  | { readonly do: 'hoard'; readonly node: number; readonly hoards: boolean }
  /** Killed, and started again without what it remembered of its generations. */
  | { readonly do: 'forget'; readonly node: number }

export interface Scenario {
  readonly seed: number
  readonly topology: Topology
  readonly n: number
  readonly settings: Partial<Settings>
  readonly faults: Partial<Faults>
  /** Node ids are taken modulo n; `after` is in ms since the deed before. */
  readonly deeds: readonly (Deed & { readonly after: number })[]
  readonly reuseGenerations?: boolean
  /** Nodes remember their generations by themselves and can forget them; then every text is typed once. */
  readonly standalone?: boolean
  /**
   * Nodes that run the report's plain protocol, modulo n. They start once: without generations a second life would use
   * numbers of the first again.
   */
  readonly plain?: readonly number[]
}

export interface Outcome {
  /** What was violated; empty when all is well. */
  readonly violations: readonly string[]
  /** How long after the end of the faults all agreed, in ms. */
  readonly agreedAfter: number | undefined
  /** The bound on it, in ms. */
  readonly bound: number
  readonly datagrams: number
}

/** Deeds that keep a rumor from a neighbour that is there. */
export const DISTURBING: ReadonlySet<Deed['do']> = new Set(['cut', 'cut one way', 'heal', 'hoard'])

/** The part of a scenario that its world is made with. */
export const optionsOf = ({ seed, topology, n, faults, reuseGenerations, standalone, plain }: Scenario) => ({
  seed,
  neighbours: neighboursOf(topology, n, seed),
  faults: { ...CALM, ...faults },
  reuseGenerations: reuseGenerations ?? false,
  standalone: standalone ?? false,
  plain: (plain ?? []).map((id) => id % n),
})
