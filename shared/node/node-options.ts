import type { Effect, Identity, Input } from '../gossip/gossip.ts'
import type { Settings } from '../gossip/settings.ts'
import type { NodeFaults } from './node-faults.ts'
import type { Platform } from './platform.ts'
import type { Deliver } from './reporter.ts'

/** Settings of a node, and the callbacks it uses. */
export interface NodeOptions extends Identity {
  readonly platform: Platform
  readonly id: number
  readonly rootId: number
  readonly settings: Settings
  readonly linkDelayMs: number
  readonly faults: NodeFaults
  /** That all nodes share; none for datagrams as the report has them. */
  readonly key?: string
  /** Where reports go; none when nobody supervises. */
  readonly deliver?: Deliver
  /** Whether reports are sampled when there are too many; they are unless this says no. */
  readonly samples?: boolean
  /** Begins to count in another generation, which a neighbour's port shows to be necessary: it is to be remembered. */
  readonly onNewLife?: (generation: number, shownBy: number) => void
  /** The crash command: everything before it has left the process. */
  readonly onCrash: () => void
  /** For checkers: sees what goes into the protocol, and what comes out of it, before the shell carries it out. */
  readonly watch?: { onInput(input: Input): void; onEffect(effect: Effect): void }
}
